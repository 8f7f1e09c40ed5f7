import { join } from 'node:path';
import type { FolderEntry, System } from './system.js';

/** Never sources, and never watched. */
const PASSED_OVER = new Set(['.git', 'node_modules', '.hg', '.svn', '.jj']);

export interface Walked {
  readonly folder: string;
  readonly entries: readonly FolderEntry[];
}

/** Every folder from `root` down, without those in `without` (absolute). Ends after `limit` folders. */
export async function walkFolders(
  root: string,
  without: readonly string[],
  system: System,
  limit: number,
): Promise<readonly Walked[]> {
  const walked: Walked[] = [];
  const pending = [root];
  for (let next = 0; next < pending.length && next < limit; next++) {
    const folder = pending[next] ?? root;
    const entries = await system.list(folder);
    walked.push({ folder, entries });
    for (const { name, isFolder } of entries) {
      const path = join(folder, name);
      if (isFolder && !PASSED_OVER.has(name) && !without.includes(path)) pending.push(path);
    }
  }
  return walked;
}
