import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importDev, Machine, pathParts, REPO, runScript, temporaryFolder, write } from './setup-support.js';

interface System {
  debian: boolean;
  root: boolean;
  aptDir: string;
}

interface Toolchain {
  prepareToolchain(options: {
    browser?: boolean;
    env: NodeJS.ProcessEnv;
    system?: System;
    log?: { say(line: string): void; progress(text: () => string): () => void };
  }): Promise<{ env: NodeJS.ProcessEnv; chromium: string | undefined }>;
}

const OTHER_SYSTEM: System = { debian: false, root: false, aptDir: '/nowhere' };
const BINDGEN = '0.2.130';

/** Prepares a machine in this process, where the test says what system it is. */
async function prepare(machine: Machine, { browser = false, system = OTHER_SYSTEM, env = machine.env } = {}) {
  const { prepareToolchain } = await importDev<Toolchain>('toolchain.mjs');
  const said: string[] = [];
  const log = { say: (line: string) => said.push(line), progress: () => () => {} };
  const result = await prepareToolchain({ browser, env, system, log });
  return { ...result, said };
}

/** A machine on which nothing is missing. */
function readyMachine(): Machine {
  const machine = new Machine();
  machine.installRust();
  machine.installWasmStd();
  machine.fakeTool('cargo-leptos', '0.3.11');
  machine.fakeTool('wasm-bindgen', BINDGEN);
  return machine;
}

const toolchain = (machine: Machine, ...args: string[]) => runScript('toolchain.mjs', args, machine.env);
const installs = (machine: Machine) => machine.calls().filter((call) => call.startsWith('cargo install'));

