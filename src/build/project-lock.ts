import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { findProcess, isSameProcessAlive, type ProcessInfo, processesWith } from './process-tree.js';

/** The variable by which a process is known to descend from a `dev` of ours; its value is the project's state folder. */
export const OFFSPRING_MARK = 'LF_DEV_STATE';

/** The lock's name in the state folder. */
export const DEV_LOCK = 'dev.lock';

/** How often, and with which pause (ms), killed processes are looked for again. */
const MAX_ROUNDS = 50;
const ROUND_MS = 20;

/** What the lock file holds. */
interface LockContent {
  readonly owner: ProcessInfo;
  /** Processes that may outlive the owner. */
  readonly offspring: readonly ProcessInfo[];
}

/**
 * The lock that lets one `dev` at a time serve a project: `dev.lock` in its state folder, with the owner's pid and start
 * time, so that a pid which another program got later is not taken for ours.
 */
export class ProjectLock {
  readonly #folder: string;
  readonly #owner: ProcessInfo;

  private constructor(folder: string, owner: ProcessInfo) {
    this.#folder = folder;
    this.#owner = owner;
  }

  /**
   * Takes the lock, and ends what a `dev` that was killed has left running on this project: only processes that the
   * lock file names with their start time, or that carry our mark. Errors: LF041 when another `dev` holds it, LF007 when
   * nothing can be written there.
   */
  static async acquire(folder: string): Promise<Result<{ readonly lock: ProjectLock; readonly ended: number }>> {
    const owner = (await findProcess(process.pid)) ?? unlistedSelf();
    const lock = new ProjectLock(folder, owner);
    let left: readonly ProcessInfo[] = [];
    try {
      await mkdir(folder, { recursive: true });
      while (!(await lock.#create())) {
        const before = await takeStaleLock(folder);
        if (before === 'in use') return err(alreadyRunning((await readLock(join(folder, DEV_LOCK)))?.owner.pid));
        left = before?.offspring ?? left;
      }
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return err(cannotWrite(folder, error));
    }
    const ended = await endOrphans(folder, left);
    return ok({ lock, ended });
  }

  /** Records the processes that would be left behind if this one were killed. */
  async note(offspring: readonly ProcessInfo[]): Promise<void> {
    await rename(await this.#write(offspring), join(this.#folder, DEV_LOCK));
  }

  async release(): Promise<void> {
    await rm(join(this.#folder, DEV_LOCK), { force: true });
  }

  /** Creates the lock file with its content in one step; false when there is one. */
  async #create(): Promise<boolean> {
    const temporary = await this.#write([]);
    try {
      await link(temporary, join(this.#folder, DEV_LOCK));
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #write(offspring: readonly ProcessInfo[]): Promise<string> {
    const content: LockContent = { owner: this.#owner, offspring };
    const temporary = join(this.#folder, `${DEV_LOCK}.${randomUUID()}`);
    await writeFile(temporary, JSON.stringify(content));
    return temporary;
  }
}

/** Removes the lock of an owner that is gone and returns what it held. */
async function takeStaleLock(folder: string): Promise<LockContent | null | 'in use'> {
  const path = join(folder, DEV_LOCK);
  const aside = `${path}.${randomUUID()}`;
  const seen = await readLock(path);
  if (seen && (await isSameProcessAlive(seen.owner))) return 'in use';
  // Another start may be at it too: only what is moved aside is ours to judge.
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return null;
  const taken = await readLock(aside);
  if (taken && (await isSameProcessAlive(taken.owner))) {
    await rename(aside, path);
    return 'in use';
  }
  await rm(aside, { force: true });
  return taken;
}

async function readLock(path: string): Promise<LockContent | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockContent;
  } catch {
    return null;
  }
}

/** Kills what is left of an earlier run; returns how many processes that were. */
async function endOrphans(folder: string, recorded: readonly ProcessInfo[]): Promise<number> {
  let ended = 0;
  for (const info of recorded) if ((await isSameProcessAlive(info)) && kill(info.pid)) ended += 1;
  // A shim of the killed run may just be starting cargo, so look again until nothing is left.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = await markedProcesses(folder);
    if (found.length === 0) break;
    ended += found.filter(kill).length;
    await sleep(ROUND_MS);
  }
  return ended;
}

/** Processes that carry our mark for this folder. */
async function markedProcesses(folder: string): Promise<readonly number[]> {
  const found = await processesWith(`${OFFSPRING_MARK}=${folder}`);
  return found.map(({ pid }) => pid).filter((pid) => pid !== process.pid && pid !== process.ppid);
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

function unlistedSelf(): ProcessInfo {
  return { pid: process.pid, parent: process.ppid, startedAt: '', command: 'node' };
}

function alreadyRunning(pid: number | undefined): LfError {
  return {
    code: 'LF041',
    message: 'leptos-fast dev already runs on this project',
    ...(pid !== undefined && { why: `Its process is ${pid}.` }),
    help: ['use its page, or end it with Ctrl-C in its terminal first'],
    exitCode: 3,
  };
}

/** The system lets nobody write there: no right to, a read-only drive, a full one, or a file where a folder should be. */
function isRefusal(error: unknown): error is NodeJS.ErrnoException {
  const codes = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function cannotWrite(folder: string, { message }: Error): LfError {
  return {
    code: 'LF007',
    message: 'the target directory cannot be written',
    where: { file: folder },
    why: message,
    help: [
      'give this user the right to write there: ls -ld, then chown or chmod',
      'or build elsewhere: CARGO_TARGET_DIR=/path/to/a/folder/of/yours leptos-fast dev',
    ],
    exitCode: 3,
  };
}
