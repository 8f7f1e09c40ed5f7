import { sep } from 'node:path';

/** True when `path` is `folder` or lies below it. Both absolute and without `..`; the file system isn't asked. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
