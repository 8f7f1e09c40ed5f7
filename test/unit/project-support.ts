import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Result } from '../../src/core/result.js';
import { assembleWorkspace } from '../../src/project/assemble-workspace.js';
import { type CargoMetadata, parseCargoMetadata } from '../../src/project/cargo-metadata.js';
import type { MetadataProblem } from '../../src/project/metadata-problem.js';
import type { LeptosProject, Workspace } from '../../src/project/model.js';

/** An answer of `cargo metadata`, recorded with cargo 1.95 and shrunk; its projects lie in `base`. */
export async function recorded(name: string, base = '/project'): Promise<CargoMetadata> {
  const file = new URL(`../../fixtures/metadata/${name}.json`, import.meta.url);
  const parsed = parseCargoMetadata((await readFile(file, 'utf8')).replaceAll(/\/project(?=[/"#])/g, base));
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.metadata;
}

export async function assemble(
  metadata: CargoMetadata,
  env: NodeJS.ProcessEnv = {},
): Promise<Result<Workspace | undefined, MetadataProblem>> {
  return assembleWorkspace(metadata, { env, lockedCrates: new Map() });
}

export async function workspaceOf(metadata: CargoMetadata, env: NodeJS.ProcessEnv = {}): Promise<Workspace> {
  const workspace = await assemble(metadata, env);
  if (!workspace.ok) throw new Error(workspace.error.message);
  if (!workspace.value) throw new Error('no Leptos metadata');
  return workspace.value;
}

export async function problemOf(metadata: CargoMetadata, env: NodeJS.ProcessEnv = {}): Promise<MetadataProblem> {
  const workspace = await assemble(metadata, env);
  if (workspace.ok) throw new Error('expected a problem');
  return workspace.error;
}

export function projectOf(workspace: Workspace, name: string): LeptosProject {
  const project = workspace.projects.find((candidate) => candidate.name === name);
  if (!project) throw new Error(`no project ${name}`);
  return project;
}

/** The Leptos metadata of the only project, to be changed. */
export function leptosTable(metadata: CargoMetadata): Record<string, unknown> {
  const inWorkspace = (metadata.metadata as { leptos?: Record<string, unknown>[] } | null)?.leptos?.[0];
  const inPackage = metadata.packages
    .map((pkg) => (pkg.metadata as { leptos?: Record<string, unknown> } | null)?.leptos)
    .find((table) => table !== undefined);
  const table = inWorkspace ?? inPackage;
  if (!table) throw new Error('no Leptos metadata');
  return table;
}

export const names = (packages: readonly { readonly name: string }[]) => packages.map(({ name }) => name);

/** A folder that is gone after the test. */
export async function tempDir(): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'leptos-fast-')));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
