import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CargoMetadata } from './cargo-metadata.js';
import { parseLockGraph } from './lock-graph.js';

/**
 * Every crate and its versions from the workspace's Cargo.lock, in the file's order; from the resolved packages when the
 * file cannot be read. The lockfile is the better source: it also holds the crates that only some feature turns on.
 */
export async function readLockedCrates(metadata: CargoMetadata): Promise<ReadonlyMap<string, readonly string[]>> {
  try {
    return parseLockfile(await readFile(join(metadata.workspace_root, 'Cargo.lock'), 'utf8'));
  } catch {
    return collectVersions(metadata.packages);
  }
}

/** Name → versions of a Cargo.lock. */
export function parseLockfile(text: string): ReadonlyMap<string, readonly string[]> {
  return collectVersions([...parseLockGraph(text).values()]);
}

function collectVersions(
  crates: readonly { readonly name: string; readonly version: string }[],
): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const { name, version } of crates) {
    const known = versions.get(name);
    if (!known) versions.set(name, [version]);
    else if (!known.includes(version)) known.push(version);
  }
  return versions;
}
