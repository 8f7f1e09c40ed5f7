import { statfs } from 'node:fs/promises';

/** File systems whose changes are made elsewhere, so that the system here raises no events for them (statfs(2), linux/magic.h). */
const WITHOUT_EVENTS = new Map<number, string>([
  [0x6969, 'NFS'],
  [0x01021997, '9p (a Windows drive under WSL, or a virtual machine)'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x786f4256, 'a VirtualBox shared folder'],
  [0x6a656a63, 'a shared folder of a virtual machine'],
  [0x7c7c6673, 'a Parallels shared folder'],
]);

/**
 * Names the file system of a folder when it is known to raise no file events, else null. Where it isn't known beforehand
 * (FUSE, a bind mount of Docker Desktop) the watcher's sweep finds out.
 */
export async function fileSystemWithoutEvents(folder: string): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const found = await statfs(folder).catch(() => null);
  return found ? (WITHOUT_EVENTS.get(found.type >>> 0) ?? null) : null;
}
