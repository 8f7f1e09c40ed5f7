import type { ChildProcess } from 'node:child_process';

/** How long a process group has after SIGTERM before SIGKILL, in ms. */
const TERM_GRACE_MS = 1_000;

/** Sends a signal to a whole process group; false when there is none left. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-groupId, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends a child that was spawned `detached`, with all of its group, and resolves when it is gone.
 * SIGTERM first, so that cargo removes its lock in order; SIGKILL a second later.
 */
export function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), TERM_GRACE_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      // Whoever of the group outlived its leader, a linker for example, has no one left to work for.
      signalGroup(pid, 'SIGKILL');
      resolve();
    });
    signalGroup(pid, 'SIGTERM');
  });
}
