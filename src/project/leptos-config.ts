import { resolve } from 'node:path';
import { isInside } from '../core/paths.js';
import { err, ok, type Result } from '../core/result.js';
import type { DotenvFile } from './dotenv-file.js';
import type { LeptosEntry } from './leptos-entries.js';
import type { MetadataProblem } from './metadata-problem.js';
import type { LeptosConfig } from './model.js';
import type { Settings } from './settings.js';
import { expandTargetMarker } from './target-marker.js';

/** Folders of the workspace that paths are relative to. */
export interface WorkspaceDirs {
  readonly root: string;
  readonly targetDir: string;
}

const DEFAULT_SITE_ADDR = { host: '127.0.0.1', port: 3000 };
const DEFAULT_RELOAD_PORT = 3001;
const DEFAULT_SITE_ROOT = 'CARGO_TARGET_DIR/site';
const DEFAULT_TAILWIND_VERSION = 'v4.2.1';

/**
 * Makes the effective configuration of a project: defaults filled in, paths absolute, impossible values refused.
 * Styles, assets and Tailwind's input are relative to the manifest that names them; site root, `js-dir`, additional files and
 * target directories to the workspace's root (cargo-leptos 0.3.11: config/{project,style,assets,tailwind,lib_package}.rs).
 */
export function resolveConfig(
  entry: LeptosEntry,
  settings: Settings,
  dirs: WorkspaceDirs,
  dotenv: DotenvFile | undefined,
  env: NodeJS.ProcessEnv,
): Result<LeptosConfig, MetadataProblem> {
  const siteRoot = resolveSiteRoot(entry, settings, dirs);
  if (!siteRoot.ok) return siteRoot;
  const portClash = checkPorts(entry, settings);
  if (portClash) return err(portClash);
  const noInput = checkTailwind(settings);
  if (noInput) return err(noInput);

  const fromEntry = (path: string) => resolve(entry.configDir, path);
  const fromRoot = (path: string) => resolve(dirs.root, path);
  const tailwindConfigFile = tailwindConfig(entry, settings, dirs, env);
  return ok({
    outputName: settings.outputName?.value || entry.name,
    siteAddr: settings.siteAddr?.value ?? DEFAULT_SITE_ADDR,
    reloadPort: settings.reloadPort?.value ?? DEFAULT_RELOAD_PORT,
    siteRoot: siteRoot.value,
    sitePkgDir: settings.sitePkgDir?.value ?? 'pkg',
    ...given('styleFile', settings.styleFile?.value, fromEntry),
    ...given('assetsDir', settings.assetsDir?.value, fromEntry),
    jsDir: fromRoot(settings.jsDir?.value ?? 'src'),
    ...given('tailwindInputFile', settings.tailwindInputFile?.value, fromEntry),
    ...given('tailwindConfigFile', tailwindConfigFile, (path) => path),
    additionalFiles: (settings.watchAdditionalFiles?.value ?? []).map(fromRoot),
    hashFiles: settings.hashFiles?.value ?? false,
    ...given('libProfileDev', settings.libProfileDev?.value, (name) => name),
    ...given('libProfileRelease', settings.libProfileRelease?.value, (name) => name),
    ...given('binProfileDev', settings.binProfileDev?.value, (name) => name),
    ...given('binCargoCommand', settings.binCargoCommand?.value, (command) => command),
    frontTargetDir: frontTargetDir(settings, dirs),
    binTargetDir: fromRoot(settings.binTargetDir?.value ?? dirs.targetDir),
    ...given('envFile', dotenv?.file, (file) => file),
  });
}

/** An object with the one key, or an empty one when there is no value. */
function given<K extends string>(key: K, value: string | undefined, map: (value: string) => string) {
  return (value === undefined ? {} : { [key]: map(value) }) as { readonly [P in K]?: string };
}

function resolveSiteRoot(entry: LeptosEntry, settings: Settings, dirs: WorkspaceDirs): Result<string, MetadataProblem> {
  const written = settings.siteRoot?.value ?? DEFAULT_SITE_ROOT;
  const siteRoot = resolve(dirs.root, expandTargetMarker(written, dirs.targetDir) ?? written);
  if (!isInside(dirs.root, siteRoot) && !isInside(dirs.targetDir, siteRoot)) return ok(siteRoot);
  return err({
    message: `site-root must not be ${JSON.stringify(written)}`,
    at: settings.siteRoot?.at ?? { kind: 'key', manifestPath: entry.table.manifestPath, keys: entry.table.keys },
    why: `That is ${siteRoot}, and cargo-leptos deletes everything in the site root at every start.`,
    help: ['Give it a folder of its own: site-root = "target/site"'],
  });
}

/** Both listen on the same address: the app on one port, the live reload on the other. */
function checkPorts(entry: LeptosEntry, settings: Settings): MetadataProblem | undefined {
  const site = settings.siteAddr?.value ?? DEFAULT_SITE_ADDR;
  const reloadPort = settings.reloadPort?.value ?? DEFAULT_RELOAD_PORT;
  if (site.port !== reloadPort) return undefined;
  return {
    message: `site-addr and reload-port both use port ${reloadPort}`,
    at: settings.reloadPort?.at ??
      settings.siteAddr?.at ?? { kind: 'key', manifestPath: entry.table.manifestPath, keys: entry.table.keys },
    why:
      settings.reloadPort === undefined
        ? `reload-port is not set, which makes it ${DEFAULT_RELOAD_PORT}.`
        : `The app listens on ${site.host}:${site.port}; live reload needs a port of its own.`,
    help: [`For instance: reload-port = ${reloadPort < 65_535 ? reloadPort + 1 : 3001}`],
  };
}

function checkTailwind(settings: Settings): MetadataProblem | undefined {
  if (settings.tailwindConfigFile === undefined || settings.tailwindInputFile !== undefined) return undefined;
  return {
    message: 'tailwind-config-file needs tailwind-input-file',
    at: settings.tailwindConfigFile.at,
    why: 'Without an input file cargo-leptos does not know what Tailwind shall process.',
    help: ['For instance: tailwind-input-file = "style/tailwind.css"'],
  };
}

/** Tailwind 4 has no config file unless one is named, and that is relative to the workspace's root; Tailwind 3 always has one. */
function tailwindConfig(
  entry: LeptosEntry,
  settings: Settings,
  dirs: WorkspaceDirs,
  env: NodeJS.ProcessEnv,
): string | undefined {
  if (settings.tailwindInputFile === undefined) return undefined;
  const named = settings.tailwindConfigFile?.value;
  const version = env.LEPTOS_TAILWIND_VERSION ?? DEFAULT_TAILWIND_VERSION;
  if (version.startsWith('v4')) return named === undefined ? undefined : resolve(dirs.root, named);
  return resolve(entry.configDir, named ?? 'tailwind.config.js');
}

function frontTargetDir(settings: Settings, dirs: WorkspaceDirs): string {
  const written = settings.frontTargetDir?.value ?? 'CARGO_TARGET_DIR/front';
  return resolve(dirs.root, expandTargetMarker(written, dirs.targetDir) ?? written);
}
