import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { mapLimited } from '../core/concurrency.js';
import { exists } from '../core/exists.js';
import { isInside } from '../core/paths.js';
import type { LeptosProject, Workspace } from '../project/model.js';

const AT_A_TIME = 16;
/** Never part of what cargo builds, and large. */
const SKIPPED = new Set(['.git', 'node_modules']);
/** Cargo marks its target directories with it (bford.info/cachedir). */
const CACHE_MARK = 'CACHEDIR.TAG';

/** A copy of the app's sources, in which edits can be made. */
export interface AppCopy {
  /** The workspace's root in the copy. */
  readonly root: string;
  /** Where a file or folder of the user's is in the copy; undefined when it was not copied. */
  readonly at: (path: string) => string | undefined;
}

/**
 * Copies a workspace and the path dependencies outside of it into `folder`, in their places to each other, without what
 * cargo has built. Cloned where the file system can, so that it takes no room; modification times are those of now.
 * Rejects with the system's reason.
 */
export async function copyApp(
  { root, targetDir, packages }: Workspace,
  { config }: LeptosProject,
  folder: string,
): Promise<AppCopy> {
  const outside = packages.map(({ dir }) => dir).filter((dir) => !isInside(dir, root));
  const roots = [
    root,
    ...outside.filter((dir, index) => !outside.slice(0, index).some((other) => isInside(dir, other))),
  ];
  const common = commonFolder(roots);
  const place = (path: string): string => join(folder, relative(common, path));
  const skipped = new Set([targetDir, config.frontTargetDir, config.binTargetDir, config.siteRoot, folder]);
  for (const from of roots) await copyFolder(from, place(from), { skipped, roots, place });
  return {
    root: place(root),
    at: (path) => (roots.some((copied) => isInside(path, copied)) ? place(path) : undefined),
  };
}

interface CopyRules {
  readonly skipped: ReadonlySet<string>;
  readonly roots: readonly string[];
  readonly place: (path: string) => string;
}

async function copyFolder(from: string, to: string, rules: CopyRules): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  await mapLimited(files, AT_A_TIME, async (entry) => {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) await copyLink(source, target, rules);
    else await copyFile(source, target, constants.COPYFILE_FICLONE);
  });
  for (const entry of entries) {
    const source = join(from, entry.name);
    if (!entry.isDirectory() || SKIPPED.has(entry.name) || rules.skipped.has(source)) continue;
    if (await exists(join(source, CACHE_MARK))) continue;
    await copyFolder(source, join(to, entry.name), rules);
  }
}

/** A link to something that is copied leads into the copy; any other to where it led. */
async function copyLink(source: string, target: string, { roots, place }: CopyRules): Promise<void> {
  const leadsTo = resolve(dirname(source), await readlink(source));
  const real = await realpath(leadsTo).catch(() => leadsTo);
  const inner = [leadsTo, real].find((path) => roots.some((root) => isInside(path, root)));
  await symlink(inner === undefined ? real : place(inner), target);
}

function commonFolder(folders: readonly string[]): string {
  const [first = sep, ...rest] = folders;
  let common = first;
  while (!rest.every((folder) => isInside(folder, common))) common = dirname(common);
  return common;
}

/** How much room (bytes) the files below a folder take; 0 for one that is not there. */
export async function diskUse(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const seen = new Set<number>();
  const sizes = await mapLimited(
    entries.filter((entry) => entry.isFile()),
    AT_A_TIME,
    async (entry) => {
      const stats = await lstat(join(entry.parentPath, entry.name)).catch(() => null);
      // What cargo has "uplifted" is one file with two names.
      if (!stats || seen.has(stats.ino)) return 0;
      seen.add(stats.ino);
      return stats.blocks * 512;
    },
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
