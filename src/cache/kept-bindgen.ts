import { constants, copyFile, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../core/clock.js';
import { exists } from '../core/exists.js';
import type { LeptosProject, Workspace } from '../project/model.js';
import type { CacheMeter } from './cache-figures.js';
import { cacheFolder } from './cache-folder.js';
import type { KindContent } from './disk-cache.js';

/** Names in the folder: of a whole entry, and of what the shim and this class tell each other. */
export const KEPT = {
  /** What wasm-bindgen it was, the folder it was called in and its arguments, one a line: of the last call, and of an entry. */
  call: 'call',
  /** The name of the newest entry. */
  current: 'current',
  /** The shim took an entry instead of running wasm-bindgen. */
  taken: 'taken',
  input: 'input.wasm',
  output: 'out',
  /** What wasm-bindgen took (ms). */
  cost: 'cost',
} as const;
const ENTRY = /^made-[0-9a-z]+$/;

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
  readonly clock: Clock;
  /** How much (bytes) may be kept. */
  readonly maxBytes: number;
  readonly meter: CacheMeter;
}

/**
 * What wasm-bindgen made of the newest wasm, for the next start: a cargo-leptos that has just been started runs it always, also where
 * nothing was built (cargo-leptos 0.3.11, `front_wasm_unchanged` in compile/front.rs knows the runs of its own process only).
 */
export class KeptBindgen {
  readonly #options: KeptBindgenOptions;
  #startedAt: number | null = null;

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

  /** cargo-leptos begins to call wasm-bindgen. */
  onStarted(): void {
    this.#startedAt = this.#options.clock.now();
  }

  /** cargo-leptos has what it wanted: counts whether wasm-bindgen had to be run for it, and then keeps what it made. */
  async onFinished(): Promise<void> {
    const startedAt = this.#startedAt;
    this.#startedAt = null;
    // It says so too where it did not ask for it.
    if (startedAt === null) return;
    const { folder, meter, clock } = this.#options;
    const ms = clock.now() - startedAt;
    const taken = join(folder, KEPT.taken);
    const wasTaken = await exists(taken);
    await rm(taken, { force: true }).catch(() => undefined);
    if (!wasTaken) {
      meter.miss('wasm-bindgen');
      // Whatever fails only means that nothing is kept.
      await this.#keep(startedAt, ms).catch(() => undefined);
      return;
    }
    const entry = join(folder, await readFile(join(folder, KEPT.current), 'utf8').catch(() => ''));
    const costMs = Number(await readFile(join(entry, KEPT.cost), 'utf8').catch(() => ms));
    const bytes = await bytesOf(join(entry, KEPT.output)).catch(() => 0);
    meter.hit('wasm-bindgen', { bytes, costMs, lookedMs: ms });
  }

  async #keep(startedAt: number, costMs: number): Promise<void> {
    const { folder, maxBytes } = this.#options;
    const call = await readFile(join(folder, KEPT.call), 'utf8');
    const { input, outDir, outName, isSplit } = readCall(call);
    // cargo-leptos splits before and goes on after it: more files than these are involved.
    if (isSplit) return;
    const before = await stat(input);
    // Written since: it is not what wasm-bindgen had.
    if (before.mtimeMs >= startedAt || before.size > maxBytes) return;
    const entry = `made-${Date.now().toString(36)}`;
    const making = join(folder, `.${entry}.tmp`);
    try {
      const output = join(making, KEPT.output);
      await mkdir(output, { recursive: true });
      await copyFile(input, join(making, KEPT.input), constants.COPYFILE_FICLONE);
      await copyOutput(outDir, outName, output);
      const after = await stat(input);
      if (after.mtimeMs !== before.mtimeMs || after.size !== before.size) return;
      if ((await bytesOf(making)) > maxBytes) return;
      await writeFile(join(making, KEPT.cost), String(Math.round(costMs)));
      // Last, and newer than wasm-bindgen itself: an entry without it is none.
      await writeFile(join(making, KEPT.call), call);
      await rename(making, join(folder, entry));
    } finally {
      await rm(making, { recursive: true, force: true });
    }
    const pointer = join(folder, `.${entry}`);
    await writeFile(pointer, entry);
    await rename(pointer, join(folder, KEPT.current));
    await this.#forgetOthers(entry);
  }

  async #forgetOthers(entry: string): Promise<void> {
    const { folder } = this.#options;
    for (const name of await readdir(folder)) {
      if (name !== entry && (ENTRY.test(name) || name.endsWith('.tmp'))) {
        await rm(join(folder, name), { recursive: true, force: true });
      }
    }
  }
}

/** What the shim noted; the wasm is the last argument. */
function readCall(call: string) {
  const [, cwd = '', ...args] = call.trimEnd().split('\n');
  const option = (name: string): string => args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  return {
    input: resolve(cwd, args.at(-1) ?? ''),
    outDir: resolve(cwd, option('--out-dir')),
    outName: option('--out-name'),
    isSplit: args.includes('--keep-lld-exports'),
  };
}

/**
 * The files that wasm-bindgen writes for `--target=web`. cargo-leptos has renamed the wasm since (compile/front.rs, `bindgen`); in
 * development it changes none of them.
 */
async function copyOutput(from: string, name: string, to: string): Promise<void> {
  await copyFile(join(from, `${name}.wasm`), join(to, `${name}_bg.wasm`), constants.COPYFILE_FICLONE);
  await copyFile(join(from, `${name}.js`), join(to, `${name}.js`));
  for (const typed of [`${name}.d.ts`, `${name}_bg.wasm.d.ts`]) {
    await copyFile(join(from, typed), join(to, typed)).catch(() => undefined);
  }
  if (await exists(join(from, 'snippets'))) await cp(join(from, 'snippets'), join(to, 'snippets'), { recursive: true });
}

/** Bytes of all files below a folder. */
async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
