import { dirname, resolve } from 'node:path';
import type { CargoMetadata, CargoPackage } from './cargo-metadata.js';
import type { PackageInfo } from './model.js';

/** The packages of a workspace that are built from a folder on this machine, and what depends on what. */
export class PackageGraph {
  readonly #packages: ReadonlyMap<string, PackageInfo>;
  readonly #edges: ReadonlyMap<string, readonly string[]>;

  constructor(metadata: CargoMetadata) {
    const members = new Set(metadata.workspace_members);
    const local = metadata.packages.filter((pkg) => pkg.source === null);
    this.#packages = new Map(local.map((pkg) => [pkg.id, toPackageInfo(pkg, members.has(pkg.id))]));
    this.#edges = collectEdges(metadata);
  }

  /** Members and path dependencies, in cargo's order. */
  get all(): readonly PackageInfo[] {
    return [...this.#packages.values()];
  }

  member(name: string): PackageInfo | undefined {
    return this.all.find((pkg) => pkg.isMember && pkg.name === name);
  }

  /** `start` and every package on this machine that it is built from, dev dependencies left out. */
  closure(start: PackageInfo): readonly PackageInfo[] {
    const seen = new Set([start.id]);
    // A Set may grow while it is walked, and then walks the additions too.
    for (const id of seen) {
      for (const dependency of this.#edges.get(id) ?? []) seen.add(dependency);
    }
    return [...seen].flatMap((id) => this.#packages.get(id) ?? []);
  }
}

function toPackageInfo(pkg: CargoPackage, isMember: boolean): PackageInfo {
  const manifestPath = resolve(pkg.manifest_path);
  return {
    id: pkg.id,
    name: pkg.name,
    version: pkg.version,
    manifestPath,
    dir: dirname(manifestPath),
    isMember,
    hasBuildScript: pkg.targets.some((target) => target.kind.includes('custom-build')),
  };
}

/**
 * Package id → ids of what it is built from. Two sources, because each lacks something: the resolved graph knows
 * `[patch]`es, but only features that are on by default; the declared dependencies know the optional ones, which
 * cargo-leptos turns on later with `bin-features` and `lib-features`.
 */
function collectEdges(metadata: CargoMetadata): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  const add = (from: string, to: string) => {
    const known = edges.get(from);
    if (known) known.push(to);
    else edges.set(from, [to]);
  };
  for (const node of metadata.resolve?.nodes ?? []) {
    for (const dep of node.deps) {
      if (dep.dep_kinds?.every(({ kind }) => kind === 'dev') && dep.dep_kinds.length > 0) continue;
      add(node.id, dep.pkg);
    }
  }
  const idByDir = localPackagesByDir(metadata);
  for (const pkg of metadata.packages) {
    for (const dir of declaredPathDependencies(pkg)) {
      const id = idByDir.get(dir);
      if (id !== undefined) add(pkg.id, id);
    }
  }
  return edges;
}

/**
 * Folders of path dependencies that are declared but not in the metadata: optional ones that no default feature turns on,
 * outside the workspace.
 */
export function missingPathDependencies(metadata: CargoMetadata): readonly string[] {
  const known = localPackagesByDir(metadata);
  const declared = metadata.packages.flatMap((pkg) => (pkg.source === null ? declaredPathDependencies(pkg) : []));
  return [...new Set(declared)].filter((dir) => !known.has(dir));
}

function localPackagesByDir(metadata: CargoMetadata): Map<string, string> {
  const local = metadata.packages.filter((pkg) => pkg.source === null);
  return new Map(local.map((pkg) => [dirname(resolve(pkg.manifest_path)), pkg.id]));
}

function declaredPathDependencies(pkg: CargoPackage): string[] {
  return pkg.dependencies.flatMap((dep) => (dep.path && dep.kind !== 'dev' ? [resolve(dep.path)] : []));
}
