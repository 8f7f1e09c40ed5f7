import { err, ok, type Result } from '../core/result.js';
import type { DotenvFile } from './dotenv-file.js';
import type { MetadataProblem, ProblemSite } from './metadata-problem.js';
import {
  bool,
  port,
  type SettingType,
  seconds,
  socketAddress,
  text,
  textList,
  unixSignal,
  watchedPaths,
} from './setting-types.js';

/** One key of the Leptos metadata. `variable` is the environment variable that wins over it, where there is one. */
interface Setting<T> {
  readonly key: string;
  readonly type: SettingType<T>;
  readonly variable?: string;
}

const setting = <T>(key: string, type: SettingType<T>, variable?: string): Setting<T> => ({
  key,
  type,
  ...(variable === undefined ? {} : { variable }),
});

/** cargo-leptos 0.3.11's `ProjectConfig` (config/project.rs) and the variables of its `overlay` (config/dotenvs.rs). */
const SETTINGS = {
  outputName: setting('output-name', text, 'LEPTOS_OUTPUT_NAME'),
  siteAddr: setting('site-addr', socketAddress, 'LEPTOS_SITE_ADDR'),
  reloadPort: setting('reload-port', port, 'LEPTOS_RELOAD_PORT'),
  siteRoot: setting('site-root', text, 'LEPTOS_SITE_ROOT'),
  sitePkgDir: setting('site-pkg-dir', text, 'LEPTOS_SITE_PKG_DIR'),
  styleFile: setting('style-file', text, 'LEPTOS_STYLE_FILE'),
  styleBundle: setting('style-bundle', bool, 'LEPTOS_STYLE_BUNDLE'),
  assetsDir: setting('assets-dir', text, 'LEPTOS_ASSETS_DIR'),
  jsDir: setting('js-dir', text),
  jsMinify: setting('js-minify', bool, 'LEPTOS_JS_MINIFY'),
  tailwindInputFile: setting('tailwind-input-file', text),
  tailwindConfigFile: setting('tailwind-config-file', text),
  watchAdditionalFiles: setting('watch-additional-files', watchedPaths),
  hashFiles: setting('hash-files', bool, 'LEPTOS_HASH_FILES'),
  hashFileName: setting('hash-file-name', text, 'LEPTOS_HASH_FILE_NAME'),
  browserquery: setting('browserquery', text, 'LEPTOS_BROWSERQUERY'),
  end2endCmd: setting('end2end-cmd', text, 'LEPTOS_END2END_CMD'),
  end2endDir: setting('end2end-dir', text, 'LEPTOS_END2END_DIR'),
  features: setting('features', textList),
  libFeatures: setting('lib-features', textList),
  libDefaultFeatures: setting('lib-default-features', bool),
  libCargoArgs: setting('lib-cargo-args', textList),
  libProfileDev: setting('lib-profile-dev', text),
  libProfileRelease: setting('lib-profile-release', text),
  frontTargetDir: setting('front-target-dir', text),
  binTarget: setting('bin-target', text, 'LEPTOS_BIN_TARGET'),
  binTargetTriple: setting('bin-target-triple', text, 'LEPTOS_BIN_TARGET_TRIPLE'),
  binTargetDir: setting('bin-target-dir', text, 'LEPTOS_BIN_TARGET_DIR'),
  binCargoCommand: setting('bin-cargo-command', text, 'LEPTOS_BIN_CARGO_COMMAND'),
  binCargoArgs: setting('bin-cargo-args', textList),
  binExeName: setting('bin-exe-name', text, 'LEPTOS_BIN_EXE_NAME'),
  binFeatures: setting('bin-features', textList),
  binDefaultFeatures: setting('bin-default-features', bool),
  binProfileDev: setting('bin-profile-dev', text),
  binProfileRelease: setting('bin-profile-release', text),
  serverFnPrefix: setting('server-fn-prefix', text, 'SERVER_FN_PREFIX'),
  serverFnModPath: setting('server-fn-mod-path', bool),
  disableServerFnHash: setting('disable-server-fn-hash', bool),
  disableEraseComponents: setting('disable-erase-components', bool),
  alwaysEraseComponents: setting('always-erase-components', bool),
  wasmOptFeatures: setting('wasm-opt-features', textList, 'LEPTOS_WASM_OPT_FEATURES'),
  gracefulShutdown: setting('graceful-shutdown', bool, 'LEPTOS_GRACEFUL_SHUTDOWN'),
  gracefulShutdownTimeout: setting('graceful-shutdown-timeout-secs', seconds, 'LEPTOS_GRACEFUL_SHUTDOWN_TIMEOUT_SECS'),
  gracefulShutdownSignal: setting('graceful-shutdown-unix-signal', unixSignal, 'LEPTOS_GRACEFUL_SHUTDOWN_UNIX_SIGNAL'),
  separateFrontTargetDir: setting('separate-front-target-dir', bool),
} as const;

