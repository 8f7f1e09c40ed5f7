import { join } from 'node:path';

/**
 * Replaces a leading `CARGO_TARGET_DIR` or `CARGO_BUILD_TARGET_DIR` in a path of the Leptos metadata by cargo's target directory;
 * `undefined` when the path doesn't start with either. These are markers of cargo-leptos, no environment variables,
 * and count as a whole path component only.
 */
export function expandTargetMarker(path: string, targetDir: string): string | undefined {
  const marker = /^CARGO_(?:BUILD_)?TARGET_DIR(?=$|[\\/])/.exec(path)?.[0];
  return marker === undefined ? undefined : join(targetDir, path.slice(marker.length));
}
