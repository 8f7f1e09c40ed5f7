import { readFile, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { mapLimited } from '../core/concurrency.js';
import type { RustSide } from '../core/events.js';
import { replaceFile } from '../core/replace-file.js';
import { FILE_CLOCK_LAG_MS, fingerprint, READ_CONCURRENCY } from '../watch/content-hash.js';
import { cargoFolders } from './cargo-folders.js';
import { depFiles, timeOf } from './dep-files.js';

const recordSchema = v.object({
  version: v.literal(1),
  /** Every file that the side was built from, with its content's hash. */
  files: v.record(v.string(), v.string()),
  /** The `dep-*` files of what was built from it, with their times in ms. */
  deps: v.record(v.string(), v.number()),
});

type BuiltRecord = v.InferOutput<typeof recordSchema>;

export interface BuiltBeforeOptions {
  /** Where the records are kept, absolute. */
  readonly folder: string;
  /** cargo's target directory, where a call names no other (absolute). */
  readonly targetDir: () => string;
  /** Names of the packages that are built from source here. */
  readonly localCrates: () => readonly string[];
}

/** A build of a side that succeeded. */
export interface NotedBuild {
  readonly args: readonly string[];
  /** In ms since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** It waited for another cargo, which wrote into the same folders. */
  readonly hasWaited: boolean;
}

/**
 * Keeps for the next run what each side was built from. Switching branches there and back gives files new times and the old content;
 * cargo, which looks at times alone, would compile every crate of the project again. Where all files are as they were built last, the
 * times of its `dep-*` files are set to those of the sources, and it finds all fresh. What it built since without us has other times, and
 * is left to it.
 */
export class BuiltBefore {
  readonly #options: BuiltBeforeOptions;
  /** The `dep-*` files whose artifacts have the content of the side's last build, with their times in ms. */
  readonly #deps: Readonly<Record<RustSide, Map<string, number>>> = { front: new Map(), server: new Map() };
  #noting: Promise<void> = Promise.resolve();

  constructor(options: BuiltBeforeOptions) {
    this.#options = options;
  }

  /** A side was built. */
  note(side: RustSide, build: NotedBuild): void {
    this.#noting = this.#noting.then(() => this.#note(side, build)).catch(() => undefined);
  }

  async #note(side: RustSide, { args, startedAt, finishedAt, hasWaited }: NotedBuild): Promise<void> {
    const known = this.#deps[side];
    if (hasWaited) {
      known.clear();
      return;
    }
    const written: string[] = [];
    for (const [path, time] of await this.#depFiles(args)) {
      if (time < startedAt - FILE_CLOCK_LAG_MS || time > finishedAt) continue;
      known.set(path, time);
      written.push(path);
    }
    // Of one target, what was not compiled now was compiled with other features or flags, and perhaps from other content.
    const targets = new Set(written.map(targetOf));
    for (const path of known.keys()) if (targets.has(targetOf(path)) && !written.includes(path)) known.delete(path);
  }

  async #depFiles(args: readonly string[]): Promise<readonly (readonly [path: string, time: number])[]> {
    const { targetDir, localCrates } = this.#options;
    const { target, host } = cargoFolders(args, targetDir());
    // Without a target directory of its own, the folder of its macros and build scripts is the other side's too.
    const isOwn = args.some((arg) => arg.startsWith('--target-dir='));
    const folders = new Set(isOwn ? [target, host] : [target]);
    const found = await Promise.all([...folders].map((folder) => depFiles(folder, localCrates())));
    const times = await Promise.all(found.flat().map(async (path) => [path, await timeOf(path)] as const));
    return times.flatMap(([path, time]) => (time === null ? [] : [[path, time] as const]));
  }

  /**
   * Before a side's first build: if its files have the content that was built last, cargo is let see it. Resolves with how many of
   * them have a newer time than that build, 0 where cargo finds out alone or has to build.
   */
  async freshen(side: RustSide): Promise<number> {
    const record = await this.#read(side);
    if (!record) return 0;
    const deps = Object.entries(record.deps);
    const isUntouched = await Promise.all(deps.map(async ([path, time]) => (await timeOf(path)) === time));
    if (deps.length === 0 || !isUntouched.every(Boolean)) return 0;
    const paths = Object.keys(record.files);
    // Times before content: what is written in between is newer than the time that is set.
    const times = await mapLimited(paths, READ_CONCURRENCY, timeOf);
    const contents = await mapLimited(paths, READ_CONCURRENCY, (path) => fingerprint(path));
    if (!paths.every((path, index) => contents[index]?.content === record.files[path])) return 0;
    const builtAt = Math.min(...deps.map(([, time]) => time));
    const newer = times.filter((time) => time !== null && time > builtAt).length;
    const newest = new Date(Math.ceil(Math.max(...times.map((time) => time ?? 0))));
    // A build of the future would hide edits of today from a cargo that runs without us.
    if (newest.getTime() > Date.now()) return 0;
    for (const [path, time] of deps) {
      if (newest.getTime() > time) await utimes(path, newest, newest);
      this.#deps[side].set(path, (await timeOf(path)) ?? 0);
    }
    return newer;
  }

  /** Keeps a side's record for the next run. `inputs` are all files that its last build read, null if one has changed since. */
  async save(side: RustSide, inputs: readonly string[] | null): Promise<void> {
    await this.#noting;
    const known = [...this.#deps[side]];
    const current = await Promise.all(known.map(async ([path, time]) => (await timeOf(path)) === time));
    const deps = known.filter((_, index) => current[index]);
    if (inputs === null || deps.length === 0) return;
    const found = await mapLimited(inputs, READ_CONCURRENCY, (path) => fingerprint(path));
    const files = inputs.flatMap((path, index) => {
      const content = found[index]?.content;
      return content === undefined ? [] : [[path, content] as const];
    });
    if (files.length < inputs.length) return;
    const record: BuiltRecord = { version: 1, files: Object.fromEntries(files), deps: Object.fromEntries(deps) };
    await replaceFile(this.#path(side), Buffer.from(JSON.stringify(record)), async () => undefined).catch(
      () => undefined,
    );
  }

  async #read(side: RustSide): Promise<BuiltRecord | null> {
    try {
      const parsed = v.safeParse(recordSchema, JSON.parse(await readFile(this.#path(side), 'utf8')));
      return parsed.success ? parsed.output : null;
    } catch {
      return null;
    }
  }

  #path(side: RustSide): string {
    return join(this.#options.folder, `built-${side}.json`);
  }
}

/** `…/.fingerprint/app-0123456789abcdef/dep-lib-app` without the hash: what is compiled, whatever with. */
function targetOf(path: string): string {
  const folder = dirname(path);
  return `${dirname(folder)} ${basename(folder).slice(0, -17)} ${basename(path)}`;
}
