import { rmSync } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ProjectLock } from '../build/project-lock.js';
import type { LfError } from '../core/errors.js';
import { err, type Result } from '../core/result.js';
import { onSignals } from '../core/signals.js';

export interface ScratchRunOptions {
  /** A folder of ours, locked for the time and removed at the end, absolute. */
  readonly home: string;
  /** What runs, for people: `leptos-fast tune`. */
  readonly name: string;
  /** The first signal, before `signal` fires. */
  readonly onStop?: () => void;
}

/**
 * Runs work that builds into a scratch folder: one at a time for each home, with nothing left behind, whether it ends, is ended in order
 * (`signal`) or at once. Errors: LF041 when it runs already, LF007 when nothing can be written, and those of the work.
 */
export async function inScratch<T>(
  { home, name, onStop }: ScratchRunOptions,
  work: (scratch: string, signal: AbortSignal) => Promise<Result<T, readonly LfError[]>>,
): Promise<Result<T, readonly LfError[]>> {
  const locked = await ProjectLock.acquire(home);
  if (!locked.ok) return err([alreadyRuns(name, locked.error)]);
  const stop = new AbortController();
  const scratch = join(home, 'scratch');
  const offSignals = onSignals({
    onStop: () => {
      onStop?.();
      stop.abort();
    },
    onForce: (exitCode) => {
      rmSync(home, { recursive: true, force: true });
      process.exit(exitCode);
    },
    onResume: () => undefined,
  });
  try {
    // What a run that was killed has left.
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    return await work(scratch, stop.signal);
  } finally {
    offSignals();
    await rm(home, { recursive: true, force: true });
  }
}

/** What this user may still write in a folder, in bytes. */
export async function freeDisk(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function alreadyRuns(name: string, error: LfError): LfError {
  if (error.code !== 'LF041') return error;
  return {
    ...error,
    message: `${name} already runs on this project`,
    help: ['wait for it, or end it with Ctrl-C in its terminal first'],
  };
}
