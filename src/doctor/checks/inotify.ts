import type { Diagnosis, DoctorCheck, ProjectContext } from '../diagnosis.js';
import { walkFolders } from '../walk-folders.js';

const WATCHES = '/proc/sys/fs/inotify/max_user_watches';
const INSTANCES = '/proc/sys/fs/inotify/max_user_instances';

/** leptos-fast and cargo-leptos each watch every folder. */
const WATCHERS = 2;
/** Editors and other tools of the same user share the limit. */
const SHARE_OF_OURS = 0.5;
/** Editors take one or two for each window, file managers and desktops some more. */
const FEW_INSTANCES = 64;
const FOLDER_LIMIT = 50_000;

/** Does Linux allow as many watches as the project has folders? (inotify(7): the limits are those of the user.) */
export const inotifyCheck: DoctorCheck = { id: 'inotify', of: 'project', check };

async function check({ system, workspace, projects }: ProjectContext): Promise<Diagnosis> {
  if (system.platform !== 'linux') return { status: 'ok', found: 'this system has no such limit' };
  const [watches, instances] = await Promise.all(
    [WATCHES, INSTANCES].map(async (file) => number(await system.readText(file))),
  );
  if (watches === undefined) return { status: 'unknown', found: `${WATCHES} cannot be read` };
  const outputs = projects.flatMap(({ config }) => [config.siteRoot, config.frontTargetDir, config.binTargetDir]);
  const folders = (await walkFolders(workspace.root, [workspace.targetDir, ...outputs], system, FOLDER_LIMIT)).length;
  const needed = folders * WATCHERS;
  const found = `${watches} watches for ${folders} ${folders === 1 ? 'folder' : 'folders'}`;
  if (needed > watches * SHARE_OF_OURS) {
    return {
      status: needed > watches ? 'problem' : 'warning',
      found,
      why: `leptos-fast and cargo-leptos need ${needed} together, and editors of the same user share the limit. Without watches, changes are found by looking.`,
      fix: [
        'as administrator: sysctl fs.inotify.max_user_watches=524288',
        'and to keep it: a file in /etc/sysctl.d with that line',
        'or without: leptos-fast dev --poll',
      ],
    };
  }
  if (instances !== undefined && instances < FEW_INSTANCES) {
    return {
      status: 'warning',
      found: `only ${instances} programs may watch files at the same time`,
      why: 'The limit is that of the user; an editor, leptos-fast and cargo-leptos each count.',
      fix: ['as administrator: sysctl fs.inotify.max_user_instances=512', 'or without: leptos-fast dev --poll'],
    };
  }
  return { status: 'ok', found };
}

function number(text: string | undefined): number | undefined {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isNaN(value) ? undefined : value;
}
