import type { Fingerprint, HashSource } from '../watch/content-hash.js';
import type { DiskCache } from './disk-cache.js';

/** One line: what `stat` told, the hash, the path. */
const LINE = /^(\S+) (\S+) (.+)$/;

/**
 * The hashes of a project's sources as the last run knew them. A file of which `stat` tells the same as then was not
 * written since, so it need not be read; what a hash decides is only whether a save changed anything.
 */
export class FileHashes implements HashSource {
  readonly #cache: DiskCache;
  readonly #root: string;
  #known = new Map<string, { readonly stat: string; readonly content: string }>();
  #costMs: number | null = null;
  #hasNew = false;

  /** @param root the workspace's folder, absolute: the hashes are kept under its name. */
  constructor(cache: DiskCache, root: string) {
    this.#cache = cache;
    this.#root = root;
  }

  async load(): Promise<void> {
    const entry = await this.#cache.get('hashes', this.#root);
    this.#costMs = entry?.costMs ?? null;
    for (const line of entry?.value.split('\n') ?? []) {
      const [, stat, content, path] = LINE.exec(line) ?? [];
      if (stat !== undefined && content !== undefined && path !== undefined) this.#known.set(path, { stat, content });
    }
  }

  find(path: string, stat: string): string | null {
    const known = this.#known.get(path);
    if (known?.stat === stat) return known.content;
    this.#hasNew = true;
    return null;
  }

  /**
   * All files are known to the watcher, which took `ms`. Leaves their hashes to the next run, where they are new, and forgets
   * what was loaded.
   */
  async started(files: ReadonlyMap<string, Fingerprint>, ms: number): Promise<void> {
    this.#known = new Map();
    this.#costMs ??= ms;
    if (this.#hasNew) await this.save(files);
  }

  /** Leaves the hashes of all files that have settled to the next run. */
  async save(files: ReadonlyMap<string, Fingerprint>): Promise<void> {
    if (this.#costMs === null) return;
    const lines: string[] = [];
    for (const [path, { stat, content, isSettled }] of files) {
      if (isSettled && !path.includes('\n')) lines.push(`${stat} ${content} ${path}`);
    }
    await this.#cache.set('hashes', this.#root, lines.join('\n'), this.#costMs);
  }
}
