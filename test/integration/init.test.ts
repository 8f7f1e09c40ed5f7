import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPreset, PRESET_NAMES, presetToCargoConfigArgs, presetToDevEnv } from '../../src/project/preset.js';
import { cargo, init, MANIFEST, project, read } from './init-support.js';

const LOCK = (...names: string[]) =>
  `version = 4\n\n${['harbour', ...names].map((name) => `[[package]]\nname = "${name}"\nversion = "0.1.0"\n`).join('\n')}`;

describe('init', () => {
  it('merges, says so, is up to date then, and is undone byte for byte without target/', async () => {
    const root = project();
    expect((await init(root, '--check')).exitCode).toBe(1);
    const first = await init(root);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain('[package.metadata.leptos]\n  + lib-profile-dev = "dev-fast"');
    expect(first.stdout).toContain('  + [profile.dev-fast]');
    expect(first.stdout).toContain('undo at any time: leptos-fast init --remove');
    const merged = read(root);

    const second = await init(root);
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expect(second.stdout).toContain('up to date');
    expect(read(root)).toBe(merged);
    expect((await init(root, '--check')).exitCode).toBe(0);

    expect((await init(root, '--remove')).exitCode).toBe(0);
    expect(read(root)).toBe(MANIFEST);
    expect((await init(root, '--remove')).stdout).toContain('nothing of leptos-fast');
  });

  it('writes nothing but the manifest', async () => {
    const root = project();
    await init(root);
    expect(readdirSync(root).sort()).toEqual(['Cargo.toml', 'src']);
  });

  it('--dry-run and --check write nothing', async () => {
    const root = project();
    const dry = await init(root, '--dry-run');
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toContain('+ [profile.dev-fast]');
    await init(root, '--check');
    expect(read(root)).toBe(MANIFEST);
    await init(root);
    const merged = read(root);
    expect((await init(root, '--remove', '--dry-run')).stdout).toContain('- [profile.dev-fast]');
    expect(read(root)).toBe(merged);
    expect((await init(root, '--check', '--remove')).exitCode).toBe(2);
  });

  it('keeps values set by hand and shows them; --yes takes the preset’s', async () => {
    const manifest = `${MANIFEST}\n[profile.dev-fast]\ninherits = "dev"\ndebug = true\n`;
    const root = project({ 'Cargo.toml': manifest, 'src/lib.rs': '' });
    const first = await init(root);
    expect(first.stdout).toMatch(/kept: profile\.dev-fast\.debug = true {2}\(preset: false\)/);
    expect(read(root)).toContain('\ndebug = true\n');
    await init(root, '--yes');
    expect(read(root)).toContain('debug = false # leptos-fast: balanced, was: debug = true');
    await init(root, '--remove');
    expect(read(root)).toBe(manifest);
  });

  it('stays with the project’s preset unless told otherwise', async () => {
    const root = project();
    await init(root, '--preset', 'roadmap');
    expect((await init(root, '--check')).exitCode).toBe(0);
    expect((await init(root, '--check', '--preset', 'minimal')).exitCode).toBe(1);
    await init(root, '--preset', 'minimal');
    expect(read(root)).not.toContain('abort');
  });

  it('works from a folder below, and on a Cargo.toml by name', async () => {
    const root = project();
    expect((await init(join(root, 'src'))).exitCode).toBe(0);
    expect((await init(join(root, 'Cargo.toml'), '--check')).exitCode).toBe(0);
  });

  it('edits the workspace’s root and the members that have the metadata', async () => {
    const files = {
      'Cargo.toml': '[workspace]\r\nmembers = ["app", "tool"]\r\nresolver = "2"',
      'app/Cargo.toml': MANIFEST,
      'app/src/lib.rs': '',
      'tool/Cargo.toml': '[package]\nname = "tool"\nversion = "0.1.0"\n',
      'tool/src/lib.rs': '',
    };
    const root = project(files);
    expect((await init(join(root, 'tool'))).exitCode).toBe(0);
    expect(read(root)).toContain('\r\n[profile.dev-fast] # leptos-fast: balanced preset');
    expect(read(root, 'app/Cargo.toml')).toBe(
      `${MANIFEST}lib-profile-dev = "dev-fast" # leptos-fast\nbin-profile-dev = "dev-fast" # leptos-fast\n`,
    );
    expect(read(root, 'tool/Cargo.toml')).toBe(files['tool/Cargo.toml']);
    await init(join(root, 'app'), '--remove');
    for (const [name, content] of Object.entries(files)) expect(read(root, name)).toBe(content);
  });

  it('names only crates of the lockfile', async () => {
    const root = project({ 'Cargo.toml': MANIFEST, 'src/lib.rs': '', 'Cargo.lock': LOCK('syn', 'quote') });
    await init(root);
    expect(read(root).match(/^package\.\S+/gm)).toEqual(['package.syn.opt-level', 'package.quote.opt-level']);
    writeFileSync(join(root, 'Cargo.lock'), LOCK('syn', 'rstml'));
    expect((await init(root, '--check')).exitCode).toBe(1);
    await init(root);
    expect(read(root).match(/^package\.\S+/gm)).toEqual(['package.rstml.opt-level', 'package.syn.opt-level']);
  });

  it('says what is left out where cargo cannot resolve', async () => {
    const manifest = `${MANIFEST}[dependencies]\ngone = { path = "../nowhere" }\n`;
    const root = project({ 'Cargo.toml': manifest, 'src/lib.rs': '' });
    const { exitCode, stdout } = await init(root);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('left out: the macro crates');
    expect(existsSync(join(root, 'Cargo.lock'))).toBe(false);
  });
});