type SettingName = keyof typeof SETTINGS;
type ValueOf<N extends SettingName> = (typeof SETTINGS)[N] extends Setting<infer T> ? T : never;

/** A value that was set, and where. */
export interface Sourced<T> {
  readonly value: T;
  readonly at: ProblemSite;
}

/** What is set for a project; a setting that nobody sets is absent. */
export type Settings = { readonly [N in SettingName]?: Sourced<ValueOf<N>> };

/** A table of Leptos metadata in a manifest. */
export interface MetadataTable {
  readonly manifestPath: string;
  /** The way to the table, as for `locateKey`. */
  readonly keys: readonly (string | number)[];
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the settings of a project with cargo-leptos's precedence: process environment over `.env` over manifest.
 * A wrong value is an error even where a stronger source overrides it, as it is for cargo-leptos. Unknown keys are ignored.
 */
export function readSettings(
  table: MetadataTable,
  dotenv: DotenvFile | undefined,
  env: NodeJS.ProcessEnv,
): Result<Settings, MetadataProblem> {
  const settings: Record<string, Sourced<unknown>> = {};
  for (const [name, { key, type, variable }] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const raw = table.values[key];
    if (raw !== undefined) {
      const at: ProblemSite = { kind: 'key', manifestPath: table.manifestPath, keys: [...table.keys, key] };
      const value = type.fromToml(raw);
      if (value === undefined) return err(wrongValue(`${key} is not valid: ${JSON.stringify(raw)}`, at, key, type));
      settings[name] = { value, at };
    }
    if (variable === undefined) continue;
    for (const { given, at } of givenVariables(variable, dotenv, env)) {
      const value = type.fromText(given);
      if (value === undefined) {
        return err(wrongValue(`${variable} is not valid: ${JSON.stringify(given)}`, at, variable, type));
      }
      settings[name] = { value, at };
    }
  }
  return ok(settings as Settings);
}

/** The values of a variable, the strongest last. */
function givenVariables(
  variable: string,
  dotenv: DotenvFile | undefined,
  env: NodeJS.ProcessEnv,
): { readonly given: string; readonly at: ProblemSite }[] {
  const found: { readonly given: string; readonly at: ProblemSite }[] = [];
  for (const { name, value, line } of dotenv?.entries ?? []) {
    if (name !== variable) continue;
    found.push({ given: value, at: { kind: 'file', place: { file: dotenv?.file ?? '.env', line } } });
  }
  const given = env[variable];
  if (given !== undefined) found.push({ given, at: { kind: 'env', variable } });
  return found;
}

function wrongValue(message: string, at: ProblemSite, name: string, type: SettingType<unknown>): MetadataProblem {
  const source = at.kind === 'env' ? `It comes from the environment variable ${name}.\n` : '';
  const example = at.kind === 'key' ? `${name} = ${type.example}` : `${name}=${type.example.replaceAll('"', '')}`;
  return { message, at, why: `${source}Expected is ${type.expected}.`, help: [`For instance: ${example}`] };
}
