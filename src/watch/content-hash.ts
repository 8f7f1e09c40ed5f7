import { createHash } from 'node:crypto';
import { close, open, read, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Files above this size (bytes) are known by size and time of change instead of by content. */
const MAX_HASHED_BYTES = 4 * 1024 * 1024;

/** How many files are read at once, so that a large tree does not use up the file descriptors. */
export const READ_CONCURRENCY = 32;

/** How much is read at once, in bytes. */
const BUFFER_BYTES = 64 * 1024;
/** Buffers that are not in use. A new one for each of 20,000 files would leave 50 MB behind in the process. */
const idleBuffers: Buffer[] = [];

const openFile = promisify(open);
const closeFile = promisify(close);
const readInto = promisify(read);

/** A file that was written less than this time (ms) ago may be written again within the same tick of its file system. */
const TICK_MS = 2_000;

/** The file system's clock runs behind ours by up to a tick of the kernel, in ms. */
export const FILE_CLOCK_LAG_MS = 50;

/** What a file is known by. */
export interface Fingerprint {
  /** Differs when the content differs. */
  readonly content: string;
  /** Differs when somebody wrote the file, with whatever bytes. */
  readonly stat: string;
  /** Time of the last change, in ms since the epoch. */
  readonly mtimeMs: number;
  /** Whoever finds the same `stat` later finds the same content. */
  readonly isSettled: boolean;
}

/** Hashes that somebody knows of files as they were. */
export interface HashSource {
  /** To be called, and awaited, before the first question. */
  load(): Promise<void>;
  /** The hash of a file of which `stat` tells this; null when it is not known. */
  find(path: string, stat: string): string | null;
}

/**
 * Fingerprints a file as it is now; `null` where there is no file. A small file is read and hashed, so that rewriting
 * the same bytes is no change; a large one (above 4 MiB), or one that can't be read, is known by size and mtime. What
 * `hashes` knows is not read again.
 */
export async function fingerprint(path: string, hashes?: HashSource): Promise<Fingerprint | null> {
  const now = Date.now();
  const stats = await stat(path).catch(() => null);
  if (!stats?.isFile()) return null;
  const isSettled = Math.max(stats.mtimeMs, stats.ctimeMs) < now - TICK_MS;
  const known = { stat: statId(stats), mtimeMs: stats.mtimeMs, isSettled };
  const unread = `${stats.size}:${stats.mtimeMs}:${stats.ino}`;
  if (stats.size > MAX_HASHED_BYTES) return { ...known, content: unread };
  try {
    return { ...known, content: hashes?.find(path, known.stat) ?? (await hashFile(path)) };
  } catch (error) {
    return isMissing(error) ? null : { ...known, content: unread, isSettled: false };
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha1');
  const file = await openFile(path, 'r');
  const buffer = idleBuffers.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  try {
    for (;;) {
      const { bytesRead } = await readInto(file, buffer, 0, BUFFER_BYTES, null);
      if (bytesRead === 0) return hash.digest('base64');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    idleBuffers.push(buffer);
    await closeFile(file);
  }
}

/** What `stat` tells of a file's content: cheap, and different after every write, also by one that sets the old time again. */
export function statId({ size, mtimeMs, ctimeMs, ino }: Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>): string {
  // Put together piece by piece, a string keeps all its pieces: three times the memory for each of thousands.
  return Buffer.from(`${size}:${mtimeMs}:${ctimeMs}:${ino}`).toString('latin1');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
