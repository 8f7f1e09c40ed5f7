import { type ChildProcess, spawn } from 'node:child_process';
import { constants, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { exists } from '../core/exists.js';
import type { LeptosProject, Workspace } from '../project/model.js';
import type { CacheMeter } from './cache-figures.js';
import { cacheFolder } from './cache-folder.js';
import type { KindContent } from './disk-cache.js';

/** Names in the folder: of a whole entry, and of what the shim and this class tell each other. */
export const KEPT = {
  /** The folder that wasm-bindgen was called in and its arguments, one a line: of the last call, and of an entry. */
  call: 'call',
  /** The name of the newest entry. */
  current: 'current',
  /** The shim took an entry instead of running wasm-bindgen. */
  taken: 'taken',
  input: 'input.wasm',
  output: 'out',
} as const;
const ENTRY = /^made-[0-9a-z]+$/;
/** So long (ms) nothing happened: whoever saves again and again has the processors for the builds. */
const IDLE_MS = 10_000;
/** Weaker than everything that somebody waits for. */
const LOWEST_PRIORITY = 19;

/** Where a project's is kept; several of a workspace share the cache. */
export function keptBindgenFolder(
  workspace: Pick<Workspace, 'root' | 'targetDir'>,
  { name }: Pick<LeptosProject, 'name'>,
): string {
  return join(allKeptBindgen(cacheFolder(workspace)), encodeURIComponent(name));
}

/** What all projects of a workspace keep, as entries and bytes. */
export async function keptBindgenContent(cache: string): Promise<KindContent> {
  const folder = allKeptBindgen(cache);
  const projects = await readdir(folder).catch(() => []);
  const inner = await Promise.all(projects.map((project) => readdir(join(folder, project)).catch(() => [])));
  const bytes = await bytesOf(folder).catch(() => 0);
  return { entries: inner.flat().filter((name) => ENTRY.test(name)).length, bytes };
}

function allKeptBindgen(cache: string): string {
  return join(cache, 'wasm-bindgen');
}

export interface KeptBindgenOptions {
  /** Absolute; one for each project. */
  readonly folder: string;
  /** The real wasm-bindgen (absolute). */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** How much (bytes) may be kept. */
  readonly maxBytes: number;
  readonly meter: CacheMeter;
}

/**
 * What wasm-bindgen makes of the newest wasm, for the next start: a cargo-leptos that has just been started runs it always, also where
 * nothing was built (cargo-leptos 0.3.11, `front_wasm_unchanged` in compile/front.rs knows the runs of its own process only).
 * It is made once more, while nothing else is to be done: what it writes to the site is renamed and served there.
 */
export class KeptBindgen {
  readonly #options: KeptBindgenOptions;
  #startedAt: number | null = null;
  /** What `stat` told of the wasm that was kept last. */
  #known = '';
  /** What it took (ms) the last time. */
  #costMs = 0;
  /** There is a wasm that may not be kept yet. */
  #isNew = false;
  #endWait: () => void = () => undefined;
  #keeping = new AbortController();

  constructor(options: KeptBindgenOptions) {
    this.#options = options;
  }

  /** The real wasm-bindgen. */
  get program(): string {
    return this.#options.program;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Nothing is to be done at the moment: soon what is new is kept. */
  onIdle(): void {
    this.onBusy();
    if (!this.#isNew) return;
    this.#endWait = this.#options.clock.after(IDLE_MS, () => {
      this.#keeping = new AbortController();
      void this.keep(this.#keeping.signal);
    });
  }

  /** There is something to do: keeping waits. */
  onBusy(): void {
    this.#endWait();
    this.#keeping.abort();
  }

  /** cargo-leptos begins to call wasm-bindgen. */
  onStarted(): void {
    this.onBusy();
    this.#startedAt = this.#options.clock.now();
  }

  /** cargo-leptos has what it wanted: counts whether wasm-bindgen had to be run for it. */
  async onFinished(): Promise<void> {
    // It says so too where it did not ask for it.
    if (this.#startedAt === null) return;
    const { folder, meter, clock } = this.#options;
    const ms = clock.now() - this.#startedAt;
    this.#startedAt = null;
    this.#isNew = true;
    const taken = join(folder, KEPT.taken);
    const wasTaken = await exists(taken);
    await rm(taken, { force: true }).catch(() => undefined);
    if (!wasTaken) {
      this.#costMs = ms;
      meter.miss('wasm-bindgen');
      return;
    }
    const entry = await this.#current();
    const bytes = entry === null ? 0 : await bytesOf(join(entry, KEPT.output));
    meter.hit('wasm-bindgen', { bytes, costMs: await this.#costOf(entry, ms), lookedMs: ms });
  }

  /** Keeps what the last call makes, unless it is kept already. Whatever fails only means that nothing is kept. */
  async keep(signal: AbortSignal): Promise<void> {
    const { folder } = this.#options;
    try {
      const call = await readFile(join(folder, KEPT.call), 'utf8');
      const [cwd = '', ...args] = call.trimEnd().split('\n');
      const input = join(args.at(-1)?.startsWith('/') ? '' : cwd, args.at(-1) ?? '');
      const before = await stampOf(input);
      this.#isNew = before.text !== this.#known && before.bytes <= this.#options.maxBytes;
      if (!this.#isNew) return;
      const entry = `made-${Date.now().toString(36)}`;
      await this.#make({ call, cwd, args, input, entry, signal });
      if ((await stampOf(input)).text !== before.text) {
        await rm(join(folder, entry), { recursive: true, force: true });
        return;
      }
      await writeFile(join(folder, `.${entry}`), entry);
      await rename(join(folder, `.${entry}`), join(folder, KEPT.current));
      this.#known = before.text;
      this.#isNew = false;
      await this.#forgetOthers(entry);
    } catch {
      // Another time.
    }
  }

  async #make(what: {
    readonly call: string;
    readonly cwd: string;
    readonly args: readonly string[];
    readonly input: string;
    readonly entry: string;
    readonly signal: AbortSignal;
  }): Promise<void> {
    const { folder, program, env } = this.#options;
    const { call, cwd, args, input, entry, signal } = what;
    const making = join(folder, `.${entry}.tmp`);
    try {
      await mkdir(join(making, KEPT.output), { recursive: true });
      const copy = join(making, KEPT.input);
      await copyFile(input, copy, constants.COPYFILE_FICLONE);
      const own = args.map((arg, index) => {
        if (arg.startsWith('--out-dir=')) return `--out-dir=${join(making, KEPT.output)}`;
        return index === args.length - 1 ? copy : arg;
      });
      const child = spawn(program, own, { cwd, env, stdio: 'ignore', signal });
      yieldTo(child);
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('error', reject).on('exit', resolve);
      });
      if (code !== 0) throw new Error(`wasm-bindgen ended with ${code}`);
      await writeFile(join(making, 'cost'), String(Math.round(this.#costMs)));
      if ((await bytesOf(making)) > this.#options.maxBytes) throw new Error('too large');
      // Last, and newer than wasm-bindgen itself: an entry without it is none.
      await writeFile(join(making, KEPT.call), call);
      await rename(making, join(folder, entry));
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }

  async #forgetOthers(entry: string): Promise<void> {
    const { folder } = this.#options;
    for (const name of await readdir(folder)) {
      if (name !== entry && (ENTRY.test(name) || name.endsWith('.tmp'))) {
        await rm(join(folder, name), { recursive: true, force: true });
      }
    }
  }

  async #current(): Promise<string | null> {
    const { folder } = this.#options;
    const name = await readFile(join(folder, KEPT.current), 'utf8').catch(() => '');
    return ENTRY.test(name) ? join(folder, name) : null;
  }

  async #costOf(entry: string | null, unknown: number): Promise<number> {
    const text = entry === null ? '' : await readFile(join(entry, 'cost'), 'utf8').catch(() => '');
    return Number(text) || unknown;
  }
}

function yieldTo({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, LOWEST_PRIORITY);
  } catch {
    // It is already gone, or the system does not allow it.
  }
}

async function stampOf(path: string): Promise<{ readonly text: string; readonly bytes: number }> {
  const { size, mtimeMs, ino } = await stat(path);
  return { text: `${size} ${mtimeMs} ${ino}`, bytes: size };
}

/** Bytes of all files below a folder. */
async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
