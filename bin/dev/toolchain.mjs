/**
 * Gets a machine ready to build Leptos apps: Rust's wasm32 standard library, cargo-leptos, wasm-bindgen and, for the
 * browser tests, Chromium. A step that is already done is skipped, so that it is safe to interrupt this and to run it
 * again. A command that the user installed is never replaced: where it doesn't fit, ours goes into a folder of its own.
 *
 * On its own: node bin/dev/toolchain.mjs [--browser]
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { cacheDir, cargoBinDirs, SAMPLE_LOCKFILE } from './paths.mjs';
import {
  ask,
  findCommand,
  Interrupted,
  isExecutable,
  isMain,
  pathOf,
  runMain,
  runStep,
  SetupError,
  withPath,
} from './process.mjs';
import { createReporter } from './report.mjs';
import { thisSystem } from './system.mjs';
import { checkRustVersion } from './versions.mjs';
import { ensureWasmStd } from './wasm-std.mjs';

const CARGO_LEPTOS = '0.3.11';

/** For `cargo install`. */
const INSTALL_ENV = {
  // A progress bar, which `runStep` reads, although no terminal is there.
  CARGO_TERM_PROGRESS_WHEN: 'always',
  CARGO_TERM_PROGRESS_WIDTH: '100',
  CARGO_TERM_COLOR: 'never',
  // cargo-leptos asks for link-time optimisation in one piece, which takes minutes and wins nothing for a dev loop.
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  // Matters where its own lock file can't be used: nothing that asks for a newer Rust than this one.
  CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS: 'fallback',
};

/**
 * @typedef {object} Context what every step gets
 * @property {NodeJS.ProcessEnv} env with the PATH as it is so far
 * @property {ReturnType<typeof createReporter>} log
 * @property {ReturnType<typeof thisSystem>} system
 */

/**
 * @param {{ browser?: boolean, lockfile?: string, env?: NodeJS.ProcessEnv,
 *   log?: ReturnType<typeof createReporter>, system?: ReturnType<typeof thisSystem> }} [options]
 *   `lockfile`: the app's Cargo.lock, which says the version of wasm-bindgen
 * @returns {Promise<{ env: NodeJS.ProcessEnv, chromium: string | undefined }>} the environment to build in
 */
export async function prepareToolchain(options = {}) {
  const { browser = false, lockfile = SAMPLE_LOCKFILE, env = process.env } = options;
  const { log = createReporter(), system = thisSystem() } = options;
  const context = { env: withCargoBin(env), log, system };

  checkRust(context);
  await ensureWasmStd(context);
  await ensureCargoTool(context, {
    crate: 'cargo-leptos',
    command: 'cargo-leptos',
    version: CARGO_LEPTOS,
    accepts: isFittingCargoLeptos,
    // Some of its dependencies declare a newer Rust than they need.
    flags: ['--ignore-rust-version'],
    minutes: { serial: 2, parallel: 18 },
  });
  const bindgen = lockedVersion(lockfile, 'wasm-bindgen');
  await ensureCargoTool(context, {
    crate: 'wasm-bindgen-cli',
    command: 'wasm-bindgen',
    version: bindgen,
    accepts: (version) => version === bindgen,
    flags: [],
    minutes: { serial: 1, parallel: 4 },
  });
  const chromium = browser ? await ensureBrowser(context) : undefined;
  return { env: chromium ? { ...context.env, LEPTOS_FAST_CHROMIUM: chromium } : context.env, chromium };
}

/** cargo's own folder of commands may not be on PATH: a shell started before rustup was installed, an editor, CI. */
function withCargoBin(env) {
  const dirs = pathOf(env).split(delimiter);
  const missing = cargoBinDirs(env).filter((dir) => !dirs.includes(dir));
  return withPath(env, [...dirs, ...missing].join(delimiter));
}

/** @param {Context} context */
function checkRust({ env, log }) {
  for (const command of ['rustc', 'cargo']) {
    const file = findCommand(command, env);
    if (!file) {
      throw new SetupError(
        `Rust is not installed: there is no ${command} on PATH`,
        'install it from https://rustup.rs',
      );
    }
    const answer = ask(file, ['--version'], { env });
    if (!answer.ok) {
      throw new SetupError(`${file} does not run: ${answer.stderr.trim()}`, 'rustup default stable');
    }
    if (command === 'rustc') {
      checkRustVersion(answer.stdout.split(' ')[1] ?? '');
      log.say(`✓ ${answer.stdout.trim()}`);
    }
  }
}

/** Any later patch of the same minor: cargo-leptos keeps its command line and its settings in those. */
function isFittingCargoLeptos(version) {
  const [major, minor, patch] = CARGO_LEPTOS.split('.').map(Number);
  const [itsMajor, itsMinor, itsPatch] = version.split('.').map(Number);
  return itsMajor === major && itsMinor === minor && itsPatch >= patch;
}

