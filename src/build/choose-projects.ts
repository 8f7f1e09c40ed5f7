import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { type LeptosProject, selectProject, type Workspace } from '../project/model.js';

/** What one run of `dev` serves. */
export interface ChosenProjects {
  readonly projects: readonly LeptosProject[];
  /** Nobody chose among them: each is built when its page is asked for. */
  readonly onDemand: boolean;
}

/**
 * Chooses what to serve: the projects that were named, in that order; else the one that the folder means; else all of the
 * workspace. Error: LF021 for a name that there is not.
 */
export function chooseProjects(
  workspace: Workspace,
  dir: string,
  named: readonly string[],
): Result<ChosenProjects, readonly LfError[]> {
  if (named.length > 0) {
    const selected = [...new Set(named)].map((name) => selectProject(workspace, dir, name));
    const errors = selected.flatMap((result) => (result.ok ? [] : [result.error]));
    if (errors.length > 0) return err(errors);
    return ok({ projects: selected.flatMap((result) => (result.ok ? [result.value] : [])), onDemand: false });
  }
  const [first, ...others] = workspace.projects;
  const meant = selectProject(workspace, dir);
  if (meant.ok || !first || others.length === 0) {
    return meant.ok ? ok({ projects: [meant.value], onDemand: false }) : err([meant.error]);
  }
  return ok({ projects: workspace.projects, onDemand: true });
}
