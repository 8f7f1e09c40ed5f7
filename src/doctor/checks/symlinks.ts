import { stateDir } from '../../project/state-dir.js';
import type { DoctorCheck } from '../diagnosis.js';

/** May symlinks be made where leptos-fast keeps its files? Windows allows them in developer mode only, some drives never. */
export const symlinksCheck: DoctorCheck = {
  id: 'symlinks',
  of: 'project',
  check: async ({ system, workspace }) => {
    if (!(await system.exists(workspace.targetDir))) {
      return {
        status: 'unknown',
        found: 'not tried: there is no target directory yet, and nothing else is written to',
      };
    }
    const trial = await system.tryLink(stateDir(workspace));
    switch (trial.kind) {
      case 'linked':
        return { status: 'ok', found: 'links can be made' };
      case 'not tried':
        return { status: 'unknown', found: `not tried: ${trial.why}` };
      case 'refused':
        return {
          status: 'warning',
          found: 'links cannot be made here',
          why: `With --link-assets they are copied all the same (${trial.why}).`,
          fix:
            system.platform === 'win32'
              ? ['Turn on developer mode: Settings, System, For developers']
              : ['Put the target directory on a drive that knows links: CARGO_TARGET_DIR=/path'],
        };
    }
  },
};
