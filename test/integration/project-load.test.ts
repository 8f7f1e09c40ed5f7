import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LfError } from '../../src/core/errors.js';
import { loadWorkspace, type Workspace } from '../../src/project/model.js';

/** The caller's environment without what would change the model. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LEPTOS_|CARGO_TARGET_DIR|CARGO_BUILD_)/.test(name)),
);

/** Writes files below a new folder; a crate needs no dependency for `cargo metadata`. */
async function project(files: Readonly<Record<string, string>>, name = 'p'): Promise<string> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'leptos-fast-')));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const dir = join(base, name);
  await mkdir(dir);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  return dir;
}

const CDYLIB = '[lib]\ncrate-type = ["cdylib", "rlib"]\n';
const pkg = (name: string, rest = '') => `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${rest}`;
const SINGLE = {
  'Cargo.toml': pkg('app', `${CDYLIB}[package.metadata.leptos]\nsite-addr = "127.0.0.1:3000"\n`),
  'src/lib.rs': '',
  'src/main.rs': 'fn main() {}',
};

async function load(dir: string, extraEnv: NodeJS.ProcessEnv = {}): Promise<Workspace> {
  const loaded = await loadWorkspace(dir, { env: { ...env, ...extraEnv } });
  if (!loaded.ok) throw new Error(`${loaded.error.code} ${loaded.error.message}\n${loaded.error.why}`);
  return loaded.value;
}

async function failure(dir: string, extraEnv: NodeJS.ProcessEnv = {}): Promise<LfError> {
  const loaded = await loadWorkspace(dir, { env: { ...env, ...extraEnv } });
  if (loaded.ok) throw new Error('expected an error');
  expect(loaded.error.exitCode).toBe(3);
  expect(loaded.error.help.length).toBeGreaterThan(0);
  return loaded.error;
}

const names = (packages: readonly { readonly name: string }[] = []) => packages.map(({ name }) => name);

describe('projects', () => {
  it('a single crate, in a folder with blanks and umlauts, from a folder below', async () => {
    const dir = await project(SINGLE, 'größe der Seite');
    const workspace = await load(join(dir, 'src'));
    expect(workspace).toMatchObject({ root: dir, manifestPath: join(dir, 'Cargo.toml'), metadataPlace: 'package' });
    expect(workspace.targetDir).toBe(join(dir, 'target'));
    expect(workspace.projects[0]?.config.siteRoot).toBe(join(dir, 'target/site'));
    expect(workspace.lockedCrates.get('app')).toEqual(['0.1.0']);
  });

  it("cargo's target directory from the environment, and .env and environment over the manifest", async () => {
    const dir = await project({ ...SINGLE, '.env': 'LEPTOS_SITE_ADDR="0.0.0.0:8080"\nLEPTOS_OUTPUT_NAME=x\n' });
    const workspace = await load(dir, { CARGO_TARGET_DIR: join(dir, 'elsewhere'), LEPTOS_OUTPUT_NAME: 'y' });
    expect(workspace.projects[0]?.config).toMatchObject({
      siteAddr: { host: '0.0.0.0', port: 8080 },
      outputName: 'y',
      siteRoot: join(dir, 'elsewhere/site'),
      frontTargetDir: join(dir, 'elsewhere/front'),
      binTargetDir: join(dir, 'elsewhere'),
      envFile: join(dir, '.env'),
    });
  });

  it('two projects in one workspace, from a member', async () => {
    const entry = (name: string) =>
      `[[workspace.metadata.leptos]]\nname = "${name}"\nbin-package = "${name}-server"\nlib-package = "${name}-front"\n`;
    const dir = await project({
      'Cargo.toml': `[workspace]\nresolver = "2"\nmembers = ["*-server", "*-front"]\n${entry('a')}${entry('b')}`,
      'a-front/Cargo.toml': pkg('a-front', CDYLIB),
      'a-front/src/lib.rs': '',
      'a-server/Cargo.toml': pkg('a-server'),
      'a-server/src/main.rs': 'fn main() {}',
      'b-front/Cargo.toml': pkg('b-front', CDYLIB),
      'b-front/src/lib.rs': '',
      'b-server/Cargo.toml': pkg('b-server'),
      'b-server/src/main.rs': 'fn main() {}',
    });
    const workspace = await load(join(dir, 'b-front'));
    expect(workspace).toMatchObject({ root: dir, isWorkspace: true, metadataPlace: 'workspace' });
    expect(names(workspace.projects)).toEqual(['a', 'b']);
  });

  it('path dependencies outside the workspace, also optional ones and theirs, but no dev ones', async () => {
    const dir = await project(
      {
        ...SINGLE,
        'Cargo.toml': pkg(
          'app',
          `${CDYLIB}[dependencies]\nshared = { path = "../shared crate" }\ndb = { path = "../db", optional = true }
[dev-dependencies]\ntest-tools = { path = "../test-tools" }\n[features]\nssr = ["dep:db"]\n[package.metadata.leptos]\n`,
        ),
      },
      'app',
    );
    const outside = {
      'shared crate': pkg('shared'),
      db: pkg('db', '[dependencies]\ndb-macros = { path = "../db-macros" }\n'),
      'db-macros': pkg('db-macros', 'build = "gen.rs"\n[lib]\nproc-macro = true\n'),
      'test-tools': pkg('test-tools'),
    };
    for (const [folder, manifest] of Object.entries(outside)) {
      await mkdir(join(dir, '..', folder, 'src'), { recursive: true });
      await writeFile(join(dir, '..', folder, 'Cargo.toml'), manifest);
      await writeFile(join(dir, '..', folder, 'src/lib.rs'), '');
      await writeFile(join(dir, '..', folder, 'gen.rs'), 'fn main() {}');
    }
    const [app] = (await load(dir)).projects;
    expect(names(app?.serverPackages)).toEqual(['app', 'shared', 'db', 'db-macros']);
    expect(app?.serverPackages.at(1)?.dir).toBe(join(dir, '../shared crate'));
    expect(app?.serverPackages.at(3)?.hasBuildScript).toBe(true);
  });
});

