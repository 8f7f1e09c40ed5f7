import { join } from 'node:path';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { assembleWorkspace } from './assemble-workspace.js';
import type { CargoMetadata } from './cargo-metadata.js';
import { findManifest } from './find-manifest.js';
import { readLockedCrates } from './lockfile.js';
import { toLfError } from './metadata-problem.js';
import type { LoadOptions, Workspace } from './model.js';
import { missingPathDependencies } from './packages.js';
import { runCargoMetadata } from './run-cargo-metadata.js';

/**
 * Finds out what the Leptos workspace is that `dir` lies in: `cargo metadata`, the Leptos metadata, `.env` and `options.env`.
 * cargo-leptos sees the same when it is started in the workspace's root with the same environment.
 * Takes one run of cargo (0.1 to 0.3 s), and a short one more for each optional path dependency outside the workspace.
 * Errors: LF001 to LF006 and LF010, all with exit code 3. Throws the signal's reason when it is aborted.
 */
export async function loadWorkspace(dir: string, options: LoadOptions): Promise<Result<Workspace>> {
  const manifestPath = await findManifest(dir);
  if (!manifestPath.ok) return manifestPath;
  const resolved = await runCargoMetadata(manifestPath.value, options);
  if (!resolved.ok) return resolved;
  const metadata = await addOptionalPackages(resolved.value, options);
  const lockedCrates = await readLockedCrates(metadata);

  const workspace = await assembleWorkspace(metadata, { env: options.env, lockedCrates });
  if (!workspace.ok) return err(await toLfError(workspace.error));
  return workspace.value ? ok(workspace.value) : err(noLeptosMetadata(metadata, manifestPath.value));
}

/**
 * Adds the optional path dependencies outside the workspace, which cargo leaves out while no feature turns them on, and what
 * these depend on in turn. One that cannot be read is left out: cargo says so when the feature is built.
 */
async function addOptionalPackages(metadata: CargoMetadata, options: LoadOptions): Promise<CargoMetadata> {
  let known = metadata;
  const tried = new Set<string>();
  for (;;) {
    const missing = missingPathDependencies(known).filter((dir) => !tried.has(dir));
    if (missing.length === 0) return known;
    for (const dir of missing) tried.add(dir);
    const found = await Promise.all(
      missing.map((dir) => runCargoMetadata(join(dir, 'Cargo.toml'), options, { noDeps: true })),
    );
    const packages = found.flatMap((result, index) =>
      result.ok
        ? result.value.packages.filter((pkg) => pkg.manifest_path === join(missing[index] ?? '', 'Cargo.toml'))
        : [],
    );
    known = { ...known, packages: [...known.packages, ...packages] };
  }
}

function noLeptosMetadata(metadata: CargoMetadata, manifestPath: string): LfError {
  const isWorkspace = metadata.workspace_members.length > 1;
  const add = isWorkspace
    ? [
        'In a workspace, add to the root Cargo.toml:',
        '[[workspace.metadata.leptos]]',
        'name = "my-app"',
        'bin-package = "…the server…"',
        'lib-package = "…the wasm…"',
      ]
    : ['Add to Cargo.toml:', '[package.metadata.leptos]', 'site-addr = "127.0.0.1:3000"'];
  return {
    code: 'LF003',
    message: 'this is no Leptos project',
    where: { file: manifestPath },
    why: 'There is neither [package.metadata.leptos] nor [[workspace.metadata.leptos]] in this workspace.',
    help: [
      'Run this in the folder of your Leptos project, or name it: leptos-fast dev DIR',
      ...add,
      'A new project: cargo leptos new --git leptos-rs/start-axum',
    ],
    exitCode: 3,
  };
}
