import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** How much is loaded of a file that is sent with gzip, in bytes. */
export async function gzipSize(file: Uint8Array): Promise<number> {
  return (await promisify(gzip)(file)).length;
}
