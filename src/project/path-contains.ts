import { isAbsolute, relative } from 'node:path';

/** Is `inner` the folder `outer` itself or somewhere in it? Both absolute; the file system isn't asked. */
export function contains(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way !== '..' && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}
