import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'smol-toml';
import { RUST_SIDES, type RustSide } from '../core/events.js';
import type { FeatureWishes } from '../project/feature-wishes.js';
import { type LockGraph, parseLockGraph, withDependents } from '../project/lock-graph.js';
import type { Workspace } from '../project/model.js';

/** So many causes are told; the rest is counted. */
const MAX_TOLD = 3;
/** Profiles that no development build takes its settings from. */
const OTHER_PROFILES: ReadonlySet<string> = new Set(['release', 'bench']);

type Table = Readonly<Record<string, unknown>>;

/** All that decides which dependencies are compiled, and how. */
export interface Dependencies {
  readonly lock: LockGraph;
  readonly wishes: FeatureWishes;
  /** `[profile.*]` of the workspace's manifest. */
  readonly profiles: Table;
}

/** Keys (see LockGraph) of the packages that the last build of each side consisted of; absent before its first. */
export type BuiltPackages = ReadonlyMap<RustSide, ReadonlySet<string>>;

/** Reads them as they are in the files now; null where Cargo.lock or the manifest cannot be read. */
export async function readDependencies({
  root,
  manifestPath,
  featureWishes: wishes,
}: Workspace): Promise<Dependencies | null> {
  try {
    const [lock, manifest] = await Promise.all([
      readFile(join(root, 'Cargo.lock'), 'utf8'),
      readFile(manifestPath, 'utf8'),
    ]);
    return { lock: parseLockGraph(lock), wishes, profiles: tableOf(parse(manifest).profile) };
  } catch {
    return null;
  }
}

/** Something in the manifests or the lock file that lets cargo compile dependencies again. */
interface Cause {
  /** For people. */
  readonly what: string;
  /** What is compiled again by it, with all that needs it; `all` for every crate. */
  readonly changed: readonly string[] | 'all';
  /** A crate that has not been there, and so was not built either. */
  readonly isNew?: boolean;
  /** More than what is counted can follow: features are passed on to other crates. */
  readonly isLeast: boolean;
}

/**
 * Says which dependencies the next build will compile again after an edit of a manifest or of Cargo.lock, and why: one line for
 * people for each cause. What is in the lock file only for another platform, or for a feature that is off,
 * is not counted: what the last builds consisted of is. Toolchain and RUSTFLAGS are not looked at.
 */
export function dependencyChanges(before: Dependencies, now: Dependencies, built: BuiltPackages): readonly string[] {
  const causes = [
    ...profileCauses(before.profiles, now.profiles, now.lock),
    ...versionCauses(before.lock, now.lock),
    ...featureCauses(before, now),
  ];
  const told = causes.slice(0, MAX_TOLD).map((cause) => `${cause.what}${consequence(cause, now.lock, built)}`);
  const more = causes.length - told.length;
  return more > 0 ? [...told, `and ${more} more such changes`] : told;
}

function profileCauses(before: Table, now: Table, lock: LockGraph): readonly Cause[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name): readonly Cause[] => {
    const [old, young] = [tableOf(before[name]), tableOf(now[name])];
    if (OTHER_PROFILES.has(name) || isDeepStrictEqual(old, young)) return [];
    const { package: oldPackages, ...oldRest } = old;
    const { package: youngPackages, ...youngRest } = young;
    const what = `[profile.${name}] changed`;
    if (!isDeepStrictEqual(oldRest, youngRest)) return [{ what, changed: 'all', isLeast: false }];
    const packages = changedKeys(tableOf(oldPackages), tableOf(youngPackages));
    // `"*"` is every crate but the workspace's own; `name@1.0` names a version.
    const changed = packages.includes('*')
      ? 'all'
      : [...lock].flatMap(([key, pkg]) => (packages.some((spec) => spec.split(/[@:]/)[0] === pkg.name) ? [key] : []));
    return [{ what: `${what} for ${packages.map((spec) => `"${spec}"`).join(', ')}`, changed, isLeast: false }];
  });
}

function versionCauses(before: LockGraph, now: LockGraph): readonly Cause[] {
  const causes: Cause[] = [];
  for (const [key, { name, version, source }] of now) {
    const old = before.get(key);
    if (source === undefined || (old && old.source === source)) continue;
    const gone = [...before].filter(([other, pkg]) => pkg.name === name && !now.has(other));
    const [replaced] = gone;
    if (old) causes.push({ what: `${name} ${version} comes from another place`, changed: [key], isLeast: false });
    else if (replaced && gone.length === 1) {
      // Under its new key nothing was built; under the old one nothing needs it any more.
      causes.push({ what: `${name} ${replaced[1].version} → ${version}`, changed: [key, replaced[0]], isLeast: false });
    } else causes.push({ what: `${name} ${version} is new`, changed: [key], isLeast: false, isNew: true });
  }
  const news = causes.filter(({ isNew }) => isNew).flatMap(({ changed }) => changed);
  const brought = new Set(news.flatMap((key) => now.get(key)?.dependencies ?? []));
  // Of new crates, those that no other new one has brought along.
  return causes.filter(({ isNew, changed: [key = ''] }) => !(isNew && brought.has(key)));
}

function featureCauses(before: Dependencies, now: Dependencies): readonly Cause[] {
  const crates = new Set([...before.wishes.keys(), ...now.wishes.keys()]);
  return [...crates].flatMap((crate): readonly Cause[] => {
    const old: ReadonlySet<string> = before.wishes.get(crate) ?? new Set();
    const young: ReadonlySet<string> = now.wishes.get(crate) ?? new Set();
    const isThere = ({ lock }: Dependencies): boolean => [...lock.values()].some(({ name }) => name === crate);
    // One that came or went is told as such.
    if (!isThere(before) || !isThere(now)) return [];
    const added = [...young].filter((feature) => !old.has(feature)).map((feature) => `+ ${feature}`);
    const removed = [...old].filter((feature) => !young.has(feature)).map((feature) => `− ${feature}`);
    if (added.length + removed.length === 0) return [];
    const changed = [...now.lock].flatMap(([key, { name, source }]) => (name === crate && source ? [key] : []));
    const what = `features of ${crate}: ${[...added, ...removed].join(', ')}`;
    return changed.length === 0 ? [] : [{ what, changed, isLeast: true }];
  });
}

/** How many dependencies of each side are compiled again; the packages of this machine are at any edit of a manifest. */
function consequence({ changed, isLeast, isNew = false }: Cause, lock: LockGraph, built: BuiltPackages): string {
  const reached = changed === 'all' ? null : withDependents(lock, changed);
  const isLocal = (key: string): boolean => lock.get(key)?.source === undefined && lock.has(key);
  const counts = RUST_SIDES.flatMap((side) => {
    const packages = [...(built.get(side) ?? [])].filter((key) => !isLocal(key));
    const again = packages.filter((key) => !reached || reached.has(key)).length;
    return packages.length === 0 ? [] : [{ side, again, of: packages.length }];
  });
  if (counts.length === 0) return isNew ? '' : ' (compiled again: what needs it)';
  const parts = counts.flatMap(({ side, again, of }) => {
    if (again === 0) return [];
    return again === of ? `all ${of} dependencies of the ${side}` : `${again} of the ${side}'s ${of} dependencies`;
  });
  if (parts.length === 0) return isNew ? '' : ' (nothing that is built now needs it)';
  return ` (compiled again: ${isLeast ? 'at least ' : ''}${parts.join(' and ')})`;
}

function changedKeys(before: Table, now: Table): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].filter((key) => !isDeepStrictEqual(before[key], now[key]));
}

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}
