import { readFile, utimes } from 'node:fs/promises';
import { basename } from 'node:path';
import { cargoFolders } from './cargo-folders.js';
import { depFiles, timeOf } from './dep-files.js';

/** Before any source file's time. */
const LONG_AGO = new Date(0);

/**
 * Lets cargo see changed files that look old. cargo takes a crate for built when none of its files is newer than the
 * `dep-*` file of its fingerprint (cargo, core/compiler/fingerprint: "the mtime of the dep-info"), so a file that was
 * replaced by one with an older time (`cp -p`, `rsync -t`, two files swapped) would never be compiled. Such a crate's
 * `dep-*` file gets an old time. The user's files keep theirs.
 *
 * @param crates names of the packages that are built from source here
 * @param changed files (absolute) whose content is not what the last build had
 * @returns the fingerprints that were changed
 */
export async function outdateFingerprints(
  args: readonly string[],
  defaultTargetDir: string,
  crates: readonly string[],
  changed: Iterable<string>,
): Promise<readonly string[]> {
  const files = await Promise.all(
    [...changed].map(async (path) => ({ name: basename(path), time: await timeOf(path) })),
  );
  const existing = files.filter((file) => file.time !== null);
  if (existing.length === 0) return [];
  const { target, host } = cargoFolders(args, defaultTargetDir);
  const outdated: string[] = [];
  for (const folder of new Set([target, host])) {
    for (const dep of await depFiles(folder, crates)) {
      const builtAt = await timeOf(dep);
      const old = existing.filter(({ time }) => time !== null && builtAt !== null && time <= builtAt);
      if (old.length === 0) continue;
      // The paths stand in it as they are, relative to the crate. A crate too many costs a build, one too few a change.
      const content = await readFile(dep).catch(() => null);
      if (!content || !old.some(({ name }) => content.includes(name))) continue;
      await utimes(dep, LONG_AGO, LONG_AGO);
      outdated.push(dep);
    }
  }
  return outdated;
}