describe.skipIf(process.platform === 'win32')('the toolchain', () => {
  it('is left alone where everything is there', async () => {
    const machine = readyMachine();
    const { code, stderr } = await toolchain(machine);
    expect(stderr).toContain('✓ cargo-leptos 0.3.11');
    expect(code).toBe(0);
    expect(machine.calls()).toEqual([]);
  });

  it('is installed where it is missing, once', async () => {
    const machine = new Machine();
    machine.installRust();
    expect(await toolchain(machine)).toMatchObject({ code: 0 });
    const target = (name: string) => `--target-dir ${join(machine.cache, 'build', name)} --locked`;
    expect(machine.calls()).toEqual([
      'rustup target add wasm32-unknown-unknown',
      `cargo install cargo-leptos@0.3.11 --ignore-rust-version ${target('cargo-leptos-0.3.11')}`,
      `cargo install wasm-bindgen-cli@${BINDGEN} ${target(`wasm-bindgen-cli-${BINDGEN}`)}`,
    ]);
    expect(readdirSync(join(machine.cache, 'build'))).toEqual([]);

    machine.forgetCalls();
    expect(await toolchain(machine)).toMatchObject({ code: 0 });
    expect(machine.calls()).toEqual([]);
  });

  it('says how long an installation may take', async () => {
    const machine = new Machine();
    machine.installRust();
    const { stderr } = await toolchain(machine);
    expect(stderr).toMatch(/installing cargo-leptos 0\.3\.11: compiled from source, about \d+ min on .* cores?/);
  });

  it('names rustup.rs where there is no Rust', async () => {
    const machine = new Machine();
    expect(await toolchain(machine)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'error: Rust is not installed: there is no rustc on PATH\nhelp: install it from https://rustup.rs\n',
    });
  });

  it('tells what a rustc that does not run says', async () => {
    const machine = readyMachine();
    machine.fake('rustc', 'echo "no default toolchain is configured" >&2; exit 1');
    const { code, stderr } = await toolchain(machine);
    expect(code).toBe(3);
    expect(stderr).toContain('does not run: no default toolchain is configured\nhelp: rustup default stable');
  });

  it('names a Rust that is too old before it compiles anything', async () => {
    const machine = new Machine();
    machine.installRust();
    machine.fake('rustc', 'echo "rustc 1.70.0 (0123456 2023-06-01)"');
    const { code, stderr } = await toolchain(machine);
    expect(code).toBe(3);
    expect(stderr).toMatch(/error: Rust 1\.70\.0 is too old: the sample app needs 1\.\d+\nhelp: rustup update/);
    expect(machine.calls()).toEqual([]);
  });

  it('finds cargo and its commands in their own folder when that is not on PATH', async () => {
    const machine = new Machine();
    machine.installRust();
    machine.installWasmStd();
    machine.fakeTool('cargo-leptos', '0.3.11', machine.cargoBin);
    machine.fakeTool('wasm-bindgen', BINDGEN, machine.cargoBin);
    const { env } = await prepare(machine);
    expect(machine.calls()).toEqual([]);
    expect(pathParts(env)).toEqual([machine.bin, machine.cargoBin]);
  });

  it('leaves another wasm-bindgen in place and puts ours in front of it', async () => {
    const machine = readyMachine();
    const theirs = machine.fakeTool('wasm-bindgen', '0.2.99');
    const before = readFileSync(theirs, 'utf8');
    const root = join(machine.cache, 'tools', `wasm-bindgen-cli-${BINDGEN}`);

    const { env, said } = await prepare(machine);
    expect(installs(machine)).toEqual([expect.stringContaining(`--root ${root} `)]);
    expect(readFileSync(theirs, 'utf8')).toBe(before);
    expect(pathParts(env)[0]).toBe(join(root, 'bin'));
    expect(said).toContain(`  wasm-bindgen 0.2.99 at ${theirs} does not fit and stays as it is`);

    machine.forgetCalls();
    expect(pathParts((await prepare(machine)).env)[0]).toBe(join(root, 'bin'));
    expect(installs(machine)).toEqual([]);
  });

  it.each([
    ['0.3.11', true],
    ['0.3.20', true],
    ['0.3.9', false],
    ['0.4.0', false],
    ['1.3.11', false],
  ])('with cargo-leptos %s: takes it: %s', async (version, fits) => {
    const machine = readyMachine();
    machine.fakeTool('cargo-leptos', version);
    await prepare(machine);
    expect(installs(machine)).toHaveLength(fits ? 0 : 1);
  });

  it('puts ours in front of a command that does not run', async () => {
    const machine = readyMachine();
    machine.fake('cargo-leptos', 'exit 1');
    const { env } = await prepare(machine);
    expect(pathParts(env)[0]).toBe(join(machine.cache, 'tools/cargo-leptos-0.3.11/bin'));
  });

  it('tells how cargo failed, and goes on in the same folder the next time', async () => {
    const machine = readyMachine();
    machine.fakeTool('cargo-leptos', '0.3.1');
    machine.fake('cargo', '[ "$1" = --version ] || { echo "error: no space left" >&2; exit 101; }');
    const { code, stderr } = await toolchain(machine);
    expect(code).toBe(3);
    expect(stderr).toMatch(/error: cargo-leptos: .*cargo install cargo-leptos@0\.3\.11 .* failed .*\(exit code 101\)/);
    expect(stderr).toContain('  error: no space left');
    expect(readdirSync(join(machine.cache, 'build'))).toEqual(['cargo-leptos-0.3.11']);
    const [first] = installs(machine);

    machine.installRust();
    machine.forgetCalls();
    expect(await toolchain(machine)).toMatchObject({ code: 0 });
    expect(installs(machine)).toEqual([first]);
    expect(readdirSync(join(machine.cache, 'build'))).toEqual([]);
  });

  it('does without the lock file of a tool when a version in it cannot be had', async () => {
    const machine = readyMachine();
    machine.fakeTool('wasm-bindgen', '0.2.99');
    machine.installRust();
    const cargo = readFileSync(join(machine.bin, 'cargo'), 'utf8').replace(/^#!.*\n.*\n/, '');
    const refuse = 'echo "error: failed to select a version for the requirement" >&2; exit 101';
    machine.fake('cargo', `case "$*" in *--locked*) ${refuse} ;; esac\n${cargo}`);
    expect(await toolchain(machine)).toMatchObject({ code: 0 });
    const [locked, free, ...more] = installs(machine);
    expect(more).toEqual([]);
    expect(locked).toBe(`${free} --locked`);
  });

  it('fails when cargo says that it installed a tool, and there is none', async () => {
    const machine = readyMachine();
    machine.fakeTool('cargo-leptos', '0.3.1');
    machine.fake('cargo', 'exit 0');
    const { code, stderr } = await toolchain(machine);
    expect(code).toBe(3);
    expect(stderr).toContain('there is no cargo-leptos of that version on PATH');
  });
});

