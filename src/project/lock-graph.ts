/** A package of a Cargo.lock. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Absent for what lies on this machine as a folder. */
  readonly source?: string;
  /** Keys of what it needs, on any platform and with any feature. */
  readonly dependencies: readonly string[];
}

/** The packages of a Cargo.lock by their keys. */
export type LockGraph = ReadonlyMap<string, LockedPackage>;

/** `name version`, with the source behind it where two have both alike. */
const FIELD = /^(name|version|source) = "(.*)"\r?$/gm;
const DEPENDENCIES = /^dependencies = \[([^\]]*)\]/m;

/**
 * Reads the packages of a Cargo.lock, in the file's order, and what each needs. Cargo writes this file itself, one key a line, so no TOML
 * parser is needed for the megabytes that it may have (cargo, core/resolver/encode.rs: a dependency is named by as much of name,
 * version and source as it takes to tell it from others).
 */
export function parseLockGraph(text: string): LockGraph {
  const found = text
    .split(/^\[\[package\]\]\r?$/m)
    .slice(1)
    .map((block) => {
      const fields = new Map([...block.matchAll(FIELD)].map(([, key = '', value = '']) => [key, value]));
      const needs = [...(DEPENDENCIES.exec(block)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
      const source = fields.get('source');
      const own = { name: fields.get('name') ?? '', version: fields.get('version') ?? '', ...(source && { source }) };
      return { ...own, needs };
    });
  const keys = new Map<string, string>();
  const graph = new Map<string, Omit<LockedPackage, 'dependencies'> & { readonly needs: readonly string[] }>();
  for (const each of found) {
    const short = lockKey(each.name, each.version);
    const key = graph.has(short) ? `${short} (${each.source})` : short;
    graph.set(key, each);
    // The least that names it; a second one of the same name is named by more.
    for (const name of [each.name, short, `${short} (${each.source})`]) if (!keys.has(name)) keys.set(name, key);
    keys.set(`${short} (${each.source})`, key);
  }
  return new Map(
    [...graph].map(([key, { needs, ...own }]) => [
      key,
      { ...own, dependencies: needs.flatMap((name) => keys.get(name) ?? []) },
    ]),
  );
}

/** What a package is called in a LockGraph. */
export function lockKey(name: string, version: string): string {
  return `${name} ${version}`;
}

/** `registry+https://…#serde@1.0.2`, `path+file:///…/app#0.1.0` (doc.rust-lang.org/cargo/reference/pkgid-spec.html). */
const PACKAGE_ID = /([^/#?]*)(?:\?[^#]*)?#(?:(.+)@)?([^@]+)$/;

/** The name and version in a package id, as cargo's messages have it; null where it cannot be read. */
export function parsePackageId(packageId: string): Pick<LockedPackage, 'name' | 'version'> | null {
  const [, last = '', name = last, version] = PACKAGE_ID.exec(packageId) ?? [];
  return version === undefined ? null : { name, version };
}

/** The key of a package id; the id itself where it cannot be read. */
export function lockKeyOf(packageId: string): string {
  const read = parsePackageId(packageId);
  return read ? lockKey(read.name, read.version) : packageId;
}

/** The keys themselves, and all that need them, over any number of steps. */
export function withDependents(graph: LockGraph, keys: Iterable<string>): ReadonlySet<string> {
  const wantedBy = new Map<string, string[]>();
  for (const [key, { dependencies }] of graph) {
    for (const dependency of dependencies) wantedBy.set(dependency, [...(wantedBy.get(dependency) ?? []), key]);
  }
  const reached = new Set(keys);
  // A Set may grow while it is walked, and then walks the additions too.
  for (const key of reached) for (const dependent of wantedBy.get(key) ?? []) reached.add(dependent);
  return reached;
}
