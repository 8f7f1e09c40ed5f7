import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { mapLimited } from '../core/concurrency.js';
import { exists } from '../core/exists.js';
import { cargoFolders } from '../gate/cargo-folders.js';
import type { CargoRequest } from '../gate/protocol.js';

const AT_A_TIME = 16;
/** What an edit's build keeps between edits: large, and of no use to a copy of the app, whose crates cargo names otherwise. */
const SKIPPED = new Set(['incremental', 'examples']);

export interface SeedOptions {
  /** cargo-leptos's calls, as they are for the project itself. */
  readonly calls: readonly CargoRequest[];
  /** The project's target directory, where a call names no other. */
  readonly targetDir: string;
  /** Where the same folders shall be, by the target directory of the call. */
  readonly at: (call: CargoRequest) => string;
  readonly signal: AbortSignal;
}

/**
 * Copies what the project's dependencies were built to, so that the first build need not make them anew: cargo takes a crate
 * of a registry as it is wherever its target directory lies, as long as all times stay. Copies, no hard links: cargo writes
 * some of its files in place. Resolves with the number of files; what cannot be copied is left out, and cargo builds it.
 */
export async function seedDependencies({ calls, targetDir, at, signal }: SeedOptions): Promise<number> {
  let files = 0;
  const seen = new Set<string>();
  for (const call of calls) {
    const from = cargoFolders(call.args, targetDir);
    const to = cargoFolders(
      [...call.args.filter((arg) => !arg.startsWith('--target-dir=')), `--target-dir=${at(call)}`],
      '',
    );
    for (const side of ['target', 'host'] as const) {
      if (seen.has(from[side]) || !(await exists(from[side]))) continue;
      seen.add(from[side]);
      files += await copyWithTimes(from[side], to[side], signal);
    }
  }
  return files;
}

async function copyWithTimes(from: string, to: string, signal: AbortSignal): Promise<number> {
  const entries = await readdir(from, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter(
    (entry) =>
      entry.isFile() &&
      !relative(from, entry.parentPath)
        .split(/[\\/]/)
        .some((part) => SKIPPED.has(part)),
  );
  const folders = new Set(files.map(({ parentPath }) => parentPath));
  for (const folder of folders) await mkdir(join(to, relative(from, folder)), { recursive: true });
  const copied = await mapLimited(files, AT_A_TIME, async ({ parentPath, name }) => {
    if (signal.aborted) return 0;
    const source = join(parentPath, name);
    const target = join(to, relative(from, source));
    try {
      const { atimeMs, mtimeMs } = await stat(source);
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await utimes(target, atimeMs / 1_000, mtimeMs / 1_000);
      return 1;
    } catch {
      return 0;
    }
  });
  return copied.reduce<number>((sum, count) => sum + count, 0);
}
