import { join } from 'node:path';
import type { Workspace } from '../project/model.js';
import { stateDir } from '../project/state-dir.js';

/** Where a workspace's cache lies. `cargo clean` deletes it with everything else in the target directory. */
export function cacheFolder(workspace: Pick<Workspace, 'root' | 'targetDir'>): string {
  return join(stateDir(workspace), 'cache');
}
