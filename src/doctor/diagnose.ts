import { dirname, join } from 'node:path';
import type { LfError } from '../core/errors.js';
import { foldersUpwards } from '../core/paths.js';
import { err, ok, type Result } from '../core/result.js';
import { findManifest } from '../project/find-manifest.js';
import { type LeptosProject, loadWorkspace, selectProject, type Workspace } from '../project/model.js';
import { ALL_CHECKS } from './all-checks.js';
import { type Diagnosed, type DoctorCheck, STATUSES, type Status } from './diagnosis.js';
import type { System } from './system.js';

/** All findings about a machine and a project, the worst first. */
export interface Examination {
  /** The workspace's folder, or that of the nearest Cargo.toml. */
  readonly root: string;
  readonly projects: readonly string[];
  readonly checks: readonly Diagnosed[];
}

/** Without these there is nothing to examine: no folder, no Cargo.toml, no Leptos metadata. */
const NO_PROJECT = new Set(['LF001', 'LF003']);

/**
 * Makes every check, in parallel. Errors: LF001 and LF003. What else keeps the project from being read is a finding of its own; the
 * checks of the machine are made nevertheless, since they may tell why.
 */
export async function examine(dir: string, system: System): Promise<Result<Examination>> {
  const manifest = await findManifest(dir);
  if (!manifest.ok) return manifest;
  const locks = await locksAbove(dirname(manifest.value), system);
  const workspace = await loadWorkspace(dir, { env: system.env });
  if (!workspace.ok && NO_PROJECT.has(workspace.error.code)) return err(workspace.error);
  const root = workspace.ok ? workspace.value.root : dirname(manifest.value);
  const projects = workspace.ok ? meantProjects(workspace.value, dir) : [];
  const checks = await Promise.all(
    ALL_CHECKS.map((check) =>
      answer(check, system, root, workspace.ok ? { workspace: workspace.value, projects } : null),
    ),
  );
  const lock = workspace.ok ? await changedLock(workspace.value.root, locks, system) : [];
  const all = workspace.ok ? [...lock, ...checks] : [unreadable(workspace.error), ...checks];
  const worstFirst = STATUSES.flatMap((status) => all.filter((check) => check.status === status));
  return ok({ root, projects: projects.map(({ name }) => name), checks: worstFirst });
}

/** How many checks ended how. */
export function countStatuses(checks: readonly Diagnosed[]): Readonly<Record<Status, number>> {
  const count = (status: Status): number => checks.filter((check) => check.status === status).length;
  return { problem: count('problem'), warning: count('warning'), unknown: count('unknown'), ok: count('ok') };
}

function meantProjects(workspace: Workspace, dir: string): readonly LeptosProject[] {
  const selected = selectProject(workspace, dir);
  return selected.ok ? [selected.value] : workspace.projects;
}

async function answer(
  check: DoctorCheck,
  system: System,
  root: string,
  project: { readonly workspace: Workspace; readonly projects: readonly LeptosProject[] } | null,
): Promise<Diagnosed> {
  const { id } = check;
  if (check.of === 'machine') return { id, ...(await check.check({ system, root })) };
  if (project === null) return { id, status: 'unknown', found: 'not looked at: the project could not be read' };
  return { id, ...(await check.check({ system, root, ...project })) };
}

/** Every Cargo.lock that may be the workspace's, as it is before cargo is asked for anything. */
async function locksAbove(folder: string, system: System): Promise<ReadonlyMap<string, string | undefined>> {
  const files = foldersUpwards(folder).map((dir) => join(dir, 'Cargo.lock'));
  const texts = await Promise.all(files.map((file) => system.readText(file)));
  return new Map(files.map((file, index) => [file, texts[index]]));
}

/** cargo writes Cargo.lock whenever it is asked for the dependencies and they do not fit: that must not pass in silence. */
async function changedLock(
  root: string,
  before: ReadonlyMap<string, string | undefined>,
  system: System,
): Promise<readonly Diagnosed[]> {
  const file = join(root, 'Cargo.lock');
  const text = before.get(file);
  if (!before.has(file) || (await system.readText(file)) === text) return [];
  return [
    {
      id: 'lockfile',
      status: 'warning',
      found:
        text === undefined
          ? 'there was no Cargo.lock: cargo has written one'
          : 'Cargo.lock did not fit the manifests: cargo has changed it',
      why: 'Every command of cargo that looks at the dependencies does that, as the question of this doctor just did.',
      where: { file },
      fix: [text === undefined ? 'Put it under version control' : 'See what changed: git diff Cargo.lock'],
    },
  ];
}

function unreadable({ code, message, where, why, help }: LfError): Diagnosed {
  return {
    id: 'project',
    status: 'problem',
    found: message,
    code,
    fix: help,
    ...(where && { where }),
    ...(why !== undefined && { why }),
  };
}
