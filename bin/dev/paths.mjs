/**
 * Where things are: in this repository and on this machine.
 */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPO = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const SAMPLE_TEMPLATE = join(REPO, 'templates/sample-app');
export const SAMPLE_LOCKFILE = join(SAMPLE_TEMPLATE, 'Cargo.lock');
export const DEMO_APP = join(REPO, 'demo-app');
export const CLI = join(REPO, 'bin/leptos-fast.js');

/** The folder for what can be made again: `LEPTOS_FAST_CACHE`, else the usual place of the system. */
export function cacheDir(env = process.env) {
  if (env.LEPTOS_FAST_CACHE) return resolve(env.LEPTOS_FAST_CACHE);
  const home = env.HOME || homedir();
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'leptos-fast');
  if (process.platform === 'darwin') return join(home, 'Library/Caches/leptos-fast');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'leptos-fast/cache');
  return join(home, '.cache/leptos-fast');
}

/** The target directory that the tests' Rust builds share, so that a second run is warm. */
export function testTargetDir(env = process.env) {
  return env.LEPTOS_FAST_TEST_TARGET ? resolve(env.LEPTOS_FAST_TEST_TARGET) : join(cacheDir(env), 'test-target');
}

/** Where cargo keeps the commands that it installs. */
export function cargoBinDirs(env = process.env) {
  const cargoHome = env.CARGO_HOME || join(env.HOME || homedir(), '.cargo');
  const dirs = [join(cargoHome, 'bin')];
  if (env.CARGO_INSTALL_ROOT) dirs.unshift(join(env.CARGO_INSTALL_ROOT, 'bin'));
  return dirs;
}
