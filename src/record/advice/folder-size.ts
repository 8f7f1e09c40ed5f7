import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files in folders, and their size in bytes. */
export interface FolderSize {
  readonly files: number;
  readonly bytes: number;
}

/** More files than that are not counted: an advice is no reason to wait. */
const MAX_FILES = 20_000;

/** Adds up what lies in folders; links and what cannot be read are left out. */
export async function folderSize(folders: readonly string[]): Promise<FolderSize> {
  let files = 0;
  let bytes = 0;
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined && files < MAX_FILES; folder = waiting.pop()) {
    const path = folder;
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    waiting.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name)));
    const sizes = entries
      .filter((entry) => entry.isFile())
      .map(({ name }) =>
        stat(join(path, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      );
    files += sizes.length;
    for (const size of await Promise.all(sizes)) bytes += size;
  }
  return { files, bytes };
}
