import { availableParallelism, loadavg } from 'node:os';
import type { Clock } from '../core/clock.js';

/** How often (ms) it is looked whether there is nothing to do. */
const LOOK_MS = 2_000;
/** The machine has been idle for so long (ms). */
const IDLE_MS = 10_000;
/** With less load than this for each processor, a build disturbs nobody. */
const IDLE_LOAD = 0.5;

/** What can be built ahead of its first request. */
export interface Preloadable {
  readonly name: string;
  readonly isWanted: boolean;
  readonly isIdle: boolean;
  want(why: 'idle'): void;
}

export interface PreloadOptions {
  readonly clock: Clock;
  readonly runs: readonly Preloadable[];
  /** Names of the projects that were worked on lately, the busiest first. */
  readonly core: readonly string[];
  /** Processes that want to run, on the average of the last minute; 0 where the system does not tell (Windows). */
  readonly load?: () => number;
}

/**
 * Builds the projects that were worked on lately, one after the other, while the machine is idle: nothing of what was wanted is
 * being built, and nobody else keeps the processors busy. The returned function ends it.
 */
export function preload({ clock, runs, core, load = () => loadavg()[0] ?? 0 }: PreloadOptions): () => void {
  let idleSince = clock.now();
  let cancel: () => void = () => undefined;
  const look = (): void => {
    const next = core
      .map((name) => runs.find((run) => run.name === name))
      .find((run) => run !== undefined && !run.isWanted);
    if (!next) return;
    const isBusy = runs.some((run) => run.isWanted && !run.isIdle) || load() > IDLE_LOAD * availableParallelism();
    if (isBusy) idleSince = clock.now();
    else if (clock.now() - idleSince >= IDLE_MS) {
      next.want('idle');
      idleSince = clock.now();
    }
    cancel = clock.after(LOOK_MS, look);
  };
  cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}
