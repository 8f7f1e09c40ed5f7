import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mapLimited } from '../core/concurrency.js';
import { READ_CONCURRENCY, statId } from './content-hash.js';
import type { IgnoreRules } from './ignore.js';

/**
 * Lists the relevant files below `roots` with what `stat` tells of them. Follows symlinked folders, each real folder
 * once, so that a link to a parent ends. What cannot be read is passed over.
 */
export async function walk(
  roots: readonly string[],
  ignore: IgnoreRules,
  isRelevant: (path: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const visited = new Set<string>();

  const visitFile = async (path: string): Promise<void> => {
    const stats = await stat(path).catch(() => null);
    if (stats?.isFile()) found.set(path, statId(stats));
  };
  const visitFolder = async (folder: string): Promise<void> => {
    const real = await realpath(folder).catch(() => null);
    if (real === null || visited.has(real)) return;
    visited.add(real);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const files: string[] = [];
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const linkTarget = entry.isSymbolicLink() ? await stat(path).catch(() => null) : null;
      const isFolder = entry.isDirectory() || (linkTarget?.isDirectory() ?? false);
      if (ignore.ignores(path, isFolder)) continue;
      if (isFolder) await visitFolder(path);
      else if (isRelevant(path)) files.push(path);
    }
    await mapLimited(files, READ_CONCURRENCY, visitFile);
  };

  for (const root of roots) {
    const stats = await stat(root).catch(() => null);
    if (stats?.isDirectory()) await visitFolder(root);
    else if (stats?.isFile() && isRelevant(root)) await visitFile(root);
  }
  return found;
}
