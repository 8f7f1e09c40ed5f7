import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { isInside } from '../core/paths.js';
import { err, ok, type Result } from '../core/result.js';
import type { LeptosProject, Workspace } from './model.js';

/**
 * Chooses the project that is meant: the one called `name`; else, as cargo-leptos does it, the only one with a package in
 * `cwdDir` or the only one there is. Beyond cargo-leptos, a folder within one project's package also means that project.
 * Errors: LF021 (exit code 2) when there is no such project, or several and nothing to choose by.
 */
export function selectProject(workspace: Workspace, cwdDir: string, name?: string): Result<LeptosProject> {
  const { projects } = workspace;
  if (name !== undefined) {
    const named = projects.find((project) => project.name === name);
    return named ? ok(named) : err(unknownProject(workspace, `there is no Leptos project called ${name}`));
  }
  const cwd = realPath(cwdDir);
  const [chosen] =
    onlyOne(projects.filter((project) => dirsOf(project).some((dir) => isInside(dir, cwd)))) ??
    onlyOne(projects) ??
    onlyOne(projects.filter((project) => dirsOf(project).some((dir) => isInside(cwd, dir)))) ??
    [];
  return chosen ? ok(chosen) : err(unknownProject(workspace, 'the workspace has several Leptos projects'));
}

function onlyOne(projects: readonly LeptosProject[]): readonly LeptosProject[] | undefined {
  return projects.length === 1 ? projects : undefined;
}

function dirsOf(project: LeptosProject): readonly string[] {
  return [realPath(project.binPackage.dir), realPath(project.libPackage.dir)];
}

/** cargo and the shell may name the same folder through different links. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function unknownProject({ manifestPath, projects }: Workspace, message: string) {
  return {
    code: 'LF021',
    message,
    where: { file: manifestPath },
    why: `Its projects are ${projects.map(({ name }) => name).join(', ')}.`,
    help: projects.map(({ name }) => `--project ${name}`),
    exitCode: 2,
  } as const;
}
