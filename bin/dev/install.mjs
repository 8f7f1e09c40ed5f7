/**
 * Installs the npm packages, if they are not those of package-lock.json already.
 *
 * On its own: node bin/dev/install.mjs
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { REPO } from './paths.mjs';
import { isMain, runHere, runMain, SetupError } from './process.mjs';

const LOCKFILE = join(REPO, 'package-lock.json');
const STAMP = join(REPO, 'node_modules/.leptos-fast-installed');

/** Runs `npm ci` when it is needed. */
export async function installPackages() {
  if (isInstalled()) return;
  console.log('Installing the npm packages');
  const [command, args, shell] = npm();
  const code = await runHere(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: REPO,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell,
  });
  if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}`, 'see what npm wrote above', code);
  writeFileSync(STAMP, lockHash());
}

/** By our stamp, which holds the lock file's hash; else, where somebody ran npm by hand, by npm's own time stamp. */
function isInstalled() {
  if (existsSync(STAMP)) return readFileSync(STAMP, 'utf8') === lockHash();
  const npmsOwn = join(REPO, 'node_modules/.package-lock.json');
  return existsSync(npmsOwn) && statSync(npmsOwn).mtimeMs >= statSync(LOCKFILE).mtimeMs;
}

function lockHash() {
  return createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');
}

/** The npm that runs this script, else the one on PATH. */
function npm() {
  const running = process.env.npm_execpath;
  if (running && basename(running) === 'npm-cli.js') return [process.execPath, [running], false];
  return ['npm', [], process.platform === 'win32'];
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await installPackages();
    return 0;
  });
}
