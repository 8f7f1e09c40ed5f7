import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A new file may be read by all and written by its owner, as far as the umask lets it. */
const NEW_FILE_MODE = 0o644;

/**
 * Gives a file (absolute, links followed) other bytes in one step, through a temporary file beside it; permissions and owner
 * stay. `refuse` is asked when only the renaming is left: what it returns is returned, and nothing is changed. Rejects with
 * the system's reason when the file cannot be written.
 */
export async function replaceFile<Refusal>(
  path: string,
  bytes: Uint8Array,
  refuse: () => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.leptos-fast-${randomUUID()}`);
  try {
    const present = await stat(path).catch(() => null);
    const handle = await open(temporary, 'wx', (present?.mode ?? NEW_FILE_MODE) & 0o777);
    try {
      await handle.writeFile(bytes);
      if (present) {
        await handle.chmod(present.mode & 0o7777);
        // Only root may give a file away; anybody else's new file already is their own.
        await handle.chown(present.uid, present.gid).catch(() => undefined);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const refusal = await refuse();
    if (refusal !== undefined) return refusal;
    await rename(temporary, path);
    await syncFolder(folder);
    return undefined;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes the rename last over a power cut. Windows cannot open folders, and not every file system can sync one. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is already written.
  }
}