/** The version of a package in a Cargo.lock. */
export function lockedVersion(lockfile, name) {
  const text = readFileSync(lockfile, 'utf8').replaceAll('\r\n', '\n');
  const version = new RegExp(`^name = "${name}"\\nversion = "([^"]+)"`, 'm').exec(text)?.[1];
  if (version === undefined)
    throw new SetupError(`${lockfile} has no package ${name}`, 'run cargo update in its folder');
  return version;
}

/**
 * Makes sure that a command of a fitting version is the first of its name on `context.env`'s PATH.
 *
 * @param {Context} context
 * @param {{ crate: string, command: string, version: string, accepts: (version: string) => boolean, flags: string[],
 *   minutes: { serial: number, parallel: number } }} tool
 */
async function ensureCargoTool(context, tool) {
  const { log } = context;
  const installed = findCommand(tool.command, context.env);
  const version = installed && versionOf(installed, context.env);
  if (version && tool.accepts(version)) {
    log.say(`✓ ${tool.command} ${version}`);
    return;
  }
  const ownRoot = join(cacheDir(context.env), 'tools', `${tool.crate}-${tool.version}`);
  const own = join(ownRoot, 'bin', process.platform === 'win32' ? `${tool.command}.exe` : tool.command);
  if (installed) {
    log.say(`  ${tool.command} ${version ?? '(broken)'} at ${installed} does not fit and stays as it is`);
    if (!isOwnFitting(own, tool, context.env)) await install(context, tool, ['--root', ownRoot], own);
    context.env = withPath(context.env, [dirname(own), pathOf(context.env)].join(delimiter));
    log.say(`✓ ${tool.command} ${tool.version} in ${dirname(own)}`);
    return;
  }
  await install(context, tool, []);
  log.say(`✓ ${tool.command} ${tool.version}`);
}

function isOwnFitting(own, tool, env) {
  return isExecutable(own) && tool.accepts(versionOf(own, env) ?? '');
}

/** `cargo install` with a target directory in the cache, so that an interrupted run goes on where it was. */
async function install(context, tool, rootFlags, expected) {
  const { env, log } = context;
  const targetDir = join(cacheDir(env), 'build', `${tool.crate}-${tool.version}`);
  mkdirSync(targetDir, { recursive: true });
  log.say(`  installing ${tool.crate} ${tool.version}: compiled from source, ${estimate(tool.minutes)}`);
  const isThere = () => {
    const file = expected ?? findCommand(tool.command, env);
    return file !== undefined && tool.accepts(versionOf(file, env) ?? '');
  };
  try {
    await cargoInstall(context, tool, [...tool.flags, ...rootFlags, '--target-dir', targetDir]);
  } catch (error) {
    // Another run beside this one may have installed it and deleted the folder that both built in.
    if (error instanceof Interrupted || !isThere()) throw error;
  }
  if (!isThere()) {
    throw new SetupError(
      `cargo installed ${tool.crate} ${tool.version}, but there is no ${tool.command} of that version on PATH`,
      'put the folder that cargo install names in its last line on PATH',
    );
  }
  rmSync(targetDir, { recursive: true, force: true });
}

/** Installs with the versions that the tool's authors locked or, if one of those is gone, with those that fit. */
async function cargoInstall({ env, log }, tool, flags) {
  const cargo = findCommand('cargo', env);
  const run = (more) =>
    runStep(tool.crate, cargo, ['install', `${tool.crate}@${tool.version}`, ...flags, ...more], {
      // Not in the repository: its folders' cargo settings are for the apps.
      cwd: cacheDir(env),
      env: { ...env, ...INSTALL_ENV },
      log,
    });
  try {
    await run(['--locked']);
  } catch (error) {
    if (!(error instanceof SetupError) || !/failed to select a version/.test(error.message)) throw error;
    log.say('  a version in its lock file cannot be had: taking others that fit');
    await run([]);
  }
}

/** `cargo-leptos 0.3.11` → `0.3.11`; undefined if the command doesn't run. */
function versionOf(file, env) {
  const answer = ask(file, ['--version'], { env });
  return answer.ok ? /\d+\.\d+\.\d+\S*/.exec(answer.stdout)?.[0] : undefined;
}

/** How long a compilation may take here: some of it runs on one core, the rest on all of them. */
function estimate({ serial, parallel }) {
  const cores = availableParallelism();
  return `about ${Math.ceil(serial + parallel / cores)} min on ${cores === 1 ? 'one core' : `${cores} cores`}`;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await prepareToolchain({ browser: process.argv.includes('--browser') });
    return 0;
  });
}
