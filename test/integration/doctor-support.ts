import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { BIN } from '../support/dev-run.js';
import { freePort } from '../support/free-port.js';
import { Machine, type Outcome, write } from './setup-support.js';

const WASM_BINDGEN = '0.2.130';
const MANIFEST = '[package]\nname = "single"\nversion = "0.1.0"\n\n[package.metadata.leptos]\n';

/** A machine of fake tools and a Leptos project on it, all fine until a test takes something away. */
export class DoctorMachine extends Machine {
  readonly root = join(this.dir, 'project');

  static async create(): Promise<DoctorMachine> {
    const machine = new DoctorMachine();
    const { dir, root, env, bin } = machine;
    env.SYSROOT = join(dir, 'rustup/toolchains/stable-x');
    env.METADATA = join(dir, 'metadata.json');
    machine.installRust();
    machine.installTarget();
    // The fake of setup-support knows `install`; this one also answers `metadata`.
    renameSync(join(bin, 'cargo'), join(bin, 'cargo-installing'));
    machine.script(
      'cargo',
      'case "$1" in metadata) exec /bin/cat "$METADATA" ;; *) exec cargo-installing "$@" ;; esac',
    );
    machine.fake('cc', '');
    machine.fakeTool('cargo-leptos', '0.3.11', machine.cargoBin);
    machine.fakeTool('wasm-bindgen', WASM_BINDGEN, machine.cargoBin);
    env.PATH = `${bin}:${machine.cargoBin}`;

    const recorded = readFileSync(new URL('../../fixtures/metadata/single-crate.json', import.meta.url), 'utf8');
    write(env.METADATA, recorded.replaceAll('/project/single', root));
    machine.file('Cargo.toml', MANIFEST);
    machine.file(
      'Cargo.lock',
      `[[package]]\nname = "wasm-bindgen"\nversion = "${WASM_BINDGEN}"\n\n[[package]]\nname = "leptos"\nversion = "0.8.23"\n`,
    );
    machine.file('src/lib.rs', '');
    machine.file('.git/HEAD', '');
    machine.file('.gitignore', '/target\n');
    machine.file('style/main.css', '');
    env.LEPTOS_STYLE_FILE = 'style/main.css';
    env.LEPTOS_SITE_ADDR = `127.0.0.1:${await freePort()}`;
    env.LEPTOS_RELOAD_PORT = String(await freePort());
    return machine;
  }

  installTarget(): void {
    write(join(this.env.SYSROOT ?? '', 'lib/rustlib/wasm32-unknown-unknown/lib/libstd-0.rlib'), '');
  }

  /** A command that logs nothing. */
  script(name: string, text: string): void {
    write(join(this.bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  file(name: string, text: string): void {
    write(join(this.root, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.root, name), 'utf8');
  }

  doctor(...args: readonly string[]): Promise<Outcome> {
    return this.doctorIn(this.root, ...args);
  }

  /** Runs `leptos-fast doctor` in a folder, without a terminal. */
  doctorIn(cwd: string, ...args: readonly string[]): Promise<Outcome> {
    const child = spawn(process.execPath, [BIN, 'doctor', ...args], {
      cwd,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        outcome[stream] += text;
      });
    }
    return new Promise((resolve) => child.once('close', (code) => resolve({ ...outcome, code })));
  }
}