describe.skipIf(process.platform === 'win32')('the wasm32 library', () => {
  it('tells what rustup said when the target cannot be added', async () => {
    const machine = readyMachine();
    machine.installRust();
    const bare = { ...machine.env, SYSROOT: join(temporaryFolder(), 'sysroot') };
    machine.fake('rustup', 'echo "error: could not download file" >&2; exit 1');
    const { code, stderr } = await runScript('toolchain.mjs', [], bare);
    expect(code).toBe(3);
    expect(stderr).toContain('error: the wasm32-unknown-unknown target of Rust is not installed');
    expect(stderr).toContain('error: could not download file');
    expect(stderr).toContain('help: rustup target add wasm32-unknown-unknown');
  });

  it.each([
    ['sources.list', 'deb [arch=amd64] http://mirror.example/debian bookworm main\n'],
    ['sources.list.d/debian.sources', 'Types: deb\nURIs: http://mirror.example/debian/\nSuites: trixie\n'],
  ])("is built from Debian's sources where rustup fails (apt's %s)", async (file, text) => {
    const machine = readyMachine();
    const aptDir = join(machine.dir, 'apt');
    write(join(aptDir, file), text);
    const sysroot = join(machine.dir, 'bare');
    write(join(sysroot, 'lib/keep'), '');
    machine.fake('rustup', 'exit 1');
    // The first of the package's possible names is not there.
    machine.fake('curl', 'case "$*" in *2~bpo13*) exit 22 ;; esac; : > "$3"');
    machine.fake('dpkg-deb', '/bin/mkdir -p "$3/usr/src/rustc-1.95.0/library/std"');
    machine.fake(
      'cargo',
      `[ "$1" = --version ] && exit
       dir=$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/deps; /bin/mkdir -p "$dir"
       : > "$dir/libstd-1.rlib"; : > "$dir/libcore-1.rlib"; : > "$dir/libprobe-1.rlib"`,
    );

    await prepare(machine, {
      system: { debian: true, root: false, aptDir },
      env: { ...machine.env, SYSROOT: sysroot },
    });
    const urls = machine.calls().filter((call) => call.startsWith('curl'));
    expect(urls).toHaveLength(2);
    expect(urls[1]).toMatch(
      /http:\/\/mirror\.example\/debian\/pool\/main\/r\/rustc\/rust-src_1\.95\.0\+dfsg1-2_all\.deb$/,
    );
    const lib = join(sysroot, 'lib/rustlib/wasm32-unknown-unknown/lib');
    expect(readdirSync(lib).sort()).toEqual(['libcore-1.rlib', 'libstd-1.rlib']);
    expect(existsSync(join(sysroot, 'lib/rustlib/src/rust/library/std'))).toBe(true);
    expect(readdirSync(join(machine.cache, 'build'))).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('the browser', () => {
  const debian: System = { ...OTHER_SYSTEM, debian: true };

  it('is the one on PATH', async () => {
    const machine = readyMachine();
    const chrome = machine.fake('google-chrome', '');
    const { chromium, env } = await prepare(machine, { browser: true });
    expect(chromium).toBe(chrome);
    expect(env.LEPTOS_FAST_CHROMIUM).toBe(chrome);
  });

  it('is the one that LEPTOS_FAST_CHROMIUM names', async () => {
    const machine = readyMachine();
    const env = { ...machine.env, LEPTOS_FAST_CHROMIUM: '/opt/browser' };
    expect(await prepare(machine, { browser: true, env })).toMatchObject({ chromium: '/opt/browser' });
  });

  it('is installed as root on Debian', async () => {
    const machine = readyMachine();
    const script = `printf '#!/bin/sh\\n' > ${machine.bin}/chromium; /bin/chmod +x ${machine.bin}/chromium`;
    machine.fake('apt-get', `[ "$1" = update ] || { ${script}; }`);
    const { chromium } = await prepare(machine, { browser: true, system: { ...debian, root: true } });
    expect(chromium).toBe(join(machine.bin, 'chromium'));
    expect(machine.calls()).toEqual(['apt-get update', 'apt-get install -y --no-install-recommends chromium']);
  });

  // Elsewhere than on Linux, a browser of the machine's own is found outside of PATH.
  it.runIf(process.platform === 'linux')('is asked for where we may not install it', async () => {
    const machine = readyMachine();
    machine.fake('apt-get', '');
    const { chromium, said } = await prepare(machine, { browser: true, system: debian });
    expect(chromium).toBeUndefined();
    expect(said.slice(-2)).toEqual([
      '✗ no Chromium or Chrome: the browser tests will fail',
      '  help: sudo apt-get install chromium',
    ]);
    expect(machine.calls()).toEqual([]);
  });
});

describe('the sample app', () => {
  const create = (dir: string) => runScript('sample-app.mjs', [dir], process.env);

  it('is created whole, with its .gitignore', async () => {
    const dir = join(temporaryFolder(), 'new/demo app');
    expect(await create(dir)).toMatchObject({ code: 0, stdout: `created ${dir}\n` });
    expect(readdirSync(dir).sort()).toEqual(['.gitignore', 'Cargo.lock', 'Cargo.toml', 'public', 'src', 'style']);
    expect(readdirSync(join(dir, '..'))).toEqual(['demo app']);
  });

  it('stays as it is where it is there already', async () => {
    const dir = temporaryFolder();
    write(join(dir, 'Cargo.toml'), '# mine\n');
    expect(await create(dir)).toMatchObject({ code: 0, stdout: `kept ${dir}\n` });
    expect(readdirSync(dir)).toEqual(['Cargo.toml']);
  });

  it('is not mixed into a folder with other files', async () => {
    const dir = temporaryFolder();
    write(join(dir, 'notes.txt'), '');
    const { code, stderr } = await create(dir);
    expect(code).toBe(3);
    expect(stderr).toContain('it is not the sample app\nhelp: move it away or delete it');
    expect(readdirSync(dir)).toEqual(['notes.txt']);
  });

  it('locks the wasm-bindgen that its manifest asks for, and has no profile', () => {
    const template = (name: string) => readFileSync(join(REPO, 'templates/sample-app', name), 'utf8');
    expect(template('Cargo.lock')).toContain(`name = "wasm-bindgen"\nversion = "${BINDGEN}"`);
    expect(template('Cargo.toml')).toContain(`version = "=${BINDGEN}"`);
    expect(template('Cargo.toml')).not.toContain('[profile');
  });
});
