import { constants } from 'node:fs';
import { cp, lstat, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { exists } from '../../core/exists.js';

/** Cargo puts this file into target directories; other tools do so too, into what can be made again. */
const CACHE_TAG = 'CACHEDIR.TAG';

/**
 * Copies an app into a folder, in place of what is there: with changes that are in no commit and with ignored files, since
 * the app may need them; without repositories, target directories and what `skip` names (absolute). Reads only, of the
 * original. Files share their blocks where the file system can do that, until one of them is changed.
 */
export async function copyApp(from: string, to: string, skip: readonly string[]): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await cp(from, to, {
    recursive: true,
    // A link that leads out of the app stays a link: nothing is written through it, see `isOwnFile`.
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: constants.COPYFILE_FICLONE,
    filter: async (source) => {
      if (basename(source) === '.git' || skip.includes(source)) return false;
      const facts = await lstat(source);
      if (!facts.isDirectory()) return facts.isFile() || facts.isSymbolicLink();
      return !(await exists(join(source, CACHE_TAG)));
    },
  });
}
