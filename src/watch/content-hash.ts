import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

/** Files above this size (bytes) are known by size and time of change instead of by content. */
const MAX_HASHED_BYTES = 4 * 1024 * 1024;

/** How many files are read at once, so that a large tree does not use up the file descriptors. */
export const READ_CONCURRENCY = 32;

/** What a file's content is known by; `null` where there is no such file. */
export type ContentId = string | null;

/**
 * Identifies a file's present content. A small file is read and hashed, so that rewriting the same bytes is no change;
 * a large one (above 4 MiB), or one that can't be read, is known by size and mtime.
 */
export async function contentId(path: string): Promise<ContentId> {
  const stats = await stat(path).catch(() => null);
  if (!stats?.isFile()) return null;
  const byStat = `${stats.size}:${stats.mtimeMs}`;
  if (stats.size > MAX_HASHED_BYTES) return byStat;
  try {
    return createHash('sha1')
      .update(await readFile(path))
      .digest('base64');
  } catch (error) {
    return isMissing(error) ? null : byStat;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