describe('errors', () => {
  it('LF001 without a Cargo.toml', async () => {
    const dir = await project({ 'README.md': '' });
    expect(await failure(dir)).toMatchObject({ code: 'LF001', where: { file: dir } });
  });

  it('LF001 for a folder that is not there, and for a file', async () => {
    const dir = await project(SINGLE);
    expect(await failure(join(dir, 'nope'))).toMatchObject({ code: 'LF001', message: 'there is no such folder' });
    expect((await failure(join(dir, 'src/main.rs'))).message).toContain('this is a file');
  });

  it('LF002 with line and column of invalid TOML', async () => {
    const dir = await project(
      { ...SINGLE, 'Cargo.toml': '[package]\nname = "app"\nversion = = "1"\n' },
      'mit Leerzeichen',
    );
    expect(await failure(dir)).toMatchObject({
      code: 'LF002',
      where: { file: join(dir, 'Cargo.toml'), line: 3, column: 11 },
    });
  });

  it("LF002 for a member's manifest and for that of a path dependency outside", async () => {
    const broken = '[package]\nname = "x\n';
    const member = await project({
      'Cargo.toml': '[workspace]\nmembers = ["größe a"]\n',
      'größe a/Cargo.toml': broken,
      'größe a/src/lib.rs': '',
    });
    expect(await failure(member)).toMatchObject({
      code: 'LF002',
      where: { file: join(member, 'größe a/Cargo.toml'), line: 2 },
    });
    const outside = await project({
      'app/Cargo.toml': pkg('app', '[dependencies]\nx = { path = "../x" }\n'),
      'app/src/lib.rs': '',
      'x/Cargo.toml': broken,
    });
    expect(await failure(join(outside, 'app'))).toMatchObject({
      code: 'LF002',
      where: { file: join(outside, 'x/Cargo.toml'), line: 2 },
    });
  });

  it('LF002 for a manifest that is TOML but none of cargo', async () => {
    const dir = await project({ 'Cargo.toml': pkg('app').replace('2021', '2077'), 'src/lib.rs': '' });
    expect(await failure(dir)).toMatchObject({ code: 'LF002', where: { file: join(dir, 'Cargo.toml') } });
  });

  it('LF003 without Leptos metadata', async () => {
    const dir = await project({ ...SINGLE, 'Cargo.toml': pkg('app') });
    const error = await failure(dir);
    expect(error).toMatchObject({ code: 'LF003', where: { file: join(dir, 'Cargo.toml') } });
    expect(error.help.join('\n')).toContain('[package.metadata.leptos]');
    expect(error.help.join('\n')).toContain('cargo leptos new --git leptos-rs/start-axum');
  });

  it('LF004 when Cargo.toml is a directory, and when it cannot be read', async () => {
    const dir = await project({ 'Cargo.toml/file': '' });
    expect(await failure(dir)).toMatchObject({ code: 'LF004', message: 'Cargo.toml is a directory, not a file' });
    const loop = await project({ 'src/lib.rs': '' });
    await symlink('Cargo.toml', join(loop, 'Cargo.toml'));
    expect(await failure(loop)).toMatchObject({ code: 'LF004', where: { file: join(loop, 'Cargo.toml') } });
  });

  it("LF004 when a member's Cargo.toml is a directory", async () => {
    const dir = await project({ 'Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'a/Cargo.toml/file': '' });
    expect(await failure(dir)).toMatchObject({ code: 'LF004', where: { file: join(dir, 'a/Cargo.toml') } });
  });

  it('LF005 for a path dependency that is not there', async () => {
    const dir = await project({
      'Cargo.toml': pkg('app', '[dependencies]\nx = { path = "../nope" }\n'),
      'src/lib.rs': '',
    });
    const error = await failure(dir);
    expect(error).toMatchObject({ code: 'LF005', message: 'the path dependency `x` is not where the manifest says' });
    expect(error.why).toContain('nope');
  });

  it('LF005 when the dependencies need a network that is not there', async () => {
    const dir = await project({ 'Cargo.toml': pkg('app', '[dependencies]\nserde = "1"\n'), 'src/lib.rs': '' });
    // An empty cargo home holds no index; port 1 refuses at once. rustup finds its toolchains by RUSTUP_HOME.
    const offline = {
      CARGO_HOME: join(dir, 'cargo-home'),
      CARGO_NET_RETRY: '0',
      CARGO_HTTP_PROXY: 'http://127.0.0.1:1',
      RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(process.env.HOME ?? '', '.rustup'),
    };
    const error = await failure(dir, offline);
    expect(error).toMatchObject({ code: 'LF005', message: expect.stringContaining('network') });
    expect(error.why).toContain('serde');
  });

  it('LF006 with line and column of the key', async () => {
    const dir = await project({
      ...SINGLE,
      'Cargo.toml': pkg('app', `${CDYLIB}\n[package.metadata.leptos]\n# here\n  site-addr = "localhost:3000"\n`),
    });
    expect(await failure(dir)).toMatchObject({
      code: 'LF006',
      message: 'site-addr is not valid: "localhost:3000"',
      where: { file: join(dir, 'Cargo.toml'), line: 10, column: 3 },
      help: ['For instance: site-addr = "127.0.0.1:3000"'],
    });
  });

  it('LF006 with the line of the right entry of several, of a dotted key, and of the entry when a key is missing', async () => {
    const members = { 'a/Cargo.toml': pkg('a', CDYLIB), 'a/src/lib.rs': '', 'a/src/main.rs': 'fn main() {}' };
    const head = '[workspace]\nmembers = ["a"]\nresolver = "2"\n';
    const entry = '[[workspace.metadata.leptos]]\nname = "n"\nbin-package = "a"\nlib-package = "a"\n';
    const second = await project({ ...members, 'Cargo.toml': `${head}${entry}${entry}reload-port = -1\n` });
    expect((await failure(second)).where).toMatchObject({ line: 12, column: 1 });
    const missing = await project({ ...members, 'Cargo.toml': `${head}${entry}${entry.replace('name = "n"\n', '')}` });
    expect(await failure(missing)).toMatchObject({ message: 'name is missing', where: { line: 8 } });
    const dotted = await project({ ...SINGLE, 'Cargo.toml': pkg('app', `metadata.leptos.hash-files = 1\n${CDYLIB}`) });
    expect(await failure(dotted)).toMatchObject({ code: 'LF006', where: { line: 5, column: 1 } });
  });

  it('LF006 for a library that is no cdylib, at its manifest', async () => {
    const dir = await project({ ...SINGLE, 'Cargo.toml': pkg('app', '[lib]\n[package.metadata.leptos]\n') });
    expect(await failure(dir)).toMatchObject({ code: 'LF006', where: { file: join(dir, 'Cargo.toml'), line: 5 } });
  });

  it('LF006 for a broken .env, with its line', async () => {
    const dir = await project({ ...SINGLE, '.env': 'A=1\nB="\n' });
    expect(await failure(dir)).toMatchObject({ code: 'LF006', where: { file: join(dir, '.env'), line: 2 } });
  });

  it('LF010 without a cargo on PATH, and with one that is not there', async () => {
    const dir = await project(SINGLE);
    expect(await failure(dir, { PATH: join(dir, 'src') })).toMatchObject({
      code: 'LF010',
      message: 'there is no cargo on PATH',
    });
    const loaded = await loadWorkspace(dir, { env, cargo: join(dir, 'no-cargo') });
    expect(loaded.ok ? undefined : loaded.error.code).toBe('LF010');
  });
});

it('gives cargo the environment that it was given, and nothing of its own', async () => {
  const dir = await project(SINGLE);
  vi.stubEnv('CARGO_TARGET_DIR', join(dir, 'own'));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect((await load(dir)).targetDir).toBe(join(dir, 'target'));
});

it('throws the reason of an abort', async () => {
  const dir = await project(SINGLE);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(loadWorkspace(dir, { env, signal })).rejects.toThrow('enough');
});
