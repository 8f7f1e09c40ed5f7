import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildRecord, HistoryLine, Incident } from './build-record.js';
import { isOlder, readLine } from './history-line.js';
import type { History, HistoryStore } from './history-store.js';

/** A file that has grown to so many bytes is followed by the next one. */
const FILE_BYTES = 5_000_000;
/** So many files are kept: some 70,000 batches. */
const KEPT_FILES = 10;
/** How long (ms) it is taken for granted that no other process went on to the next file. */
const LOOK_EVERY_MS = 10_000;
const NAME = /^builds-(\d{6})\.jsonl$/;

export interface JsonLinesOptions {
  /** The folder, absolute; it is made when the first line is written. */
  readonly folder: string;
  /** For tests. */
  readonly fileBytes?: number;
  readonly keptFiles?: number;
}

/** Those of a folder's files that hold history, oldest first. */
export function historyFiles(names: readonly string[]): readonly string[] {
  return names.filter((name) => NAME.test(name)).sort();
}

/**
 * The history as JSON Lines, in files that are numbered and of which the oldest go. No file is ever changed but by appending,
 * and each append is one write: two processes can do it at the same time, and a reader may come at any moment.
 */
export class JsonLinesStore implements HistoryStore {
  readonly #folder: string;
  readonly #fileBytes: number;
  readonly #keptFiles: number;
  #queue: HistoryLine[] = [];
  #writing: Promise<void> | null = null;
  /** The file that is written to, its size (bytes) and when (ms since the process began) its folder was last looked at. */
  #current: { readonly path: string; readonly bytes: number; readonly lookedAt: number } | null = null;
  #lost: string | null = null;

  constructor({ folder, fileBytes = FILE_BYTES, keptFiles = KEPT_FILES }: JsonLinesOptions) {
    this.#folder = folder;
    this.#fileBytes = fileBytes;
    this.#keptFiles = keptFiles;
  }

  get lost(): string | null {
    return this.#lost;
  }

  append(line: HistoryLine): void {
    this.#queue.push(line);
    this.#writing ??= this.#writeAll();
  }

  async flush(): Promise<void> {
    await this.#writing;
  }

  async read(since = 0): Promise<History> {
    const builds: BuildRecord[] = [];
    const incidents: Incident[] = [];
    let unreadable = 0;
    let otherVersions = 0;
    for (const number of await this.#files()) {
      for (const text of await this.#lines(number, since)) {
        if (isOlder(text, since)) continue;
        const read = readLine(text);
        if (read.kind === 'unreadable') unreadable += 1;
        else if (read.kind === 'other-version') otherVersions += 1;
        else if (read.line.at < since) continue;
        else if (read.line.type === 'build') builds.push(read.line);
        else incidents.push(read.line);
      }
    }
    // A batch is written when it is complete: a quick one overtakes a slow one.
    builds.sort((a, b) => a.at - b.at);
    incidents.sort((a, b) => a.at - b.at);
    return { builds, incidents, unreadable, otherVersions };
  }

  async #writeAll(): Promise<void> {
    // A record is complete while pages load: they come first, and what comes meanwhile is written with it.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const lines = this.#queue;
      this.#queue = [];
      try {
        await this.#write(lines);
      } catch (error) {
        this.#lost = error instanceof Error ? error.message : String(error);
      }
    }
    this.#writing = null;
  }

  async #write(lines: readonly HistoryLine[]): Promise<void> {
    // It begins with a line feed: a line before it that was torn then costs nothing but itself.
    const text = Buffer.from(`\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    const current = this.#stillCurrent() ?? (await this.#lookForCurrent());
    this.#current = { ...current, bytes: current.bytes + text.length };
    try {
      await this.#append(current.path, text);
    } catch {
      // `cargo clean` may have taken the folder since the last line.
      const anew = await this.#lookForCurrent();
      this.#current = anew;
      await this.#append(anew.path, text);
    }
  }

  async #append(path: string, text: Buffer): Promise<void> {
    // Without O_CREAT: a file that another process let go of must not come back.
    const file = await open(path, constants.O_WRONLY | constants.O_APPEND);
    try {
      await file.write(text);
    } finally {
      await file.close();
    }
  }

  #stillCurrent() {
    const current = this.#current;
    const isKnown = current && current.bytes < this.#fileBytes && performance.now() - current.lookedAt < LOOK_EVERY_MS;
    return isKnown ? current : null;
  }

  /** The newest file, or the one after it where that is full; it is there, and the oldest are gone. */
  async #lookForCurrent() {
    await mkdir(this.#folder, { recursive: true });
    const numbers = await this.#files();
    const newest = numbers.at(-1) ?? 1;
    const size = await stat(this.#path(newest)).then(
      (stats) => stats.size,
      () => 0,
    );
    const number = size < this.#fileBytes ? newest : newest + 1;
    for (const old of numbers.filter((other) => other <= number - this.#keptFiles)) {
      await rm(this.#path(old), { force: true });
    }
    const path = this.#path(number);
    await (await open(path, 'a')).close();
    return { path, bytes: number === newest ? size : 0, lookedAt: performance.now() };
  }

  /** The complete lines of a file; none when nothing in it is as new as `since`. */
  async #lines(number: number, since: number): Promise<readonly string[]> {
    const path = this.#path(number);
    try {
      if ((await stat(path)).mtimeMs < since) return [];
      const lines = (await readFile(path, 'utf8')).split('\n');
      const rest = lines.pop() ?? '';
      // What is behind the last line feed may just be being written; whole, it is read.
      if (readLine(rest).kind === 'line') lines.push(rest);
      return lines.filter((line) => line !== '');
    } catch {
      return [];
    }
  }

  /** The numbers of the files there are, smallest first. */
  async #files(): Promise<readonly number[]> {
    const names = historyFiles(await readdir(this.#folder).catch(() => []));
    return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  }

  #path(number: number): string {
    return join(this.#folder, `builds-${String(number).padStart(6, '0')}.jsonl`);
  }
}
