import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { isInside } from '../core/paths.js';
import type { LeptosProject, Workspace } from './model.js';

/**
 * Where leptos-fast keeps its own files: `leptos-fast` in the target directory. A target directory that several
 * workspaces share (`CARGO_TARGET_DIR`) gets one folder for each of them.
 */
export function stateDir({ root, targetDir }: Pick<Workspace, 'root' | 'targetDir'>): string {
  const folder = join(targetDir, 'leptos-fast');
  if (isInside(targetDir, root)) return folder;
  const id = createHash('sha1').update(root).digest('hex').slice(0, 8);
  return join(folder, `${basename(root)}-${id}`);
}

/** Where one Leptos project's run keeps its own files: of several in a workspace each has a folder, so that they can run side by side. */
export function projectStateDir(workspace: Workspace, project: Pick<LeptosProject, 'name'>): string {
  const folder = stateDir(workspace);
  return workspace.projects.length > 1 ? join(folder, 'projects', encodeURIComponent(project.name)) : folder;
}