describe('the file', () => {
  it('keeps its mode, and a symlink stays one', async () => {
    const root = project({ 'real/manifest.toml': MANIFEST, 'src/lib.rs': '' });
    chmodSync(join(root, 'real/manifest.toml'), 0o640);
    symlinkSync('real/manifest.toml', join(root, 'Cargo.toml'));
    expect((await init(root)).exitCode).toBe(0);
    expect(read(root, 'real/manifest.toml')).toContain('[profile.dev-fast]');
    expect(statSync(join(root, 'Cargo.toml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(root, 'real'))).toEqual(['manifest.toml']);
    await init(root, '--remove');
    expect(read(root)).toBe(MANIFEST);
  });

  it('that is read-only stays as it is: LF030', async () => {
    const root = project();
    chmodSync(join(root, 'Cargo.toml'), 0o444);
    const { exitCode, stderr } = await init(root);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('error[LF030]');
    expect(read(root)).toBe(MANIFEST);
  });

  it('of a member that is read-only keeps the root from being written', async () => {
    const workspace = '[workspace]\nmembers = ["app"]\nresolver = "2"\n';
    const root = project({ 'Cargo.toml': workspace, 'app/Cargo.toml': MANIFEST, 'app/src/lib.rs': '' });
    chmodSync(join(root, 'app/Cargo.toml'), 0o444);
    expect((await init(root)).stderr).toContain('app/Cargo.toml');
    expect(read(root)).toBe(workspace);
  });
});

describe('what cannot be worked on', () => {
  it('no Cargo.toml: LF001', async () => {
    const root = project({ 'readme.md': '' });
    expect(await init(root)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('error[LF001]') });
    expect((await init(join(root, 'nowhere'))).stderr).toContain('error[LF001]');
  });

  it('invalid TOML: LF002 with line and column', async () => {
    const root = project({ 'Cargo.toml': '[package]\nname = "x"\nversion = = "1"\n' });
    const { exitCode, stderr } = await init(root);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('error[LF002]');
    expect(stderr).toContain(`${join(root, 'Cargo.toml')}:3:11`);
  });

  it('invalid TOML in another member: LF002 with its place', async () => {
    const root = project({
      'Cargo.toml': `[workspace]\nmembers = ["other"]\n${MANIFEST}`,
      'src/lib.rs': '',
      'other/Cargo.toml': '[package\n',
    });
    const { stderr } = await init(root);
    expect(stderr).toContain('error[LF002]');
    expect(stderr).toContain(`${join(root, 'other', 'Cargo.toml')}:1:9`);
  });

  it('no Leptos metadata: LF003', async () => {
    const root = project({ 'Cargo.toml': '[package]\nname = "x"\nversion = "1.0.0"\n', 'src/lib.rs': '' });
    expect(await init(root)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('error[LF003]') });
  });

  it('Cargo.toml a directory: LF004', async () => {
    const root = project({});
    mkdirSync(join(root, 'Cargo.toml'));
    expect(await init(root)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('error[LF004]') });
  });

  it('Cargo.toml a link to nowhere, or not UTF-8', async () => {
    const root = project({});
    symlinkSync('nowhere.toml', join(root, 'Cargo.toml'));
    expect((await init(root)).exitCode).toBe(3);
    const latin = project({});
    writeFileSync(join(latin, 'Cargo.toml'), Buffer.from('# Gr\xfc\xdfe\n', 'latin1'));
    expect((await init(latin)).stderr).toContain('error[LF002]');
  });

  it('what cargo refuses: LF005 with its words', async () => {
    const root = project({ 'Cargo.toml': `${MANIFEST}[workspace]\nmembers = ["gone"]\n`, 'src/lib.rs': '' });
    const { exitCode, stderr } = await init(root);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('error[LF005]');
    expect(stderr).toContain('gone');
  });

  it('an unknown preset: LF020 with the nearest, before anything else is looked at', async () => {
    const { exitCode, stderr } = await init('/nowhere', '--preset', 'balnced');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[LF020]');
    expect(stderr).toContain('balanced');
  });
});

