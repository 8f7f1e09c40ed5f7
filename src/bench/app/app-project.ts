import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { LfError } from '../../core/errors.js';
import { isInside } from '../../core/paths.js';
import { err, ok, type Result } from '../../core/result.js';
import { findManifest } from '../../project/find-manifest.js';
import { type LeptosProject, loadWorkspace, selectProject, type Workspace } from '../../project/model.js';
import { runCargoMetadata } from '../../project/run-cargo-metadata.js';
import type { BenchProject } from '../project.js';
import { appEdits, BENCH_ASSET } from './app-edits.js';
import { copyApp } from './copy-app.js';

/**
 * Somebody's own app, to be measured on copies of it. `snapshot` is where the first copy goes, from which all others are made:
 * cargo itself would write a missing Cargo.lock into the original. Errors: LF00x and LF021 as for every project, LF060 where a
 * copy would not be the same app.
 */
export async function appProject(
  dir: string,
  name: string | null,
  snapshot: string,
  env: NodeJS.ProcessEnv,
): Promise<Result<{ readonly project: BenchProject; readonly workspace: Workspace }>> {
  const typed = resolve(dir);
  const folder = await realpath(typed).catch(() => typed);
  const manifest = await findManifest(folder);
  if (!manifest.ok) return manifest;
  const metadata = await runCargoMetadata(manifest.value, { env }, { noDeps: true });
  if (!metadata.ok) return metadata;
  const { workspace_root: root, target_directory: target, packages } = metadata.value;
  const paths = packages.flatMap(({ dependencies }) => dependencies.flatMap(({ path }) => path ?? []));
  const outside = paths.find((path) => !isInside(path, root));
  if (outside !== undefined) return err(reachesOut(join(root, 'Cargo.toml'), outside));
  if (isInside(snapshot, root)) return err(copyInside(root, snapshot));
  await copyApp(root, snapshot, [target]);

  const place = join(snapshot, isInside(folder, root) ? relative(root, folder) : '');
  const loaded = await loadWorkspace(place, { env: { ...env, CARGO_TARGET_DIR: undefined } });
  if (!loaded.ok) return loaded;
  const workspace = loaded.value;
  const chosen = selectProject(workspace, place, name ?? undefined);
  if (!chosen.ok) return chosen;
  return ok({ project: await benchApp(root, workspace, chosen.value), workspace });
}

/** `original` is for people; everything else is read from the first copy. */
async function benchApp(original: string, workspace: Workspace, project: LeptosProject): Promise<BenchProject> {
  const { root } = workspace;
  const crates = workspace.packages.map(({ name }) => name);
  const lines = await countLines(workspace);
  const { assetsDir } = project.config;
  return {
    name: project.name,
    about: `a copy of ${original}, ${lines.toLocaleString('en')} lines`,
    lines,
    crates,
    dependencies: dependenciesKey(original, workspace, crates),
    leptosProject: workspace.projects.length > 1 ? project.name : null,
    pageText: null,
    needsPage: true,
    lay: async (dir) => {
      await copyApp(root, dir, []);
      if (assetsDir === undefined || !isInside(assetsDir, root)) return;
      const folder = join(dir, relative(root, assetsDir));
      // A folder of assets that is a link leads to the original.
      const real = await realpath(folder).catch(() => null);
      if (real !== null && isInside(real, await realpath(dir))) {
        await writeFile(join(folder, BENCH_ASSET), 'asset edit 0.\n');
      }
    },
    edits: (dir, seen) => appEdits({ root, project }, dir, seen),
    env: (env) => env,
  };
}

function dependenciesKey(original: string, { lockedCrates }: Workspace, crates: readonly string[]): string {
  const locked = [...lockedCrates].filter(([name]) => !crates.includes(name));
  return createHash('sha1')
    .update(JSON.stringify([original, locked]))
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

function reachesOut(manifestPath: string, outside: string): LfError {
  return {
    code: 'LF060',
    message: 'a copy of this app would not be the same app',
    where: { file: manifestPath },
    why: `It depends on ${outside}, which lies outside of its workspace.`,
    help: ['measure the samples: leptos-fast bench', 'or move that crate into the workspace'],
    exitCode: 3,
  };
}

function copyInside(root: string, snapshot: string): LfError {
  return {
    code: 'LF060',
    message: 'the copies of the app would lie in the app itself',
    where: { file: snapshot },
    why: `They would be copied along, and the watchers of ${root} would see each edit of them.`,
    help: ['name a folder outside of it: leptos-fast bench DIR --dir FOLDER'],
    exitCode: 2,
  };
}
