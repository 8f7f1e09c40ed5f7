import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders below a target directory: `front/wasm32-unknown-unknown/dev-fast` is the deepest with builds in it. */
const MAX_DEPTH = 4;
const KINDS = ['.fingerprint', 'build', 'deps', 'incremental'];

/**
 * Removes what cargo has built of these crates from a target directory, in every profile and for every target, and leaves
 * all others as they are. `cargo clean -p` does one profile and one target at a time, and keeps the incremental caches.
 */
export async function cleanCrates(targetDir: string, crates: readonly string[], depth = 0): Promise<void> {
  const entries = await readdir(targetDir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (folders.includes('.fingerprint')) {
    for (const kind of KINDS) {
      const names = await readdir(join(targetDir, kind)).catch(() => []);
      const own = names.filter((name) => crates.some((crate) => isOf(name, crate)));
      await Promise.all(own.map((name) => rm(join(targetDir, kind, name), { recursive: true, force: true })));
    }
    return;
  }
  if (depth >= MAX_DEPTH) return;
  for (const folder of folders) await cleanCrates(join(targetDir, folder), crates, depth + 1);
}

/** `bench-small-0123456789abcdef`, `libbench_small-….rlib`, `bench_small-1a2b3c` of the incremental cache, `bench_small.wasm`. */
function isOf(name: string, crate: string): boolean {
  const names = [crate, crate.replaceAll('-', '_')];
  return names.some((own) => {
    const rest = name.startsWith(own)
      ? name.slice(own.length)
      : name.startsWith(`lib${own}`)
        ? name.slice(own.length + 3)
        : null;
    return rest !== null && /^(-[0-9a-z]+)?(\..*)?$/.test(rest);
  });
}
