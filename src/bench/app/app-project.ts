import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { LfError } from '../../core/errors.js';
import { isInside } from '../../core/paths.js';
import { err, ok, type Result } from '../../core/result.js';
import { type LeptosProject, loadWorkspace, selectProject, type Workspace } from '../../project/model.js';
import type { BenchProject } from '../project.js';
import { appEdits, BENCH_ASSET } from './app-edits.js';
import { copyApp } from './copy-app.js';

/**
 * Somebody's own app, to be measured on copies of it. Errors: LF00x and LF021 as for every project, LF060 where a copy would
 * not be the same app.
 */
export async function appProject(
  dir: string,
  name: string | null,
  env: NodeJS.ProcessEnv,
): Promise<Result<{ readonly project: BenchProject; readonly workspace: Workspace }>> {
  const typed = resolve(dir);
  const folder = await realpath(typed).catch(() => typed);
  const loaded = await loadWorkspace(folder, { env });
  if (!loaded.ok) return loaded;
  const workspace = loaded.value;
  const chosen = selectProject(workspace, folder, name ?? undefined);
  if (!chosen.ok) return chosen;
  const outside = workspace.packages.find((pkg) => !isInside(pkg.dir, workspace.root));
  if (outside) return err(reachesOut(workspace, outside.dir));
  return ok({ project: await benchApp(workspace, chosen.value), workspace });
}

async function benchApp(workspace: Workspace, project: LeptosProject): Promise<BenchProject> {
  const { root } = workspace;
  const crates = workspace.packages.map(({ name }) => name);
  const lines = await countLines(workspace);
  const { assetsDir, siteRoot } = project.config;
  return {
    name: project.name,
    about: `a copy of ${root}, ${lines.toLocaleString('en')} lines`,
    lines,
    crates,
    dependencies: dependenciesKey(workspace, crates),
    leptosProject: workspace.projects.length > 1 ? project.name : null,
    pageText: null,
    needsPage: true,
    lay: async (dir) => {
      await copyApp(root, dir, [workspace.targetDir, siteRoot]);
      if (assetsDir === undefined || !isInside(assetsDir, root)) return;
      const folder = join(dir, relative(root, assetsDir));
      // A folder of assets that is a link leads to the original.
      const real = await realpath(folder).catch(() => null);
      if (real !== null && isInside(real, await realpath(dir)))
        await writeFile(join(folder, BENCH_ASSET), 'asset edit 0.\n');
    },
    edits: (dir, seen) => appEdits({ root, project }, dir, seen),
    env: (env) => env,
  };
}

function dependenciesKey({ root, lockedCrates }: Workspace, crates: readonly string[]): string {
  const locked = [...lockedCrates].filter(([name]) => !crates.includes(name));
  return createHash('sha1')
    .update(JSON.stringify([root, locked]))
    .digest('hex');
}

async function countLines({ packages }: Workspace): Promise<number> {
  let lines = 0;
  for (const { dir } of packages) {
    const names = await readdir(join(dir, 'src'), { recursive: true }).catch(() => []);
    for (const name of names.filter((found) => found.endsWith('.rs'))) {
      lines += (await readFile(join(dir, 'src', name), 'utf8').catch(() => '')).split('\n').length - 1;
    }
  }
  return lines;
}

function reachesOut({ manifestPath }: Workspace, outside: string): LfError {
  return {
    code: 'LF060',
    message: 'a copy of this app would not be the same app',
    where: { file: manifestPath },
    why: `It depends on ${outside}, which lies outside of its workspace.`,
    help: ['measure the samples: leptos-fast bench', 'or move that crate into the workspace'],
    exitCode: 3,
  };
}
