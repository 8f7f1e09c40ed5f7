import { err, ok, type Result } from '../core/result.js';
import type { CargoMetadata, CargoPackage } from './cargo-metadata.js';
import type { DotenvFile } from './dotenv-file.js';
import { resolveConfig, type WorkspaceDirs } from './leptos-config.js';
import type { LeptosEntry } from './leptos-entries.js';
import type { MetadataProblem, ProblemSite } from './metadata-problem.js';
import type { LeptosProject, PackageInfo } from './model.js';
import type { PackageGraph } from './packages.js';
import { readSettings, type Settings } from './settings.js';

/** Everything about the workspace that a project is resolved against. */
export interface ProjectContext {
  readonly metadata: CargoMetadata;
  readonly graph: PackageGraph;
  readonly dirs: WorkspaceDirs;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Makes a project out of its entry in a manifest, with the rules of cargo-leptos's `LibPackage::resolve` and `BinPackage::resolve`:
 * both packages are workspace members, the library has a cdylib target, and the binary has one bin target or names it.
 */
export function resolveProject(
  entry: LeptosEntry,
  dotenv: DotenvFile | undefined,
  context: ProjectContext,
): Result<LeptosProject, MetadataProblem> {
  const settings = readSettings(entry.table, dotenv, context.env);
  if (!settings.ok) return settings;
  const config = resolveConfig(entry, settings.value, context.dirs, dotenv, context.env);
  if (!config.ok) return config;
  const libPackage = findLib(entry, context);
  if (!libPackage.ok) return libPackage;
  const binPackage = findMember('bin-package', entry.binName, entry, context);
  if (!binPackage.ok) return binPackage;
  const binTarget = findBinTarget(binPackage.value, entry, settings.value, context);
  if (!binTarget.ok) return binTarget;

  return ok({
    name: entry.name,
    libPackage: libPackage.value,
    binPackage: binPackage.value,
    binTarget: binTarget.value,
    frontPackages: context.graph.closure(libPackage.value),
    serverPackages: context.graph.closure(binPackage.value),
    config: config.value,
  });
}

function findMember(
  key: 'lib-package' | 'bin-package',
  name: string,
  entry: LeptosEntry,
  { graph }: ProjectContext,
): Result<PackageInfo, MetadataProblem> {
  const found = graph.member(name);
  if (found) return ok(found);
  const members = graph.all.filter(({ isMember }) => isMember).map((pkg) => pkg.name);
  return err({
    message: `${key} names no workspace member: ${JSON.stringify(name)}`,
    at: keyOf(entry, key),
    why: `The members are ${members.join(', ')}.`,
    help: [`Write the \`name\` that stands in the [package] of the one you mean.`],
  });
}

function findLib(entry: LeptosEntry, context: ProjectContext): Result<PackageInfo, MetadataProblem> {
  const found = findMember('lib-package', entry.libName, entry, context);
  if (!found.ok) return found;
  const { targets } = rawPackage(found.value, context);
  if (targets.some((target) => target.crate_types.includes('cdylib'))) return found;

  const list = targets.map((target) => `${target.name} (${target.crate_types.join(', ')})`).join(', ');
  return err({
    message: `the package ${found.value.name} has no cdylib library, which the wasm is made from`,
    at: { kind: 'key', manifestPath: found.value.manifestPath, keys: ['lib', 'crate-type'] },
    why: `Its targets are ${list}.`,
    help: ['Add to its Cargo.toml:', '[lib]', 'crate-type = ["cdylib", "rlib"]'],
  });
}

function findBinTarget(
  pkg: PackageInfo,
  entry: LeptosEntry,
  settings: Settings,
  context: ProjectContext,
): Result<string, MetadataProblem> {
  const bins = rawPackage(pkg, context).targets.filter((target) => target.kind.includes('bin'));
  const names = bins.map(({ name }) => name);
  // An empty name counts as none, as in cargo-leptos.
  const wanted = settings.binTarget?.value || undefined;
  const [first] = names;
  if (wanted !== undefined && names.includes(wanted)) return ok(wanted);
  if (wanted === undefined && first !== undefined && names.length === 1) return ok(first);

  if (first === undefined) {
    return err({
      message: `the package ${pkg.name} has no bin target, which would be the server`,
      at: entry.origin === 'workspace' ? keyOf(entry, 'bin-package') : keyOf(entry),
      help: [`Add src/main.rs to ${pkg.dir}, or a [[bin]] to its Cargo.toml.`],
    });
  }
  return err({
    message:
      wanted === undefined
        ? `the package ${pkg.name} has several bin targets, and bin-target does not say which one is the server`
        : `bin-target names no bin target of the package ${pkg.name}: ${JSON.stringify(wanted)}`,
    at: settings.binTarget?.at ?? keyOf(entry),
    why: `Its bin targets are ${names.join(', ')}.`,
    help: [`For instance: bin-target = ${JSON.stringify(first)}`],
  });
}

function rawPackage(pkg: PackageInfo, { metadata }: ProjectContext): CargoPackage {
  const raw = metadata.packages.find(({ id }) => id === pkg.id);
  if (!raw) throw new Error(`a package of the graph is not in the metadata: ${pkg.id}`);
  return raw;
}

function keyOf({ table }: LeptosEntry, ...keys: readonly string[]): ProblemSite {
  return { kind: 'key', manifestPath: table.manifestPath, keys: [...table.keys, ...keys] };
}
