import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

/** Files above this size (bytes) are known by size and time of change instead of by content. */
const MAX_HASHED_BYTES = 4 * 1024 * 1024;

/** How many files are read at once, so that a large tree does not use up the file descriptors. */
export const READ_CONCURRENCY = 32;

/** What a file is known by. */
export interface Fingerprint {
  /** Differs when the content differs. */
  readonly content: string;
  /** Differs when somebody wrote the file, with whatever bytes. */
  readonly stat: string;
  /** Time of the last change, in ms since the epoch. */
  readonly mtimeMs: number;
}

/**
 * Fingerprints a file as it is now; `null` where there is no file. A small file is read and hashed, so that rewriting
 * the same bytes is no change; a large one (above 4 MiB), or one that can't be read, is known by size and mtime.
 */
export async function fingerprint(path: string): Promise<Fingerprint | null> {
  const stats = await stat(path).catch(() => null);
  if (!stats?.isFile()) return null;
  const known = { stat: statId(stats), mtimeMs: stats.mtimeMs };
  if (stats.size > MAX_HASHED_BYTES) return { ...known, content: known.stat };
  try {
    const hash = createHash('sha1').update(await readFile(path));
    return { ...known, content: hash.digest('base64') };
  } catch (error) {
    return isMissing(error) ? null : { ...known, content: known.stat };
  }
}

/** What `stat` tells of a file's content: cheap, and different after every write. */
export function statId(stats: { readonly size: number; readonly mtimeMs: number; readonly ino: number }): string {
  return `${stats.size}:${stats.mtimeMs}:${stats.ino}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
