import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const REPO = fileURLToPath(new URL('../../..', import.meta.url));

const CACHE =
  process.env.LEPTOS_FAST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'leptos-fast');

/** Where the suite keeps its apps, logs and the counting cargo. */
export const HOME = resolve(CACHE, 'scenarios');
export const APPS = join(HOME, 'apps');
export const LOGS = join(HOME, 'logs');
export const BIN = join(HOME, 'bin');
export const SNAPSHOT = join(HOME, 'snapshot');

/** The cargo target directory that all variants, both tools and the e2e tests share. */
export const TARGET = resolve(process.env.LEPTOS_FAST_TEST_TARGET ?? join(CACHE, 'test-target'));

/** Makes the folders; throws where plain cargo-leptos would ignore every file because of the folder's name. */
export function makePlaces(): void {
  const unfair = APPS.split(sep).find((name) => name === 'target' || name === 'debug');
  if (unfair !== undefined) {
    throw new Error(`cargo-leptos does not watch below a folder named ${unfair}: set LEPTOS_FAST_CACHE (now ${CACHE})`);
  }
  for (const folder of [APPS, LOGS, BIN]) mkdirSync(folder, { recursive: true });
  // `@import "tailwindcss"` is looked up from the app's folder upwards.
  const link = join(APPS, 'node_modules');
  rmSync(link, { force: true });
  symlinkSync(join(REPO, 'node_modules'), link);
}
