import { err, ok, type Result } from '../core/result.js';
import type { CargoMetadata } from './cargo-metadata.js';
import type { MetadataProblem } from './metadata-problem.js';
import type { PackageInfo } from './model.js';
import type { PackageGraph } from './packages.js';
import type { MetadataTable } from './settings.js';

/** One Leptos project as the manifests define it. */
export interface LeptosEntry {
  readonly name: string;
  readonly libName: string;
  readonly binName: string;
  /** Paths of styles and assets are relative to this folder (absolute): the package's or the workspace's. */
  readonly configDir: string;
  readonly origin: 'package' | 'workspace';
  readonly table: MetadataTable;
}

/**
 * Collects `[[workspace.metadata.leptos]]` and every member's `[package.metadata.leptos]`, in cargo-leptos's order
 * (`ProjectDefinition::parse` in config/project.rs). Empty when there is none.
 */
export function collectEntries(
  metadata: CargoMetadata,
  graph: PackageGraph,
  rootManifest: string,
): Result<readonly LeptosEntry[], MetadataProblem> {
  const fromWorkspace = workspaceEntries(metadata, rootManifest);
  if (!fromWorkspace.ok) return fromWorkspace;

  const entries = [...fromWorkspace.value];
  for (const pkg of graph.all.filter(({ isMember }) => isMember)) {
    const raw = leptosTable(metadata.packages.find(({ id }) => id === pkg.id)?.metadata);
    if (raw === undefined) continue;
    const entry = packageEntry(pkg, raw);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  if (entries.length === 0 && leptosTable(metadata.metadata) !== undefined) return err(singleBrackets(rootManifest));
  return ok(entries);
}

const WORKSPACE_KEYS = ['workspace', 'metadata', 'leptos'];
const PACKAGE_KEYS = ['package', 'metadata', 'leptos'];

function workspaceEntries(
  metadata: CargoMetadata,
  rootManifest: string,
): Result<readonly LeptosEntry[], MetadataProblem> {
  const raw = leptosTable(metadata.metadata);
  // cargo-leptos overlooks anything else than an array here.
  if (!Array.isArray(raw)) return ok([]);

  const entries: LeptosEntry[] = [];
  for (const [index, values] of raw.entries()) {
    const keys = [...WORKSPACE_KEYS, index];
    if (!isRecord(values)) return err(noTable('An entry of workspace.metadata.leptos', rootManifest, keys));
    const { name, 'bin-package': binName, 'lib-package': libName } = values;
    for (const [key, value] of Object.entries({ name, 'bin-package': binName, 'lib-package': libName })) {
      if (typeof value !== 'string') return err(missingName(key, value, rootManifest, keys));
    }
    entries.push({
      name: String(name),
      libName: String(libName),
      binName: String(binName),
      configDir: metadata.workspace_root,
      origin: 'workspace',
      table: { manifestPath: rootManifest, keys, values },
    });
  }
  return ok(entries);
}

function packageEntry(pkg: PackageInfo, values: unknown): Result<LeptosEntry, MetadataProblem> {
  if (!isRecord(values)) return err(noTable('package.metadata.leptos', pkg.manifestPath, PACKAGE_KEYS));
  return ok({
    name: pkg.name,
    libName: pkg.name,
    binName: pkg.name,
    configDir: pkg.dir,
    origin: 'package',
    table: { manifestPath: pkg.manifestPath, keys: PACKAGE_KEYS, values },
  });
}

function leptosTable(metadata: unknown): unknown {
  return isRecord(metadata) ? metadata.leptos : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function singleBrackets(rootManifest: string): MetadataProblem {
  return {
    message: 'workspace.metadata.leptos must be an array of tables',
    at: { kind: 'key', manifestPath: rootManifest, keys: WORKSPACE_KEYS },
    why: 'cargo-leptos overlooks it otherwise.',
    help: ['Write it with two brackets: [[workspace.metadata.leptos]]'],
  };
}

function noTable(what: string, manifestPath: string, keys: readonly (string | number)[]): MetadataProblem {
  return {
    message: `${what} must be a table`,
    at: { kind: 'key', manifestPath, keys },
    help: ['See https://github.com/leptos-rs/cargo-leptos#readme for the keys.'],
  };
}

function missingName(
  key: string,
  value: unknown,
  manifestPath: string,
  keys: readonly (string | number)[],
): MetadataProblem {
  const meaning: Record<string, string> = {
    name: "a name for the project, for example the app's",
    'bin-package': 'the workspace member that is the server',
    'lib-package': 'the workspace member that becomes the wasm',
  };
  return {
    message: value === undefined ? `${key} is missing` : `${key} is not valid: ${JSON.stringify(value)}`,
    at: { kind: 'key', manifestPath, keys: value === undefined ? keys : [...keys, key] },
    why: 'Every [[workspace.metadata.leptos]] needs name, bin-package and lib-package as strings.',
    help: [`Add ${key} = "…": ${meaning[key]}.`],
  };
}
