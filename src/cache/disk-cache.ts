import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_KINDS, type CacheFigures, type CacheKind, CacheMeter } from './cache-figures.js';

/** A change of what entries mean gets another number: older ones are then no entries any more. */
const FORMAT = 'leptos-fast-cache 1';
const ENTRY = new RegExp(`^(${CACHE_KINDS.join('|')})-[0-9a-f]{40}\\.entry$`);
const TEMPORARY = /^\..*\.tmp$/;
/** A write takes no longer (ms); what is older was left behind by a killed process. */
const WRITE_TAKES_AT_MOST_MS = 60_000;
/** How many entries are kept in memory too. */
const MAX_IN_MEMORY = 8;

/** An entry of the cache. */
export interface Entry {
  readonly value: string;
  /** What it took (ms) to find this out the first time. */
  readonly costMs: number;
}

/** What is on the disk. */
export interface CacheContent {
  readonly entries: number;
  readonly bytes: number;
  readonly byKind: Readonly<Partial<Record<CacheKind, KindContent>>>;
}

export interface KindContent {
  readonly entries: number;
  readonly bytes: number;
}

export interface DiskCacheOptions {
  /** Absolute; made when something is written. */
  readonly folder: string;
  /** How much is kept; what was not used for the longest time goes first. */
  readonly maxBytes: number;
  readonly meter?: CacheMeter;
}

/**
 * Texts by kind and key: the last used in memory, all on the disk. An entry that is damaged, half written or of another
 * version counts as missing. Several processes may use a folder at a time: entries come and go in one step. Whatever fails on
 * the disk only means that nothing is cached; nothing here throws.
 */
export class DiskCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #meter: CacheMeter;
  readonly #memory = new Map<string, Entry>();
  #temporaries = 0;

  constructor({ folder, maxBytes, meter = new CacheMeter() }: DiskCacheOptions) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#meter = meter;
  }

  /** Looks an entry up; null when there is none that is whole, or `holds` does not hold of it. */
  async get(kind: CacheKind, key: string, holds?: (value: string) => Promise<boolean>): Promise<Entry | null> {
    const startedAt = performance.now();
    const name = nameOf(kind, key);
    const known = this.#memory.get(name) ?? (await this.#read(name));
    if (!known || (holds && !(await holds(known.value)))) {
      this.#meter.miss(kind);
      return null;
    }
    this.#keep(name, known);
    const bytes = Buffer.byteLength(known.value);
    this.#meter.hit(kind, { bytes, costMs: known.costMs, lookedMs: performance.now() - startedAt });
    return known;
  }

  /** Writes an entry. `costMs` is what it took to find out. */
  async set(kind: CacheKind, key: string, value: string, costMs: number): Promise<void> {
    const name = nameOf(kind, key);
    const entry = { value, costMs: Math.round(costMs) };
    this.#keep(name, entry);
    const bytes = Buffer.from(`${header(entry)}\n${value}`);
    if (bytes.length > this.#maxBytes) return;
    const temporary = join(this.#folder, `.${name}.${process.pid}.${this.#temporaries++}.tmp`);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, bytes, { flag: 'wx' });
      await rename(temporary, join(this.#folder, name));
      await this.#trim();
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** What this process asked the cache for, so far. */
  get figures(): CacheFigures {
    return this.#meter.figures;
  }

  /** What is on the disk now. */
  async content(): Promise<CacheContent> {
    const files = await this.#files();
    const byKind: Partial<Record<CacheKind, KindContent>> = {};
    for (const { kind, bytes } of files) {
      const of = byKind[kind] ?? { entries: 0, bytes: 0 };
      byKind[kind] = { entries: of.entries + 1, bytes: of.bytes + bytes };
    }
    return { entries: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), byKind };
  }

  /** Deletes every entry; resolves with what there was. */
  async clear(): Promise<CacheContent> {
    const content = await this.content();
    this.#memory.clear();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
    return content;
  }

  async #read(name: string): Promise<Entry | null> {
    const path = join(this.#folder, name);
    const text = await readFile(path, 'utf8').catch(() => null);
    const entry = text === null ? null : parseEntry(text);
    // Used now: the last to go when there is no more room.
    if (entry) await utimes(path, new Date(), new Date()).catch(() => undefined);
    else if (text !== null) await rm(path, { force: true }).catch(() => undefined);
    return entry;
  }

  #keep(name: string, entry: Entry): void {
    this.#memory.delete(name);
    this.#memory.set(name, entry);
    const [oldest] = this.#memory.keys();
    if (this.#memory.size > MAX_IN_MEMORY && oldest !== undefined) this.#memory.delete(oldest);
  }

  async #trim(): Promise<void> {
    const files = await this.#files();
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.sort((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= this.#maxBytes) break;
      await rm(join(this.#folder, file.name), { force: true });
      bytes -= file.bytes;
    }
  }

  /** The entries; what killed processes left behind goes on the way. */
  async #files(): Promise<{ name: string; kind: CacheKind; bytes: number; usedAt: number }[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const stats = await stat(path).catch(() => null);
        if (!stats?.isFile()) return [];
        const kind = ENTRY.exec(name)?.[1];
        const isLeft = TEMPORARY.test(name) && stats.mtimeMs < Date.now() - WRITE_TAKES_AT_MOST_MS;
        if (isLeft) await rm(path, { force: true }).catch(() => undefined);
        return kind === undefined ? [] : [{ name, kind: kind as CacheKind, bytes: stats.size, usedAt: stats.mtimeMs }];
      }),
    );
    return found.flat();
  }
}

function nameOf(kind: CacheKind, key: string): string {
  return `${kind}-${createHash('sha1').update(key).digest('hex')}.entry`;
}

function header({ value, costMs }: Entry): string {
  return `${FORMAT} ${costMs} ${createHash('sha256').update(`${costMs}\n${value}`).digest('hex')}`;
}

function parseEntry(text: string): Entry | null {
  const end = text.indexOf('\n');
  const found = /^leptos-fast-cache 1 (\d+) [0-9a-f]{64}$/.exec(text.slice(0, Math.max(0, end)));
  if (!found) return null;
  const entry = { value: text.slice(end + 1), costMs: Number(found[1]) };
  return header(entry) === text.slice(0, end) ? entry : null;
}
