/**
 * Finds or installs the browser that the browser tests drive.
 */
import { join } from 'node:path';
import { findCommand, isExecutable, runStep } from './process.mjs';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** The file name of an installed browser of the Chromium family; `LEPTOS_FAST_CHROMIUM` names another one. */
export function findChromium(env = process.env) {
  if (env.LEPTOS_FAST_CHROMIUM) return env.LEPTOS_FAST_CHROMIUM;
  for (const command of COMMANDS) {
    const file = findCommand(command, env);
    if (file) return file;
  }
  return usualPlaces(env).find(isExecutable);
}

/** Where a browser is that puts no command on PATH. */
function usualPlaces(env) {
  if (process.platform === 'darwin') {
    const apps = ['/Applications', join(env.HOME ?? '', 'Applications')];
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return apps.flatMap((dir) => names.map((name) => join(dir, `${name}.app/Contents/MacOS/${name}`)));
  }
  if (process.platform === 'win32') {
    const roots = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(Boolean);
    const names = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    return roots.flatMap((root) => names.map((name) => join(root, name)));
  }
  return [];
}

/** Installs Chromium where that is one command (Debian, as root); elsewhere says how to and returns undefined. */
export async function ensureBrowser({ env, log, system }) {
  const found = findChromium(env);
  if (found) {
    log.say(`✓ browser ${found}`);
    return found;
  }
  const apt = findCommand('apt-get', env);
  if (system.debian && system.root && apt) {
    log.say("  installing Chromium from Debian's packages: about a minute");
    const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, log };
    await runStep('apt-get update', apt, ['update'], quiet);
    await runStep('Chromium', apt, ['install', '-y', '--no-install-recommends', 'chromium'], quiet);
    const installed = findChromium(env);
    if (installed) log.say(`✓ browser ${installed}`);
    return installed;
  }
  log.say('✗ no Chromium or Chrome: the browser tests will fail');
  log.say(
    system.debian
      ? '  help: sudo apt-get install chromium'
      : '  help: install Chromium or Chrome, or set LEPTOS_FAST_CHROMIUM to its file name',
  );
  return undefined;
}
