import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import * as v from 'valibot';
import { runCargoMetadata } from './init-cargo.js';

const Packages = v.object({ packages: v.array(v.object({ name: v.string() })) });
const Lockfile = v.object({ package: v.optional(v.array(v.object({ name: v.string() })), []) });

/** How long cargo may take to resolve a project that has no lockfile yet, in milliseconds. */
const RESOLVE_TIMEOUT = 120_000;

/** The names of all crates in the workspace's Cargo.lock; undefined when there is none, or none that can be read. */
export async function readLockedCrates(workspaceRoot: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const { package: packages } = v.parse(Lockfile, parse(await readFile(join(workspaceRoot, 'Cargo.lock'), 'utf8')));
    return new Set(packages.map(({ name }) => name));
  } catch {
    return undefined;
  }
}

/**
 * Asks cargo which crates it would lock, for a workspace without a lockfile. Cargo writes Cargo.lock on the way; it is
 * taken away again, since `init` changes nothing but manifests. Undefined when cargo cannot resolve (no network, say).
 */
export async function resolveCrates(workspaceRoot: string): Promise<ReadonlySet<string> | undefined> {
  const lockfile = join(workspaceRoot, 'Cargo.lock');
  if (existsSync(lockfile)) return undefined;
  try {
    const answer = await runCargoMetadata(workspaceRoot, [], RESOLVE_TIMEOUT);
    if (!answer.ok || answer.value.exitCode !== 0) return undefined;
    const { packages } = v.parse(Packages, JSON.parse(answer.value.stdout));
    return new Set(packages.map(({ name }) => name));
  } finally {
    await rm(lockfile, { force: true });
  }
}
