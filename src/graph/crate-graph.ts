import type { CargoMetadata, CargoPackage } from '../project/cargo-metadata.js';

/** A package that is compiled from source on this machine. */
export interface LocalCrate {
  readonly name: string;
  readonly version: string;
  /** The folder of its manifest, absolute. */
  readonly dir: string;
  /** Names of the local crates that it is compiled after, directly. */
  readonly needs: readonly string[];
  /** Names of the local crates that are compiled again when it changes, itself left out. */
  readonly rebuilds: readonly string[];
}

/** A crate that is there in several versions: each is compiled, and their types are strangers to each other. */
export interface DuplicateCrate {
  readonly name: string;
  readonly versions: readonly {
    readonly version: string;
    /** Who asks for it: `name version`. */
    readonly wantedBy: readonly string[];
  }[];
}

/** What the dependencies of a workspace look like. */
export interface CrateGraph {
  readonly packages: number;
  /** Those whose edit compiles most come first. */
  readonly local: readonly LocalCrate[];
  readonly duplicates: readonly DuplicateCrate[];
  /** The longest way through the dependencies, the one that is compiled last first: nothing of it can be compiled side by side. */
  readonly longestChain: readonly string[];
  /** Ways from a crate back to itself, over a dev-dependency: cargo allows them. */
  readonly cycles: readonly (readonly string[])[];
}

interface Edge {
  readonly to: string;
  /** Only tests and examples need it. */
  readonly dev: boolean;
}

type Edges = ReadonlyMap<string, readonly Edge[]>;

/**
 * Reads the graph out of `cargo metadata` with its `resolve`: of all features that the workspace turns on and all platforms, so it
 * may hold crates that one of the two sides does not compile.
 */
export function crateGraph(metadata: CargoMetadata): CrateGraph {
  const packages = new Map(metadata.packages.map((pkg) => [pkg.id, pkg]));
  const edges: Edges = new Map(
    (metadata.resolve?.nodes ?? []).map(({ id, deps }) => [
      id,
      deps.map(({ pkg, dep_kinds: kinds }) => ({
        to: pkg,
        dev: kinds !== undefined && kinds.length > 0 && kinds.every(({ kind }) => kind === 'dev'),
      })),
    ]),
  );
  const nameOf = (id: string): string => packages.get(id)?.name ?? id;
  const local = metadata.packages.filter(({ source }) => source === null);
  return {
    packages: edges.size,
    local: local.map((pkg) => localCrate(pkg, local, edges)).toSorted((a, b) => b.rebuilds.length - a.rebuilds.length),
    duplicates: duplicatesOf(metadata.packages, edges),
    longestChain: longestChain(edges).map(nameOf),
    cycles: cyclesOf(
      local.map(({ id }) => id),
      edges,
    ).map((cycle) => cycle.map(nameOf)),
  };
}

function localCrate(pkg: CargoPackage, local: readonly CargoPackage[], edges: Edges): LocalCrate {
  const rebuilds = local.filter(({ id }) => id !== pkg.id && reaches(id, pkg.id, edges)).map(({ name }) => name);
  const needed = new Set((edges.get(pkg.id) ?? []).flatMap(({ to, dev }) => (dev ? [] : [to])));
  const needs = local.filter(({ id }) => needed.has(id)).map(({ name }) => name);
  const dir = pkg.manifest_path.replace(/[\\/]Cargo\.toml$/, '');
  return { name: pkg.name, version: pkg.version, dir, needs: needs.toSorted(), rebuilds: rebuilds.toSorted() };
}

/** Does the first crate's build need the second? */
function reaches(from: string, to: string, edges: Edges): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of edges.get(id) ?? []) {
      if (edge.dev || seen.has(edge.to)) continue;
      if (edge.to === to) return true;
      seen.add(edge.to);
      open.push(edge.to);
    }
  }
  return false;
}

function duplicatesOf(packages: readonly CargoPackage[], edges: Edges): DuplicateCrate[] {
  const wantedBy = new Map<string, string[]>();
  const byId = new Map(packages.map((pkg) => [pkg.id, pkg]));
  for (const [id, targets] of edges) {
    const from = byId.get(id);
    if (!from) continue;
    for (const { to } of targets) wantedBy.set(to, [...(wantedBy.get(to) ?? []), `${from.name} ${from.version}`]);
  }
  const byName = new Map<string, CargoPackage[]>();
  for (const pkg of packages) if (edges.has(pkg.id)) byName.set(pkg.name, [...(byName.get(pkg.name) ?? []), pkg]);
  return [...byName]
    .filter(([, versions]) => versions.length > 1)
    .map(([name, versions]) => ({
      name,
      versions: versions.map(({ id, version }) => ({ version, wantedBy: (wantedBy.get(id) ?? []).toSorted() })),
    }))
    .toSorted((a, b) => b.versions.length - a.versions.length || a.name.localeCompare(b.name));
}

/** Without dev-dependencies cargo allows no cycle, so each crate's longest way down is found once. */
function longestChain(edges: Edges): readonly string[] {
  const below = new Map<string, readonly string[]>();
  const chainFrom = (id: string): readonly string[] => {
    const known = below.get(id);
    if (known) return known;
    // A way back to it, which cargo would have refused, must not run for ever.
    below.set(id, [id]);
    let longest: readonly string[] = [];
    for (const { to, dev } of edges.get(id) ?? []) {
      const chain = dev ? [] : chainFrom(to);
      if (chain.length > longest.length) longest = chain;
    }
    const chain = [id, ...longest];
    below.set(id, chain);
    return chain;
  };
  let longest: readonly string[] = [];
  for (const id of edges.keys()) {
    const chain = chainFrom(id);
    if (chain.length > longest.length) longest = chain;
  }
  return longest;
}

/** The shortest way from each local crate's dev-dependency back to it; a cycle that was found is not told again from its other crates. */
function cyclesOf(local: readonly string[], edges: Edges): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  for (const start of local) {
    for (const { to, dev } of edges.get(start) ?? []) {
      if (!dev || cycles.some((cycle) => cycle.includes(start) && cycle.includes(to))) continue;
      const way = shortestWay(to, start, edges);
      if (way) cycles.push([start, ...way]);
    }
  }
  return cycles;
}

function shortestWay(from: string, to: string, edges: Edges): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]]);
  for (const id of cameFrom.keys()) {
    if (id === to) {
      const way: string[] = [];
      for (let at: string | null = to; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at);
      return way;
    }
    // A Map goes on with what is added while it is walked through: breadth first.
    for (const edge of edges.get(id) ?? []) if (!cameFrom.has(edge.to)) cameFrom.set(edge.to, id);
  }
  return null;
}
