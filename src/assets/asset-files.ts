import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { mapLimited } from '../core/concurrency.js';
import { isInside } from '../core/paths.js';
import { READ_CONCURRENCY } from '../watch/content-hash.js';

/** One file of the assets folder. */
export interface AssetFile {
  /** Absolute, by the way through the assets folder, also where that leads over links. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last written or put there, in ms since the epoch: unlike mtime, it does not go back. */
  readonly ctimeMs: number;
  /** The way to it leads over a link: its changes may bring no event. */
  readonly isLinked: boolean;
}

/**
 * Lists the files below an assets folder, by their path relative to it. Links are followed; one that leads nowhere has no
 * file, and one to a folder around it is not entered, since it would never end. A folder that is not there, or cannot
 * be read, has no files. `excluded`: absolute folders that are passed over.
 */
export async function listAssets(folder: string, excluded: readonly string[]): Promise<ReadonlyMap<string, AssetFile>> {
  const found = new Map<string, AssetFile>();
  const root = await realpath(folder).catch(() => folder);
  const visit = async (current: string, around: readonly string[]): Promise<void> => {
    const real = await realpath(current).catch(() => null);
    if (real === null || around.some((outer) => isInside(outer, real)) || excluded.includes(real)) return;
    const entries = await readdir(current, { withFileTypes: true }).catch(() => []);
    const folders = await mapLimited(entries, READ_CONCURRENCY, async (entry) => {
      const path = join(current, entry.name);
      if (entry.isDirectory()) return path;
      const stats = await stat(path).catch(() => null);
      if (stats?.isFile()) {
        const { size, ctimeMs } = stats;
        const isLinked = entry.isSymbolicLink() || real !== join(root, relative(folder, current));
        found.set(relative(folder, path), { path, size, ctimeMs, isLinked });
      }
      return stats?.isDirectory() ? path : null;
    });
    for (const inner of folders) if (inner !== null) await visit(inner, [...around, real]);
  };
  await visit(folder, []);
  return found;
}
