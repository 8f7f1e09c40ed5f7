import { join } from 'node:path';
import type { DevSettings } from '../config/dev-settings.js';
import type { Workspace } from '../project/model.js';
import { stateDir } from '../project/state-dir.js';

const BYTES_PER_MB = 1e6;

/** Where a workspace's cache lies. `cargo clean` deletes it with everything else in the target directory. */
export function cacheFolder(workspace: Pick<Workspace, 'root' | 'targetDir'>): string {
  return join(stateDir(workspace), 'cache');
}

/** How much (bytes) of it is kept. */
export function cacheLimit({ cacheMaxSize }: Pick<DevSettings, 'cacheMaxSize'>): number {
  return cacheMaxSize * BYTES_PER_MB;
}
