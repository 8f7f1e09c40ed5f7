import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildRecord, Incident } from '../record/build-record.js';
import { isOlder, readLine } from '../record/history-line.js';
import type { History } from '../record/history-store.js';
import { historyFiles } from '../record/json-lines-store.js';

/** How far (bytes) a file is read at once. */
const CHUNK_BYTES = 1 << 20;

const LINE_FEED = 0x0a;

interface Followed {
  /** Bytes that are read, up to behind a line feed. */
  offset: number;
  readonly inode: number;
}

/**
 * Reads a history that others write to, each line once: what was appended since the last time is all that costs. What is
 * older than `since` (ms since the epoch) is passed over.
 */
export class HistoryFollower {
  readonly #folder: string;
  readonly #since: number;
  readonly #files = new Map<string, Followed>();
  #builds: BuildRecord[] = [];
  #incidents: Incident[] = [];
  #unreadable = 0;
  #otherVersions = 0;

  constructor(folder: string, since: number) {
    this.#folder = folder;
    this.#since = since;
  }

  /** The period that it knows begins at or before `since`. */
  covers(since: number): boolean {
    return this.#since <= since;
  }

  /** All that was read, oldest first. */
  get history(): History {
    return {
      builds: this.#builds,
      incidents: this.#incidents,
      unreadable: this.#unreadable,
      otherVersions: this.#otherVersions,
    };
  }

  /**
   * Reads what is new; true when there was something. A folder that is not there is an empty history. Rejects with the
   * system's error when the folder or a file of it cannot be read.
   */
  async refresh(): Promise<boolean> {
    const names = historyFiles(await this.#list());
    const isGone = [...this.#files.keys()].some((name) => !names.includes(name));
    if (isGone) this.#forget();
    let isNew = isGone;
    for (const name of names) {
      const path = join(this.#folder, name);
      const file = await open(path).catch(ignoreMissing);
      if (!file) continue;
      try {
        const { size, ino, mtimeMs } = await file.stat();
        const known = this.#files.get(name);
        // Another file under the same name: `cargo clean` came between.
        if (known && (known.inode !== ino || known.offset > size)) {
          this.#forget();
          return this.refresh();
        }
        const followed = known ?? { offset: mtimeMs < this.#since ? size : 0, inode: ino };
        this.#files.set(name, followed);
        if (followed.offset === size) continue;
        isNew = (await this.#readOn(file, followed, size)) || isNew;
      } finally {
        await file.close();
      }
    }
    // A batch is written when it is complete: a quick one overtakes a slow one.
    if (isNew) {
      this.#builds.sort((a, b) => a.at - b.at);
      this.#incidents.sort((a, b) => a.at - b.at);
    }
    return isNew;
  }

  async #list(): Promise<readonly string[]> {
    return (await readdir(this.#folder).catch(ignoreMissing)) ?? [];
  }

  #forget(): void {
    this.#files.clear();
    this.#builds = [];
    this.#incidents = [];
    this.#unreadable = 0;
    this.#otherVersions = 0;
  }

  /** Takes the whole lines up to `size`; what is behind the last line feed is perhaps only just being written. */
  async #readOn(file: FileHandle, followed: Followed, size: number): Promise<boolean> {
    const from = followed.offset;
    let rest = Buffer.alloc(0);
    let position = from;
    while (position < size) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - position));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(LINE_FEED) + 1;
      for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') this.#take(line);
      followed.offset += end;
      rest = bytes.subarray(end);
    }
    return followed.offset > from;
  }

  #take(text: string): void {
    if (isOlder(text, this.#since)) return;
    const read = readLine(text);
    if (read.kind === 'unreadable') this.#unreadable += 1;
    else if (read.kind === 'other-version') this.#otherVersions += 1;
    else if (read.line.at < this.#since) return;
    else if (read.line.type === 'build') this.#builds.push(read.line);
    else this.#incidents.push(read.line);
  }
}

function ignoreMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
