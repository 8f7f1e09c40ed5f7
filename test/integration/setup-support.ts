/**
 * A machine of its own for the tests of the setup scripts: a PATH with nothing on it but small fake commands, a home and
 * a cache folder. Each fake writes its call into a log, so that a test sees what was run.
 */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const REPO = fileURLToPath(new URL('../..', import.meta.url));
const WASM = 'wasm32-unknown-unknown';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder that is deleted when the test is over. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'leptos-fast-setup-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes a file and the folders that it needs. */
export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

export class Machine {
  readonly dir = temporaryFolder();
  readonly bin = join(this.dir, 'bin');
  readonly cache = join(this.dir, 'cache');
  readonly cargoBin = join(this.dir, 'home/.cargo/bin');
  readonly sysroot = join(this.dir, 'sysroot');
  readonly env: NodeJS.ProcessEnv = {
    PATH: this.bin,
    HOME: join(this.dir, 'home'),
    CARGO_HOME: join(this.dir, 'home/.cargo'),
    LEPTOS_FAST_CACHE: this.cache,
    CALLS: join(this.dir, 'calls'),
    SYSROOT: this.sysroot,
  };

  /** A command on PATH (or in another folder) that logs its call and then runs `script`. */
  fake(name: string, script: string, dir = this.bin): string {
    const file = join(dir, name);
    write(file, `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** A command that answers `--version` with this. */
  fakeTool(name: string, version: string, dir = this.bin): string {
    return this.fake(name, `echo "${name} ${version}"`, dir);
  }

  /** rustc, cargo (whose `install` makes a fake of the tool) and rustup (whose `target add` adds the library). */
  installRust(): void {
    const libdir = `$SYSROOT/lib/rustlib/${WASM}/lib`;
    this.fake(
      'rustc',
      `case "$2" in
        target-libdir) echo "${libdir}" ;;
        sysroot) echo "$SYSROOT" ;;
        *) echo "rustc 1.95.0 (0123456 2026-04-14)" ;;
      esac`,
    );
    this.fake('rustup', `/bin/mkdir -p "${libdir}"; : > "${libdir}/libstd-0.rlib"`);
    this.fake('cargo', `case "$1" in --version) echo "cargo 1.95.0" ;; install) ${FAKE_INSTALL} ;; esac`);
    mkdirSync(join(this.sysroot, 'lib'), { recursive: true });
  }

  /** The wasm32 library, as rustup leaves it. */
  installWasmStd(): void {
    write(join(this.sysroot, `lib/rustlib/${WASM}/lib/libstd-0.rlib`), '');
  }

  /** What the fakes were called with so far, without the questions that change nothing. */
  calls(): string[] {
    if (!existsSync(this.env.CALLS as string)) return [];
    const lines = readFileSync(this.env.CALLS as string, 'utf8').split('\n');
    return lines.filter((line) => line !== '' && !/ --version$| --print /.test(line));
  }

  forgetCalls(): void {
    rmSync(this.env.CALLS as string, { force: true });
  }
}

/** `cargo install NAME@VERSION … [--root DIR]`: leaves a command of that version. */
const FAKE_INSTALL = `
  name=\${2%@*}; version=\${2#*@}; command=\${name%-cli}; bin=$CARGO_HOME/bin
  while [ $# -gt 0 ]; do
    case "$1" in --root) bin=$2/bin ;; --target-dir) /bin/mkdir -p "$2" ;; esac
    shift
  done
  /bin/mkdir -p "$bin"
  printf '#!/bin/sh\\necho "%s %s"\\n' "$command" "$version" > "$bin/$command"
  /bin/chmod +x "$bin/$command"`;

/** Runs a script of bin/dev (of the repository, or of a copy of it) to its end. */
export function runScript(
  name: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  { repo = REPO, onOutput }: { repo?: string; onOutput?: (text: string, pid: number) => void } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(repo, 'bin/dev', name), ...args], {
    env,
    cwd: repo,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      outcome[stream] += text;
      onOutput?.(text, child.pid as number);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...outcome, code }));
  });
}

/** A repository with our scripts and the sample app, in which everything else is for the test to fake. */
export function copyOfRepo(): string {
  const repo = join(temporaryFolder(), 'repo with ünicode');
  for (const part of ['bin/dev', 'templates/sample-app', 'package.json', 'package-lock.json']) {
    cpSync(join(REPO, part), join(repo, part), { recursive: true });
  }
  return repo;
}

/** A stand-in for an npm package's script in a copied repository. */
export function fakePackageScript(repo: string, file: string, text: string): void {
  write(join(repo, 'node_modules', file), text);
}

/** The folders of a PATH. */
export function pathParts(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? '').split(delimiter);
}

/**
 * Imports a module of bin/dev. Those are plain JavaScript without declarations; the test says what it needs of one.
 */
export async function importDev<T>(name: string): Promise<T> {
  return (await import(new URL(`../../bin/dev/${name}`, import.meta.url).href)) as T;
}
