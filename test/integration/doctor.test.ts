import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BIN } from '../support/dev-run.js';
import { takePort } from '../support/free-port.js';
import { waitUntil } from '../support/wait-until.js';
import { DoctorMachine } from './doctor-support.js';

interface Json {
  readonly version: number;
  readonly checks: readonly {
    readonly id: string;
    readonly status: string;
    readonly code?: string;
    readonly message: string;
  }[];
  readonly repairs?: readonly { readonly id: string; readonly outcome: string; readonly why?: string }[];
  readonly summary: Readonly<Record<string, number>>;
}

const WASM_STD = 'lib/rustlib/wasm32-unknown-unknown';

describe.skipIf(process.platform === 'win32')('leptos-fast doctor', () => {
  let machine: DoctorMachine;
  beforeEach(async () => {
    machine = await DoctorMachine.create();
  });

  const json = async (...args: readonly string[]): Promise<Json> =>
    JSON.parse((await machine.doctor('--json', ...args)).stdout);
  const statusOf = ({ checks }: Json, id: string) => checks.find((check) => check.id === id)?.status;

  it('finds no problem on a machine that is fit, and changes nothing', async () => {
    const { code, stdout, stderr } = await machine.doctor();
    expect(stdout).toMatch(/^ {2}✓ ok +wasm-bindgen +0\.2\.130, as in Cargo\.lock$/m);
    expect(stdout).toContain('no problem');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(machine.calls().filter((call) => !call.startsWith('rustc'))).toEqual([]);
    expect(readdirSync(machine.root).sort()).toEqual([
      '.git',
      '.gitignore',
      'Cargo.lock',
      'Cargo.toml',
      'src',
      'style',
    ]);
  });

  it('tells when cargo has written or changed Cargo.lock for the answer', async () => {
    const lock = join(machine.root, 'Cargo.lock');
    machine.file('lock-as-cargo-wants-it', readFileSync(lock, 'utf8'));
    machine.script(
      'cargo',
      'case "$1" in metadata) /bin/cp lock-as-cargo-wants-it Cargo.lock; exec /bin/cat "$METADATA" ;; esac',
    );
    expect(statusOf(await json(), 'lockfile')).toBeUndefined();
    rmSync(lock);
    expect(statusOf(await json(), 'lockfile')).toBe('warning');
    writeFileSync(lock, '# another one\n');
    const { checks } = await json();
    const message = expect.stringContaining('cargo has changed it');
    expect(checks.find(({ id }) => id === 'lockfile')).toMatchObject({ status: 'warning', message });
  });

  it('finds a leptos-fast.toml that cannot be read', async () => {
    writeFileSync(join(machine.root, 'leptos-fast.toml'), 'prot = 3\n');
    const { checks } = await json();
    expect(checks.find(({ id }) => id === 'settings')).toMatchObject({ status: 'problem', code: 'LF023' });
  });

  it('leaves nothing in the target directory, where it tries links', async () => {
    mkdirSync(join(machine.root, 'target'));
    expect(statusOf(await json(), 'symlinks')).toBe('ok');
    expect(readdirSync(join(machine.root, 'target'))).toEqual([]);
  });

  it('tells the same as JSON', async () => {
    const { code, stdout } = await machine.doctor('--json');
    const report = JSON.parse(stdout) as Json;
    expect(code).toBe(0);
    expect(report.version).toBe(1);
    expect(report.summary.problem).toBe(0);
    expect(statusOf(report, 'wasm-target')).toBe('ok');
  });

  it('exits with 1 for a problem, and tells the way out first', async () => {
    rmSync(join(machine.env.SYSROOT ?? '', WASM_STD), { recursive: true });
    const { code, stdout } = await machine.doctor();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\s+✗ problem +wasm-target .*LF012/);
    expect(stdout).toContain('fix: rustup target add wasm32-unknown-unknown');
    expect(stdout).toContain('leptos-fast doctor --fix');
  });

  it('names the program that takes the port', async () => {
    const port = await takePort();
    machine.env.LEPTOS_SITE_ADDR = `127.0.0.1:${port}`;
    const found = (await json()).checks.find(({ id }) => id === 'ports');
    expect(found).toMatchObject({ status: 'problem', code: 'LF040' });
    if (process.platform === 'linux') expect(found?.message).toContain(`process ${process.pid}`);
  });

  it('exits with 3 where there is no project', async () => {
    const { code, stdout, stderr } = await machine.doctorIn(machine.bin);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('error[LF001]');
  });

  it('--yes without --fix is wrong usage', async () => {
    const { code, stderr } = await machine.doctor('--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('error[LF022]');
  });

  it('looks at the machine also where cargo cannot read the project', async () => {
    machine.script(
      'cargo',
      'case "$1" in metadata) echo "error: no matching package named x" >&2; exit 101 ;; *) echo "cargo 1.95.0" ;; esac',
    );
    const report = await json();
    expect(report.checks[0]).toMatchObject({ id: 'project', status: 'problem', code: 'LF005' });
    expect(statusOf(report, 'wasm-target')).toBe('ok');
    expect(statusOf(report, 'ports')).toBe('unknown');
  });

  describe('--fix', () => {
    it('installs what is missing or does not fit, shows it, and looks again', async () => {
      rmSync(join(machine.env.SYSROOT ?? '', WASM_STD), { recursive: true });
      machine.fakeTool('cargo-leptos', '0.3.2', machine.cargoBin);
      machine.fakeTool('wasm-bindgen', '0.2.99', machine.cargoBin);
      machine.script(
        'rustup',
        `echo downloading; /bin/mkdir -p "$SYSROOT/${WASM_STD}/lib"; : > "$SYSROOT/${WASM_STD}/lib/libstd-0.rlib"`,
      );
      const { code, stdout } = await machine.doctor('--fix');
      expect(stdout).toContain('wasm-target: rustup target add wasm32-unknown-unknown');
      expect(stdout).toContain('downloading');
      const installs = machine.calls().filter((call) => call.startsWith('cargo '));
      expect(installs).toEqual([
        'cargo install wasm-bindgen-cli@0.2.130 --locked',
        'cargo install cargo-leptos@0.3.11 --locked',
      ]);
      expect(stdout).toContain('no problem');
      expect(code).toBe(0);
    });

    it('says what is missing when an install fails, and exits with 1', async () => {
      machine.fakeTool('wasm-bindgen', '0.2.99', machine.cargoBin);
      machine.script(
        'cargo-installing',
        'case "$1" in --version) echo "cargo 1.95.0" ;; *) echo "error: could not resolve host" >&2; exit 101 ;; esac',
      );
      const { code, stdout } = await machine.doctor('--fix');
      expect(stdout).toContain('could not resolve host');
      expect(stdout).toContain('failed: cargo ended with 101');
      expect(stdout).toMatch(/✗ problem +wasm-bindgen/);
      expect(code).toBe(1);
    });

    it('says so when there is nothing to run', async () => {
      rmSync(join(machine.env.SYSROOT ?? '', WASM_STD), { recursive: true });
      rmSync(join(machine.bin, 'rustup'));
      const { code, stdout } = await machine.doctor('--fix');
      expect(stdout).toContain('failed: there is no rustup on PATH');
      expect(code).toBe(1);
    });

    it('changes a file only with --yes where nobody can be asked, and shows the diff both times', async () => {
      machine.file('.gitignore', '# mine\r\n/dist');
      const without = await machine.doctor('--fix');
      expect(without.stdout).toContain('  + /target');
      expect(without.stdout).toContain('say --yes');
      expect(machine.read('.gitignore')).toBe('# mine\r\n/dist');

      const { code, stdout } = await machine.doctor('--fix', '--yes');
      expect(stdout).toContain('  + /target');
      expect(machine.read('.gitignore')).toBe('# mine\r\n/dist\r\n/target\r\n');
      expect(code).toBe(0);
      expect(readdirSync(machine.root).filter((name) => name.includes('leptos-fast'))).toEqual([]);
    });

    it('creates a .gitignore where there is none', async () => {
      rmSync(join(machine.root, '.gitignore'));
      await machine.doctor('--fix', '--yes');
      expect(machine.read('.gitignore')).toBe('/target\n');
    });

    it('brings an outdated profile up to date, but writes none where none was', async () => {
      await machine.doctor('--fix', '--yes');
      expect(machine.read('Cargo.toml')).not.toContain('dev-fast');

      await runInit(machine);
      const current = machine.read('Cargo.toml');
      expect(current).toContain('[profile.dev-fast]');
      machine.file('Cargo.toml', current.replace(/^incremental = .*\n/m, ''));
      expect(statusOf(await json(), 'fast-profile')).toBe('warning');
      const declined = await json('--fix');
      expect(declined.repairs).toMatchObject([{ id: 'fast-profile', outcome: 'declined' }]);
      expect(machine.read('Cargo.toml')).not.toBe(current);
      expect(statusOf(await json('--fix', '--yes'), 'fast-profile')).toBe('ok');
      expect(machine.read('Cargo.toml')).toBe(current);
    });

    it('keeps standard output to the JSON', async () => {
      machine.fakeTool('wasm-bindgen', '0.2.99', machine.cargoBin);
      const { code, stdout, stderr } = await machine.doctor('--fix', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ repairs: [{ id: 'wasm-bindgen', outcome: 'done' }] });
      expect(stderr).toContain('cargo install wasm-bindgen-cli@0.2.130 --locked');
      expect(code).toBe(0);
    });
  });

  describe.runIf(process.platform === 'linux')('--fix at a terminal', () => {
    it.each([
      ['n', false],
      ['y', true],
    ])('asks before it changes a file: %s', async (answer, isChanged) => {
      machine.file('.gitignore', '/dist\n');
      const { text, type, ended } = terminal(machine);
      await waitUntil('the question', () => text().includes('Write it?'), text);
      expect(text()).toContain('+ /target');
      type(`${answer}\n`);
      expect(await ended).toBe(0);
      expect(machine.read('.gitignore')).toBe(isChanged ? '/dist\n/target\n' : '/dist\n');
      expect(text()).toContain(isChanged ? 'what is built is ignored' : 'no .gitignore names target');
    });
  });
});

function runInit({ root, env }: DoctorMachine): Promise<number | null> {
  const child = spawn(process.execPath, [BIN, 'init'], { cwd: root, env, stdio: 'ignore' });
  return new Promise((resolve) => child.once('close', resolve));
}

/** `doctor --fix` at a terminal of its own, which script(1) of util-linux makes. */
function terminal({ root, env }: DoctorMachine) {
  const { CI: _ci, ...terminalEnv } = env;
  const script = ['/usr/bin/script', '/bin/script'].find((path) => existsSync(path)) ?? 'script';
  const child = spawn(script, ['-qefc', `stty cols 100; '${process.execPath}' '${BIN}' doctor --fix`, '/dev/null'], {
    cwd: root,
    env: { ...terminalEnv, TERM: 'xterm', SHELL: '/bin/sh', PATH: `${env.PATH}:/usr/bin:/bin` },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += stripVTControlCharacters(chunk);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.stdin.end();
    child.kill();
    await ended;
  });
  return { text: () => text, type: (keys: string) => void child.stdin.write(keys), ended };
}
