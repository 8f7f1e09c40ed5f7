import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HOME } from './places.js';
import { isAlive, markedProcesses, presentMarkers, readProcess } from './processes.js';
import { killAll } from './scene.js';

const LOCK = join(HOME, 'lock');

/**
 * Makes sure that one suite uses the apps at a time, and ends what a suite that was killed has left running.
 * Returns the way to let go. Throws when another one runs.
 */
export async function oneAtATime(): Promise<() => void> {
  const self = readProcess(process.pid);
  const [pid = '', startedAt = ''] = existsSync(LOCK) ? readFileSync(LOCK, 'utf8').split(' ') : [];
  if (pid !== '' && isAlive({ pid: Number(pid), startedAt })) {
    throw new Error(`another run of the scenarios (process ${pid}) uses the apps`);
  }
  writeFileSync(LOCK, `${process.pid} ${self?.startedAt ?? ''}`);
  for (const marker of presentMarkers()) if (isLeft(marker)) await killAll(markedProcesses(marker));
  return () => rmSync(LOCK, { force: true });
}

/** A marker begins with the pid of its suite; one with another cache folder may run beside this one. */
function isLeft(marker: string): boolean {
  return readProcess(Number.parseInt(marker, 10))?.program !== basename(process.execPath);
}
