import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { err, ok, type Result } from '../core/result.js';
import { type LeptosProject, loadWorkspace, type Workspace } from '../project/model.js';
import { runCargoMetadata } from '../project/run-cargo-metadata.js';
import { historyFolder } from '../record/history-folder.js';
import { JsonLinesStore } from '../record/json-lines-store.js';
import { type Cost, summarise } from '../record/summary.js';
import { servedWasm } from '../record/wasm-size.js';
import { crateGraph } from './crate-graph.js';
import type { Bundle, GraphFacts, SizedCrate } from './graph-facts.js';
import { gzipSize } from './gzip-size.js';
import { codeByCrate } from './wasm-crates.js';
import { readWasm } from './wasm-sections.js';

/** The saves of so many days tell what the crates cost. */
const DAYS = 30;
const DAY_MS = 86_400_000;

/** What is asked about; `now` in ms since the epoch. */
export interface GraphQuestion {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: number;
}

/** Finds out what the workspace's crates and the page's wasm are made of. Errors: LF00x for the project. */
export async function readGraph({ dir, env, now }: GraphQuestion): Promise<Result<GraphFacts>> {
  const workspace = await loadWorkspace(resolve(dir), { env });
  if (!workspace.ok) return workspace;
  const metadata = await runCargoMetadata(workspace.value.manifestPath, { env });
  if (!metadata.ok) return err(metadata.error);
  const graph = crateGraph(metadata.value);
  const costs = await costsOf(workspace.value, now);
  return ok({
    ...graph,
    local: await Promise.all(
      graph.local.map(async (crate): Promise<SizedCrate> => {
        const cost = costs.find(({ name }) => name === crate.name);
        const folder = relative(workspace.value.root, crate.dir);
        return {
          ...crate,
          dir: folder === '' ? '.' : folder,
          lines: await linesOfRust(join(crate.dir, 'src')),
          ...(cost && { compiled: { builds: cost.count, medianMs: cost.median } }),
        };
      }),
    ),
    bundles: (await Promise.all(workspace.value.projects.map(bundleOf))).filter((bundle) => bundle !== null),
  });
}

async function costsOf(workspace: Workspace, now: number): Promise<readonly Cost[]> {
  const store = new JsonLinesStore({ folder: historyFolder(workspace) });
  return summarise(await store.read(now - DAYS * DAY_MS), now, DAYS).slowestCrates;
}

/** Lines of all Rust files below a folder; 0 where there is none. */
async function linesOfRust(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.rs'));
  const texts = await Promise.all(
    files.map((file) => readFile(join(file.parentPath, file.name), 'utf8').catch(() => '')),
  );
  return texts.reduce((sum, text) => sum + (text === '' ? 0 : text.trimEnd().split('\n').length), 0);
}

/** The wasm that the page was last given; null before the first build. */
async function bundleOf({ name, config }: LeptosProject): Promise<Bundle | null> {
  const file = await servedWasm(config);
  const bytes = file && (await readFile(file.path).catch(() => null));
  if (bytes === null) return null;
  const wasm = readWasm(bytes);
  if (typeof wasm === 'string') return { project: name, unreadable: wasm };
  const [gzipBytes, gzipWithout] = await Promise.all([gzipSize(bytes), gzipSize(wasm.stripped)]);
  return {
    project: name,
    bytes: wasm.bytes,
    gzipBytes,
    sections: wasm.sections,
    crates: codeByCrate(wasm.functions),
    withoutCustom: { bytes: wasm.stripped.length, gzipBytes: gzipWithout },
  };
}
