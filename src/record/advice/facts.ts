import { availableParallelism, totalmem } from 'node:os';
import { findExecutable } from '../../doctor/find-executable.js';
import type { Workspace } from '../../project/model.js';
import { type FolderSize, folderSize } from './folder-size.js';

/** Tools that advice may name. */
const TOOLS = ['sccache', 'mold', 'ld.lld', 'wild'] as const;

export type AdvisedTool = (typeof TOOLS)[number];

/** What the rules know besides the history. */
export interface AdviceFacts {
  readonly cores: number;
  /** In bytes; a container's limit counts. */
  readonly memory: number;
  /** Tools on PATH. */
  readonly installed: ReadonlySet<AdvisedTool>;
  /** The wrapper around rustc that the environment names. */
  readonly rustcWrapper: string | null;
  /** What lies in the projects' asset folders. */
  readonly assets: FolderSize;
}

/** Looks at the machine and the project; takes some ms, more with many assets. */
export async function gatherFacts(workspace: Workspace, env: NodeJS.ProcessEnv): Promise<AdviceFacts> {
  const found = await Promise.all(TOOLS.map(async (tool) => ((await findExecutable(tool, env)) ? [tool] : [])));
  const folders = workspace.projects.flatMap(({ config }) => config.assetsDir ?? []);
  const limit = process.constrainedMemory();
  return {
    cores: availableParallelism(),
    memory: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
    installed: new Set(found.flat()),
    rustcWrapper: env.RUSTC_WRAPPER || env.CARGO_BUILD_RUSTC_WRAPPER || null,
    assets: await folderSize([...new Set(folders)]),
  };
}
