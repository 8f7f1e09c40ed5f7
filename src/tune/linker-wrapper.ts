import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What the wrapper adds to the linker's arguments, separated by spaces. */
export const LINK_ARGS_VARIABLE = 'LF_TUNE_LINK_ARGS';

/**
 * Writes a stand-in for the C compiler that rustc links with, by which linkers can be tried one after the other: cargo puts a
 * configured linker into its fingerprints and would build everything anew for each; a program on PATH it does not see.
 */
export async function writeLinkerWrapper(folder: string, driver: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, basename(driver));
  // Behind the other arguments: of several -fuse-ld the last counts.
  await writeFile(path, `#!/bin/sh\nexec '${driver.replaceAll("'", `'\\''`)}' "$@" $${LINK_ARGS_VARIABLE}\n`);
  await chmod(path, 0o755);
}
