import type { Process } from './processes.js';

/** Programs that only run while something is being made. */
const AT_WORK = new Set([
  'cargo',
  'rustc',
  'rust-lld',
  'ld',
  'cc',
  'collect2',
  'wasm-bindgen',
  'wasm-opt',
  'build-script-build',
]);

/**
 * Whether anything is under way, seen from outside: a program that builds runs, or a process has come or gone. A server
 * that boots counts from its start.
 */
export class Activity {
  #present = '';
  #last = 0;

  /** Takes a look at the tool's processes; returns when there was activity last, in ms since the epoch. */
  look(processes: readonly Process[], now = Date.now()): number {
    const present = processes.map(({ pid, startedAt }) => `${pid}@${startedAt}`).join(' ');
    if (present !== this.#present || processes.some(({ program }) => AT_WORK.has(program))) this.#last = now;
    this.#present = present;
    return this.#last;
  }
}