describe.each(PRESET_NAMES)('cargo with the %s preset', (name) => {
  it('reads the manifest without a warning and builds with it', async () => {
    const root = project();
    await init(root, '--preset', name);
    const metadata = await cargo(root, ['metadata', '--no-deps', '--format-version', '1']);
    expect(metadata).toMatchObject({ exitCode: 0, stderr: '' });
    const build = await cargo(root, ['build', '--offline', '--profile', 'dev-fast']);
    expect(build.exitCode).toBe(0);
    expect(build.stderr).not.toContain('warning');
    expect(existsSync(join(root, 'target/dev-fast'))).toBe(true);
  });

  it('takes it from --config and from the environment, with no file touched', async () => {
    const root = project();
    const preset = await loadPreset(name);
    if (!preset.ok) throw new Error(preset.error.message);
    const profile = ['build', '--offline', '--profile', 'dev-fast', ...presetToCargoConfigArgs(preset.value)];
    const build = await cargo(root, profile);
    expect(build.exitCode).toBe(0);
    expect(build.stderr).not.toContain('warning');
    const dev = await cargo(root, ['build', '--offline', '-v'], presetToDevEnv(preset.value));
    expect(dev.exitCode).toBe(0);
    expect(dev.stderr.includes('debuginfo=2')).toBe(name === 'debuggable' || name === 'roadmap');
    expect(read(root)).toBe(MANIFEST);
  });
});

describe('profile entries by crate', () => {
  // What the presets rely on: an entry by name goes before build-override for a proc macro too, and holds for every
  // version of the crate.
  it('reach proc macros and all versions of a crate', async () => {
    const crate = (name: string, version: string, extra = '') =>
      `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n${extra}`;
    const root = project({
      'app/Cargo.toml': crate(
        'app',
        '0.1.0',
        `[dependencies]
one = { package = "twice", path = "../one" }
two = { package = "twice", path = "../two" }
macros = { path = "../macros" }
[workspace]
[profile.dev-fast]
inherits = "dev"
build-override.opt-level = 0
package.twice.opt-level = 1
package.macros.opt-level = 1
`,
      ),
      'app/src/lib.rs': '',
      'one/Cargo.toml': crate('twice', '1.0.0'),
      'one/src/lib.rs': '',
      'two/Cargo.toml': crate('twice', '2.0.0'),
      'two/src/lib.rs': '',
      'macros/Cargo.toml': crate('macros', '1.0.0', '[lib]\nproc-macro = true\n'),
      'macros/src/lib.rs': '',
    });
    const { stderr } = await cargo(join(root, 'app'), ['build', '--offline', '-v', '--profile', 'dev-fast']);
    expect(stderr.match(/--crate-name (?:twice|macros).* -C opt-level=1 /g)).toHaveLength(3);
  });
});
