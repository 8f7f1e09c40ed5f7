import type { Clock } from '../core/clock.js';
import { type Event, nameOfSides, type Side } from '../core/events.js';

/** So many builds of a kind tell what to expect of the next one. */
export const KEPT_DURATIONS = 9;

/** A build as people follow it: from its start until the page has it. Times in ms. */
export interface BuildUnderWay {
  readonly what: string;
  readonly elapsedMs: number;
  readonly expectedMs: number | null;
}

/*
 *            build-started              all ended well         reloaded, interactive, server-exited
 *   idle ──────────────────▶ building ─────────────────▶ arriving ─────────────────────────▶ idle
 *     ▲                        │  ▲                          │
 *     └── all ended, one not well │      build-started       │
 *                                 └──────────────────────────┘
 */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'building' | 'arriving'; readonly startedAt: number; readonly sides: ReadonlySet<Side> };

/** Follows what is being built, and learns from each build how long the next one of its kind takes. */
export class BuildTimes {
  readonly #clock: Clock;
  #state: State = { kind: 'idle' };
  readonly #running = new Set<Side>();
  #failed = false;
  readonly #durations = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What earlier runs know: durations (ms) by what was built, the newest last. What this run has learnt goes behind it. */
  learn(known: ReadonlyMap<string, readonly number[]>): void {
    for (const [what, before] of known) {
      const durations = [...before, ...(this.#durations.get(what) ?? [])];
      this.#durations.set(what, durations.slice(-KEPT_DURATIONS));
    }
  }

  /** What is under way; null when nothing is. */
  get building(): BuildUnderWay | null {
    if (this.#state.kind === 'idle') return null;
    const what = nameOfSides(this.#state.sides);
    const elapsedMs = this.#clock.now() - this.#state.startedAt;
    return { what, elapsedMs, expectedMs: median(this.#durations.get(what) ?? []) };
  }

  /** Takes note of an event; true when `building` is another one now. */
  on(event: Event): boolean {
    switch (event.event) {
      case 'build-started':
        this.#start(event.side);
        return true;
      case 'build-finished':
        this.#failed ||= !event.ok;
        return this.#end(event.side);
      case 'build-stopped':
      case 'build-skipped':
        return this.#end(event.side);
      case 'ready':
      case 'reloaded':
      case 'interactive':
        return this.#arrive();
      case 'server-exited':
        return this.#rest();
      default:
        return false;
    }
  }

  #start(side: Side): void {
    const state = this.#state;
    this.#running.add(side);
    this.#failed = false;
    const [startedAt, sides] = state.kind === 'idle' ? [this.#clock.now(), []] : [state.startedAt, state.sides];
    this.#state = { kind: 'building', startedAt, sides: new Set([...sides, side]) };
  }

  #end(side: Side): boolean {
    this.#running.delete(side);
    if (this.#state.kind === 'idle' || this.#running.size > 0) return false;
    if (this.#failed) return this.#rest();
    this.#state = { ...this.#state, kind: 'arriving' };
    return false;
  }

  #arrive(): boolean {
    const state = this.#state;
    // Another build goes on, for a later save.
    if (state.kind !== 'arriving') return false;
    const what = nameOfSides(state.sides);
    const durations = [...(this.#durations.get(what) ?? []), this.#clock.now() - state.startedAt];
    this.#durations.set(what, durations.slice(-KEPT_DURATIONS));
    return this.#rest();
  }

  #rest(): boolean {
    const wasBusy = this.#state.kind !== 'idle';
    this.#state = { kind: 'idle' };
    this.#running.clear();
    return wasBusy;
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
