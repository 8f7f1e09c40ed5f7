import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the incremental cache that a `cargo build` call uses: `<target dir>/[<triple>/]<profile>/incremental`. Only
 * workspace crates have one, so this costs one full build of them and no dependency.
 */
export async function removeIncrementalCache(args: readonly string[], defaultTargetDir: string): Promise<void> {
  const profile = option(args, 'profile') ?? 'dev';
  const folder = join(
    option(args, 'target-dir') ?? defaultTargetDir,
    option(args, 'target') ?? '',
    // doc.rust-lang.org/cargo/guide/build-cache.html: `dev` and `test` build into `debug`.
    profile === 'dev' || profile === 'test' ? 'debug' : profile,
    'incremental',
  );
  await rm(folder, { recursive: true, force: true });
}

function option(args: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  return args.find((arg) => arg.startsWith(start))?.slice(start.length);
}
