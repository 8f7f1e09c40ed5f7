import { dirname, join } from 'node:path';
import { formatBytes } from '../../ui/bytes.js';
import type { Diagnosis, DoctorCheck, ProjectContext } from '../diagnosis.js';

const GB = 1e9;
/** A target directory of a Leptos app takes 4 to 8 GB once both sides were built; one that exists holds most of it already. */
const NEEDS = { new: { problem: 4 * GB, warning: 8 * GB }, built: { problem: 1 * GB, warning: 3 * GB } } as const;

/** Is there space for the target directory, and may it be written? A full disk ends builds with errors that name anything but the disk. */
export const diskCheck: DoctorCheck = { id: 'disk', of: 'project', codes: ['LF007'], check };

async function check({ system, workspace, projects }: ProjectContext): Promise<Diagnosis> {
  const { targetDir } = workspace;
  let folder = targetDir;
  while (!(await system.exists(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  if (!(await system.canWrite(folder))) {
    return {
      status: 'problem',
      code: 'LF007',
      found: 'the target directory cannot be written',
      where: { file: folder },
      why: 'Everything that is built goes there.',
      fix: [
        'Give this user the right to write there: ls -ld, then chown or chmod',
        'or build elsewhere: CARGO_TARGET_DIR=/path/to/a/folder/of/yours',
      ],
    };
  }
  const facts = await system.fileSystem(folder);
  if (facts === undefined) return { status: 'unknown', found: `${folder} does not tell how much space is left` };
  const fronts = projects.map(({ config }) => join(config.frontTargetDir, 'wasm32-unknown-unknown'));
  const isBuilt = (await Promise.all(fronts.map((path) => system.exists(path)))).includes(true);
  const needs = isBuilt ? NEEDS.built : NEEDS.new;
  const found = `${formatBytes(facts.freeBytes)} free`;
  if (facts.freeBytes >= needs.warning) return { status: 'ok', found };
  return {
    status: facts.freeBytes < needs.problem ? 'problem' : 'warning',
    found: `${found} for the target directory`,
    where: { file: targetDir },
    why: isBuilt
      ? 'It was built before; further builds still add some GB.'
      : 'Once both sides were built it takes 4 to 8 GB.',
    fix: [
      'cargo clean in projects that you do not work on',
      'or put it elsewhere: CARGO_TARGET_DIR=/path/to/a/larger/disk',
    ],
  };
}
