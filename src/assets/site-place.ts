import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath, rename, rm, rmdir, stat, symlink, unlink, utimes } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isInside } from '../core/paths.js';
import { statId } from '../watch/content-hash.js';

/**
 * The writing end: puts single files below one folder and takes them away. Nothing is ever written through a link or
 * outside of the folder: a new file comes by renaming, which replaces a link and leaves what it led to, and a link that
 * stands where a folder has to be is replaced by one. Paths are relative to the folder; methods reject with the system's
 * error.
 */
export class SitePlace {
  readonly #root: string;
  readonly #projectRoot: string;
  /** Folders that were real ones when last used. */
  readonly #folders = new Set<string>();

  /** @param projectRoot what lies in it is linked by relative paths, which hold where it is mounted elsewhere. */
  constructor(root: string, projectRoot: string) {
    this.#root = root;
    this.#projectRoot = projectRoot;
  }

  /** Somebody else may have removed folders. */
  forgetFolders(): void {
    this.#folders.clear();
  }

  /** Where a file is, or would be: absolute. */
  pathOf(name: string): string {
    return join(this.#root, name);
  }

  /** Puts a copy there in one step, in place of whatever is there; a clone where the file system has them. */
  async copy(from: string, name: string): Promise<void> {
    await this.#replace(name, async (temporary) => {
      for (;;) {
        const before = await stat(from);
        await copyFile(from, temporary, constants.COPYFILE_FICLONE);
        // A clone may keep the time of the original; by an older one a browser would keep what it has.
        const now = new Date();
        await utimes(temporary, now, now);
        // Written meanwhile: the copy may be half of the one and half of the other.
        if (statId(await stat(from)) === statId(before)) return;
      }
    });
  }

  /** Puts a symbolic link there in one step. Returns false, having taken it away, when it does not lead to the file. */
  async link(from: string, name: string): Promise<boolean> {
    await this.#replace(name, async (temporary, to) =>
      symlink(await this.#targetOf(from, dirname(to)), temporary, 'file'),
    );
    if (await this.isLinked(from, name)) return true;
    await unlink(this.pathOf(name));
    return false;
  }

  /** True when a link is there that leads to the file. */
  async isLinked(from: string, name: string): Promise<boolean> {
    const to = this.pathOf(name);
    const [itself, reached, wanted] = await Promise.all([lstat(to), stat(to), stat(from)].map(orNull));
    if (!itself?.isSymbolicLink() || !reached || !wanted) return false;
    return reached.ino === wanted.ino && reached.dev === wanted.dev;
  }

  /** Takes a file or link away, and the folders that are empty then. */
  async remove(name: string): Promise<void> {
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      if (!(await orNull(lstat(this.pathOf(folder))))?.isDirectory()) return;
    }
    const present = await orNull(lstat(this.pathOf(name)));
    if (!present || present.isDirectory()) return;
    await unlink(this.pathOf(name));
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      this.#folders.delete(folder);
      try {
        await rmdir(this.pathOf(folder));
      } catch {
        return;
      }
    }
  }

  async #replace(name: string, make: (temporary: string, to: string) => Promise<void>): Promise<void> {
    try {
      await this.#write(name, make);
    } catch (error) {
      // A folder that we know may have gone; where the asset has gone, it fails again.
      if (!isMissing(error)) throw error;
      this.#folders.clear();
      await this.#write(name, make);
    }
  }

  async #write(name: string, make: (temporary: string, to: string) => Promise<void>): Promise<void> {
    await this.#makeFolder(dirname(name));
    const to = this.pathOf(name);
    const temporary = join(dirname(to), `.leptos-fast-${randomUUID()}`);
    try {
      await make(temporary, to);
      await this.#moveInPlace(temporary, to);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #moveInPlace(temporary: string, to: string): Promise<void> {
    try {
      await rename(temporary, to);
    } catch (error) {
      // Among the assets a file has come where a folder was.
      if (!(await orNull(lstat(to)))?.isDirectory()) throw error;
      await rm(to, { recursive: true });
      await rename(temporary, to);
    }
  }

  async #makeFolder(name: string): Promise<void> {
    if (this.#folders.has(name)) return;
    if (name === '.') await mkdir(this.#root, { recursive: true });
    else {
      await this.#makeFolder(dirname(name));
      const path = this.pathOf(name);
      const present = await orNull(lstat(path));
      // Another file of the same folder may be quicker.
      if (present && !present.isDirectory()) await orNull(unlink(path));
      await mkdir(path, { recursive: true });
      if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is not a folder of the site`);
    }
    this.#folders.add(name);
  }

  async #targetOf(from: string, folder: string): Promise<string> {
    const real = await realpath(folder);
    return [real, from].every((path) => isInside(path, this.#projectRoot)) ? relative(real, from) : from;
  }
}

/** The result; null where there is no such file, or it cannot be reached. */
function orNull<T>(result: Promise<T>): Promise<T | null> {
  return result.catch(() => null);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}
