import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdviceFacts } from '../record/advice/facts.js';
import { historyFiles, JsonLinesStore } from '../record/json-lines-store.js';
import { missing } from '../record/report/next-step.js';
import { COMPARED_DAYS } from '../record/summary.js';
import type { Figures } from './data.js';
import { figuresOf, validUntil } from './figures.js';
import { type FiguresAnswer, type FiguresQuestion, type FiguresSource, PARTIAL } from './figures-source.js';
import { HistoryFollower } from './history-follower.js';

const DAY_MS = 86_400_000;
/** To read and sum up less than this (bytes) takes no time that a person notices. */
const LONG_BYTES = 15_000_000;
const PARTIAL_LASTS_MS = 5_000;

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
  #generation = PARTIAL;
  /** For the page's own question, which comes a moment after that for its files. */
  #partial: { readonly json: string; readonly until: number } | null = null;
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
    this.#partial = null;
    this.#follower = null;
    this.#kept.clear();
  }

  async #answer({ days, known, mayBePartial = false }: FiguresQuestion): Promise<FiguresAnswer> {
    const now = this.#now();
    try {
      const newest = mayBePartial && known === null && !this.#follower ? await this.#ofNewestDays(now, days) : null;
      if (newest !== null) return { kind: 'figures', generation: PARTIAL, json: newest };
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

  /** The figures of the days that today is compared with, where that is much less than all; null where it is not worth it. */
  async #ofNewestDays(now: number, days: number): Promise<string | null> {
    if (this.#partial && now < this.#partial.until) return this.#partial.json;
    if (days <= COMPARED_DAYS || (await this.#bytes()) < LONG_BYTES) return null;
    const follower = new HistoryFollower(this.#folder, now - COMPARED_DAYS * DAY_MS);
    await follower.refresh();
    const figures = figuresOf(follower.history, now, COMPARED_DAYS, null);
    if (figures.summary.batches === 0) return null;
    const json = JSON.stringify({ ...figures, missing: null, isPartial: true } satisfies Figures);
    this.#partial = { json, until: now + PARTIAL_LASTS_MS };
    return json;
  }

  async #bytes(): Promise<number> {
    const names = historyFiles(await readdir(this.#folder).catch(() => []));
    const sizes = await Promise.all(
      names.map((name) =>
        stat(join(this.#folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
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
