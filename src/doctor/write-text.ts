import { readFile, realpath, stat } from 'node:fs/promises';
import { replaceFile } from '../core/replace-file.js';

/**
 * Gives a text file another content in one step; links, permissions and owner stay. Returns why nothing was written: the
 * file is no longer as it was read (`before`; undefined: absent), or the system's reason.
 */
export async function replaceText(
  file: string,
  before: string | undefined,
  after: string,
): Promise<string | undefined> {
  const real = await realpath(file).catch(() => file);
  try {
    if (before !== undefined && ((await stat(real)).mode & 0o200) === 0) return 'the file is read-only';
    return await replaceFile(real, Buffer.from(after), async () => {
      const present = await readFile(real, 'utf8').catch(() => undefined);
      return present === before ? undefined : 'something else changed the file meanwhile';
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
