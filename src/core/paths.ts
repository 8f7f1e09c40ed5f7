import { dirname, sep } from 'node:path';

/** True when `path` is `folder` or lies below it. Both absolute and without `..`; the file system isn't asked. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A folder (absolute) and all above it, itself first. */
export function foldersUpwards(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUpwards(parent)];
}
