import { randomUUID } from 'node:crypto';
import { symlink as makeLink, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether symbolic links to files can be made and read in a folder. `why` is for people. */
export type LinkTrial =
  | { readonly kind: 'linked' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'not tried'; readonly why: string };

/** Windows: CreateSymbolicLink needs a right that only administrators have, or developer mode. */
const WITHOUT_THE_RIGHT = 'Windows lets only administrators make symbolic links, or everybody in developer mode';
const NO_LINKS = 'the file system has no symbolic links';
const REASONS: Readonly<Record<string, string>> = {
  EPERM: 'the file system, or a policy of the system, refuses symbolic links',
  EACCES: 'the folder refuses symbolic links',
  ENOSYS: NO_LINKS,
  ENOTSUP: NO_LINKS,
  EOPNOTSUPP: NO_LINKS,
  EINVAL: NO_LINKS,
};

/**
 * Makes a symbolic link in `folder` (absolute, created if need be), reads through it, and takes everything away again.
 * Only a trial tells: between Windows and a container, or over a network, the system's name promises nothing.
 */
export async function tryLink(
  folder: string,
  symlink: (target: string, path: string, type: 'file') => Promise<void> = makeLink,
  platform: NodeJS.Platform = process.platform,
): Promise<LinkTrial> {
  let trial: string | undefined;
  const made = await mkdir(folder, { recursive: true }).catch(() => undefined);
  try {
    trial = await mkdtemp(join(folder, 'link-trial-'));
    const text = randomUUID();
    await writeFile(join(trial, 'file'), text);
    await symlink(join(trial, 'file'), join(trial, 'link'), 'file');
    const read = await readFile(join(trial, 'link'), 'utf8');
    return read === text ? { kind: 'linked' } : { kind: 'refused', why: 'a link that was made on trial led elsewhere' };
  } catch (error) {
    const why = reasonOf(error, platform);
    return trial === undefined ? { kind: 'not tried', why } : { kind: 'refused', why };
  } finally {
    if (trial !== undefined) await rm(trial, { recursive: true, force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

function reasonOf(error: unknown, platform: NodeJS.Platform): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (platform === 'win32' && code === 'EPERM') return WITHOUT_THE_RIGHT;
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
