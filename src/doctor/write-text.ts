import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Gives a text file another content in one step, through a temporary file beside it; links and permissions stay. Returns why
 * nothing was written: the file is no longer as it was read (`before`; undefined: absent), or the system's reason.
 */
export async function replaceText(
  file: string,
  before: string | undefined,
  after: string,
): Promise<string | undefined> {
  const real = await realpath(file).catch(() => file);
  const temporary = join(dirname(real), `.${basename(real)}.leptos-fast-${randomUUID()}`);
  try {
    const present = before === undefined ? undefined : await stat(real);
    if (present && (present.mode & 0o200) === 0) return 'the file is read-only';
    const handle = await open(temporary, 'wx', (present?.mode ?? 0o644) & 0o777);
    try {
      await handle.writeFile(after);
      if (present) await handle.chmod(present.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await readFile(real, 'utf8').catch(() => undefined)) !== before)
      return 'something else changed the file meanwhile';
    await rename(temporary, real);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(temporary, { force: true });
  }
}
