import type { AdviceFacts } from '../record/advice/facts.js';
import { JsonLinesStore } from '../record/json-lines-store.js';
import { missing } from '../record/report/next-step.js';
import { COMPARED_DAYS } from '../record/summary.js';
import type { Figures } from './data.js';
import { figuresOf, validUntil } from './figures.js';
import type { FiguresAnswer, FiguresQuestion, FiguresSource } from './figures-source.js';
import { HistoryFollower } from './history-follower.js';

const DAY_MS = 86_400_000;

/** Figures that were computed already. */
interface Kept {
  readonly generation: number;
  readonly json: string;
  /** In ms since the epoch. */
  readonly until: number;
}

/**
 * The figures of a history's folder, computed where it is called: for 100,000 records that takes more than a second, in
 * which nothing else runs, so `dev` has it done in a thread.
 */
export class HistoryFigures implements FiguresSource {
  readonly #folder: string;
  readonly #facts: AdviceFacts | null;
  readonly #now: () => number;
  #follower: HistoryFollower | null = null;
  #generation = 0;
  #asked: Promise<unknown> = Promise.resolve();
  /** By the number of days. */
  readonly #kept = new Map<number, Kept>();

  constructor(folder: string, facts: AdviceFacts | null, now: () => number = Date.now) {
    this.#folder = folder;
    this.#facts = facts;
    this.#now = now;
  }

  /** One question after the other: two that read at the same time would take the same lines twice. */
  ask(question: FiguresQuestion): Promise<FiguresAnswer> {
    const answer = this.#asked.then(() => this.#answer(question));
    this.#asked = answer;
    return answer;
  }

  async close(): Promise<void> {
    this.#follower = null;
    this.#kept.clear();
  }

  async #answer({ days, known }: FiguresQuestion): Promise<FiguresAnswer> {
    const now = this.#now();
    try {
      const follower = this.#followerOf(now - Math.max(days, COMPARED_DAYS) * DAY_MS);
      if (await follower.refresh()) this.#kept.clear();
      const kept = this.#kept.get(days);
      const fresh = kept && now < kept.until ? kept : await this.#compute(follower, now, days);
      return fresh.generation === known
        ? { kind: 'same' }
        : { kind: 'figures', generation: fresh.generation, json: fresh.json };
    } catch (error) {
      // Begun anew, it sees all of what can be read again.
      this.#follower = null;
      return { kind: 'problem', message: error instanceof Error ? error.message : String(error) };
    }
  }

  #followerOf(since: number): HistoryFollower {
    if (this.#follower?.covers(since)) return this.#follower;
    const follower = new HistoryFollower(this.#folder, since);
    this.#follower = follower;
    this.#kept.clear();
    return follower;
  }

  async #compute(follower: HistoryFollower, now: number, days: number): Promise<Kept> {
    const figures = figuresOf(follower.history, now, days, this.#facts);
    // Whatever lies before the period tells what to do about an empty one.
    const why =
      figures.summary.batches > 0
        ? null
        : missing(await new JsonLinesStore({ folder: this.#folder }).read(), figures.summary.from, days);
    this.#generation += 1;
    const kept: Kept = {
      generation: this.#generation,
      json: JSON.stringify({ ...figures, missing: why } satisfies Figures),
      until: validUntil(now),
    };
    this.#kept.set(days, kept);
    return kept;
  }
}
