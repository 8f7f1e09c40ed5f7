import { describeFiles } from '../build/batch.js';
import type { Clock } from '../core/clock.js';
import type { Event } from '../core/events.js';
import { plural } from '../record/report/words.js';
import { BuildTimes } from '../serve/build-times.js';
import type { LastSeen, LiveStatus } from './data.js';

/** So many batches are remembered; those whose build failed never arrive. */
const KEPT_BATCHES = 50;

export interface LiveFeedOptions {
  readonly clock: Clock;
  /** When the command was started, in ms since the epoch. */
  readonly startedAt: number;
  /** See BuildTimes. */
  readonly knownDurations: Promise<ReadonlyMap<string, readonly number[]>>;
}

/** What `dev` does right now, from its events alone. */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #times: BuildTimes;
  readonly #listeners = new Set<(status: LiveStatus) => void>();
  /** Files of the batches, in words. */
  readonly #files = new Map<number, string>();
  readonly #errors = new Set<string>();
  #newest = 0;
  #isReady = false;
  /** Why what can be seen is not what was saved; null when it is. */
  #broken: string | null = null;
  #last: LastSeen | null = null;
  #told = '';

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    this.#times = new BuildTimes(options.clock);
    void options.knownDurations.then((known) => this.#times.learn(known));
  }

  get status(): LiveStatus {
    const building = this.#times.building;
    if (!building && this.#broken !== null) return { kind: 'failed', why: this.#broken };
    if (!this.#isReady) return { kind: 'starting', since: this.#options.startedAt };
    if (!building) return { kind: 'ready', last: this.#last };
    const { what, elapsedMs, expectedMs } = building;
    const files = this.#files.get(this.#newest) ?? '';
    return { kind: 'building', what, files, since: this.#options.clock.now() - elapsedMs, expectedMs };
  }

  /** Calls `listener` whenever the status is another one; the returned function ends that. */
  onChange(listener: (status: LiveStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes note of an event. */
  on(event: Event): void {
    if (event.event === 'app-output' || event.event === 'log' || event.event === 'build-progress') return;
    this.#note(event);
    this.#times.on(event);
    const status = this.status;
    const text = JSON.stringify(status);
    if (text === this.#told) return;
    this.#told = text;
    for (const listener of this.#listeners) listener(status);
  }

  #note(event: Event): void {
    switch (event.event) {
      case 'change-batch':
        this.#newest = event.id;
        this.#files.set(event.id, event.files.length > 0 ? describeFiles(event.files) : event.reason);
        this.#files.delete(event.id - KEPT_BATCHES);
        this.#errors.clear();
        return;
      case 'build-finished':
        if (event.ok) return;
        for (const { level, rendered } of event.diagnostics) if (level === 'error') this.#errors.add(rendered);
        this.#broken =
          this.#errors.size > 0
            ? `${plural(this.#errors.size, 'compile error')}: the terminal and the page show them`
            : `the ${event.side} cannot be built: the terminal tells why`;
        return;
      case 'server-exited':
        this.#broken = `the server ended: ${event.reason}`;
        return;
      case 'server-started':
        if (this.#errors.size === 0) this.#broken = null;
        return;
      case 'ready':
        this.#isReady = true;
        this.#broken = null;
        return;
      case 'reloaded':
        this.#broken = null;
        this.#last = { at: Date.parse(event.time), files: this.#files.get(event.batch) ?? '', ms: event.ms };
        return;
      default:
        return;
    }
  }
}
