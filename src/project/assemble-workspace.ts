import { join, resolve } from 'node:path';
import { isInside } from '../core/paths.js';
import { err, ok, type Result } from '../core/result.js';
import type { CargoMetadata } from './cargo-metadata.js';
import { findDotenv } from './dotenv-file.js';
import { featureWishes } from './feature-wishes.js';
import { collectEntries, type LeptosEntry } from './leptos-entries.js';
import type { MetadataProblem } from './metadata-problem.js';
import type { LeptosProject, Workspace } from './model.js';
import { PackageGraph } from './packages.js';
import { resolveProject } from './resolve-project.js';

/** What the workspace consists of beside the answer of `cargo metadata`. */
export interface WorkspaceSources {
  readonly env: NodeJS.ProcessEnv;
  readonly lockedCrates: ReadonlyMap<string, readonly string[]>;
}

/**
 * Builds the model of a workspace from cargo's answer. Reads `.env` files and nothing else.
 * `undefined` when no manifest has Leptos metadata; a problem when the metadata is wrong.
 */
export async function assembleWorkspace(
  metadata: CargoMetadata,
  { env, lockedCrates }: WorkspaceSources,
): Promise<Result<Workspace | undefined, MetadataProblem>> {
  const root = resolve(metadata.workspace_root);
  const dirs = { root, targetDir: resolve(metadata.target_directory) };
  const manifestPath = join(root, 'Cargo.toml');
  const graph = new PackageGraph(metadata);

  const entries = collectEntries(metadata, graph, manifestPath);
  if (!entries.ok) return entries;
  if (entries.value.length === 0) return ok(undefined);
  const stray = checkMembersInside(graph, root, manifestPath);
  if (stray) return err(stray);

  const projects: LeptosProject[] = [];
  for (const entry of entries.value) {
    const dotenv = await findDotenv(resolve(entry.configDir), root, env);
    if (!dotenv.ok) return dotenv;
    const project = resolveProject(entry, dotenv.value, { metadata, graph, dirs, env });
    if (!project.ok) return project;
    projects.push(project.value);
  }
  return ok({
    root,
    manifestPath,
    targetDir: dirs.targetDir,
    isWorkspace: metadata.workspace_members.length > 1,
    packages: graph.all,
    projects,
    metadataPlace: metadataPlace(entries.value),
    lockedCrates,
    featureWishes: featureWishes(metadata),
  });
}

/** cargo allows members elsewhere, but cargo-leptos stops at any of them (`unbase` in `ProjectDefinition::parse`). */
function checkMembersInside(graph: PackageGraph, root: string, manifestPath: string): MetadataProblem | undefined {
  const stray = graph.all.find((pkg) => pkg.isMember && !isInside(pkg.dir, root));
  if (!stray) return undefined;
  return {
    message: `the workspace member ${stray.name} lies outside the workspace's folder`,
    at: { kind: 'key', manifestPath, keys: ['workspace', 'members'] },
    why: `It is in ${stray.dir}, and cargo-leptos works only with members below ${root}.`,
    help: ['Move it into the workspace, or make it a path dependency instead of a member.'],
  };
}

function metadataPlace(entries: readonly LeptosEntry[]): Workspace['metadataPlace'] {
  const origins = new Set(entries.map(({ origin }) => origin));
  if (origins.size === 2) return 'both';
  return origins.has('workspace') ? 'workspace' : 'package';
}
