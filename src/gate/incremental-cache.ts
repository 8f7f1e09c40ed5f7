import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cargoFolders } from './cargo-folders.js';

/**
 * Removes the incremental cache that a `cargo build` call uses. Only workspace crates have one, so this costs one full
 * build of them and no dependency.
 */
export async function removeIncrementalCache(args: readonly string[], defaultTargetDir: string): Promise<void> {
  const { target } = cargoFolders(args, defaultTargetDir);
  await rm(join(target, 'incremental'), { recursive: true, force: true });
}
