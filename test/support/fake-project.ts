import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { RustSide } from '../../src/core/events.js';
import { freePort } from './free-port.js';
import { tempDir, writeFiles, writeScript } from './temp-dir.js';
import { waitUntil } from './wait-until.js';

const support = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** One call of the fake cargo's `build`. */
export interface FakeBuild {
  readonly side: RustSide;
  readonly pid: number;
  /** The exit code; null while it runs, or when it was stopped. */
  readonly code: number | null;
}

/** A Leptos project without dependencies, and in place of the compiler a fake cargo that the test steers. */
export class FakeProject {
  readonly dir: string;
  readonly sitePort: number;
  readonly reloadPort: number;
  /** The environment in which cargo is the fake one. */
  readonly env: NodeJS.ProcessEnv;
  readonly #control: string;

  constructor(dir: string, control: string, ports: { site: number; reload: number }) {
    this.dir = dir;
    this.sitePort = ports.site;
    this.reloadPort = ports.reload;
    this.#control = control;
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(LEPTOS_|CARGO_|FORCE_COLOR|NO_COLOR|CI$)/.test(name),
    );
    this.env = {
      ...Object.fromEntries(own),
      PATH: `${join(control, 'bin')}:${process.env.PATH}`,
      CARGO_HOME: process.env.CARGO_HOME,
      FAKE_CARGO_DIR: control,
      FAKE_CARGO_REAL: realCargo(),
      FAKE_CARGO_SERVER: join(control, 'server.js'),
      NO_COLOR: '1',
    };
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** From now on builds tell what they were made from, as the real cargo does. */
  buildsTellInputs(): Promise<void> {
    return writeFile(join(this.#control, 'tells'), '');
  }

  /** Saves files as an editor does. */
  save(files: Readonly<Record<string, string>>): Promise<void> {
    return writeFiles(this.dir, files);
  }

  remove(name: string): Promise<void> {
    return rm(this.path(name));
  }

  /** All builds so far, oldest first. */
  async builds(side?: RustSide): Promise<readonly FakeBuild[]> {
    const text = await readFile(join(this.#control, 'calls'), 'utf8').catch(() => '');
    const words = text
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    return words
      .filter(([what, of]) => what === 'start' && (side === undefined || of === side))
      .map(([, of, pid]) => {
        const end = words.find((candidate) => candidate[0] === 'end' && candidate[2] === pid);
        return { side: of as RustSide, pid: Number(pid), code: end ? Number(end[3]) : null };
      });
  }

  /** The arguments of all builds so far, one call each. */
  async buildArguments(): Promise<readonly string[]> {
    return (await readFile(join(this.#control, 'args'), 'utf8')).trim().split('\n');
  }

  /** Builds of that side, or wasm-bindgen, wait until the returned function is called. */
  async hold(what: RustSide | 'bindgen'): Promise<() => Promise<void>> {
    const path = join(this.#control, `hold-${what}`);
    execFileSync('mkfifo', [path]);
    const fifo: FileHandle = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
    let held = true;
    const release = async (): Promise<void> => {
      if (!held) return;
      held = false;
      await unlink(path);
      await fifo.write('go\n'.repeat(20));
      // What is written is lost when the last one closes before it is read.
      if (what !== 'bindgen') {
        await waitUntil('no build waits any more', async () => (await this.builds(what)).every(isOver));
      }
    };
    onTestFinished(async () => {
      await release();
      await fifo.close();
    });
    return release;
  }

  /** Resolves when the so-and-so-manieth build of that side has begun. */
  async buildBegun(side: RustSide, count: number): Promise<void> {
    await waitUntil(`build ${count} of the ${side}`, async () => (await this.builds(side)).length >= count);
  }

  /** What the server says: the sources that it was built from and its pid. Rejects when there is none. */
  async page(): Promise<{ readonly sources: string; readonly pid: number; readonly args: readonly string[] }> {
    const response = await fetch(`http://127.0.0.1:${this.sitePort}/`, { headers: { connection: 'close' } });
    return (await response.json()) as { sources: string; pid: number; args: string[] };
  }

  /** The wasm that the page gets. */
  wasm(): Promise<string> {
    return readFile(this.path('target/site/pkg/app.wasm'), 'utf8');
  }
}

function isOver({ code, pid }: FakeBuild): boolean {
  if (code !== null) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** The toolchain's cargo itself, without rustup's detour. */
function realCargo(): string {
  return execFileSync('rustup', ['which', 'cargo'], { encoding: 'utf8' }).trim();
}

/** A source with this text in it, which is what the fake wasm and the fake page are made of. */
export const rust = (text: string): string => `pub const TEXT: &str = "${text}";\n`;

export interface FakeProjectOptions {
  /** Name of the project's folder. */
  readonly folder?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** More lines of `[package.metadata.leptos]`. */
  readonly settings?: string;
}

/** Writes a project: two sources for both sides, a stylesheet and an asset. */
export async function fakeProject({
  folder = 'app',
  files = {},
  settings = '',
}: FakeProjectOptions = {}): Promise<FakeProject> {
  const dir = await tempDir(folder);
  const control = join(dirname(dir), 'control');
  const ports = { site: await freePort(), reload: await freePort() };
  const server = await readFile(support('fake-server.js.txt'), 'utf8');
  await writeFiles(control, { 'server.js': server.replace('NODE', process.execPath) });
  for (const name of ['cargo', 'wasm-bindgen']) {
    await writeScript(join(control, 'bin', name), await readFile(support(`fake-${name}.sh`), 'utf8'));
  }
  await writeFile(join(control, 'calls'), '');
  await writeFiles(dir, {
    '.gitignore': '/target\n',
    'Cargo.toml': manifest(ports, settings),
    'src/lib.rs': 'pub mod app;\n',
    'src/app.rs': rust('hello 1'),
    'src/main.rs': 'fn main() {}\n',
    'style/main.css': 'body { color: red; }\n',
    'public/logo.svg': '<svg/>\n',
    ...files,
  });
  return new FakeProject(dir, control, ports);
}

function manifest(ports: { site: number; reload: number }, settings: string): string {
  return `[package]
name = "app"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib", "rlib"]

[features]
hydrate = []
ssr = []

[package.metadata.leptos]
site-addr = "127.0.0.1:${ports.site}"
reload-port = ${ports.reload}
style-file = "style/main.css"
assets-dir = "public"
lib-features = ["hydrate"]
bin-features = ["ssr"]
${settings}
[workspace]
`;
}
