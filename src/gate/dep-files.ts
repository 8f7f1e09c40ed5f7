import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The `dep-*` files of packages, absolute: what each target of theirs was compiled from, by whose time cargo sees whether a source is
 * newer (cargo, core/compiler/fingerprint: "the mtime of the dep-info").
 *
 * @param folder where a profile's artifacts are: `target/dev-fast`
 */
export async function depFiles(folder: string, packages: readonly string[]): Promise<readonly string[]> {
  const fingerprints = join(folder, '.fingerprint');
  const folders = await readdir(fingerprints).catch(() => []);
  // `<package>-<hash of 16 digits>`.
  const own = folders.filter((name) => packages.includes(name.slice(0, -17)));
  const found = await Promise.all(
    own.map(async (name) => {
      const files = await readdir(join(fingerprints, name)).catch(() => []);
      return files.filter((file) => file.startsWith('dep-')).map((file) => join(fingerprints, name, file));
    }),
  );
  return found.flat();
}

/** In ms since the epoch; null when there is no such file. */
export async function timeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
