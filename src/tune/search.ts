import type { Clock } from '../core/clock.js';
import type { Estimate } from '../record/statistics.js';
import { type Arm, BASE, type Candidate, type NotTried, rebuildsOf } from './candidate.js';
import type { Measurer, Outcome } from './measurer.js';
import { ArmSamples, isFaster, isSlower } from './samples.js';

/** Edits of the first round; each later round has one more. */
const FIRST_ROUND = 2;
/** With so many edits an arm's interval is the bootstrap's, and more rounds would only make it narrower. */
export const ENOUGH = 6;
/** Edits that check a winner: measured anew, since what won out of many has also had luck. */
const CHECK_EDITS = 6;
const MOST_CHECK_EDITS = 10;
/** A build may take so many times what the longest of its kind took before. */
const MARGIN = 1.25;

export interface SearchOptions {
  readonly candidates: readonly Candidate[];
  readonly measurer: Measurer;
  readonly clock: Clock;
  /** When the run has to be over, in ms since the epoch. */
  readonly deadline: number;
  readonly onStep: (step: SearchStep) => void;
}

/** What the search is doing, for the line that tells of progress. */
export type SearchStep =
  | { readonly step: 'first-build'; readonly arm: Arm; readonly index: number; readonly count: number }
  | { readonly step: 'first-built'; readonly arm: Arm; readonly outcome: Outcome<number> }
  | { readonly step: 'edit'; readonly arm: Arm; readonly round: number; readonly arms: number }
  | { readonly step: 'round'; readonly round: number; readonly dropped: readonly Candidate[]; readonly left: number }
  | { readonly step: 'check'; readonly arm: Arm };

/** What became of one candidate. */
export interface Tried {
  readonly candidate: Candidate;
  /** Its first build, in ms. */
  readonly firstBuildMs: number | null;
  readonly samples: ArmSamples;
  readonly ratio: Estimate | null;
}

/** The winners, measured together against the base once more. */
export interface Check {
  readonly arm: Arm;
  readonly firstBuildMs: number | null;
  readonly samples: ArmSamples;
  readonly base: ArmSamples;
  readonly ratio: Estimate | null;
}

export interface SearchResult {
  /** Null when the first build did not come to an end. */
  readonly base: { readonly firstBuildMs: number; readonly samples: ArmSamples } | null;
  readonly tried: readonly Tried[];
  readonly notTried: readonly NotTried[];
  /** In the order in which they were made; the last one counts. */
  readonly checks: readonly Check[];
  /** What may be offered: faster than the base in the search and in the check. */
  readonly winner: Check | null;
  /** `budget`: something was left out or not checked for want of time. */
  readonly end: 'complete' | 'budget' | 'stopped' | 'failed';
  /** Why the base could not be built or edited. */
  readonly why?: string;
}

/**
 * Looks for the settings with which an edit is built faster: a first build with each, as far as there is time, then rounds
 * in which base and candidates build edits in turn and the slower half is dropped (successive halving), then the
 * winners of each group together against the base, on new edits. Ends at the deadline whatever happens, with what it knows.
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  return new Search(options).run();
}

/** Thrown within the search and caught in it: there is no time or no wish to go on. */
class Ended extends Error {
  constructor(
    readonly end: 'budget' | 'stopped' | 'failed',
    readonly why?: string,
  ) {
    super(end);
  }
}

class Search {
  readonly #options: SearchOptions;
  readonly #base = new ArmSamples(BASE);
  #baseFirstMs: number | null = null;
  readonly #tried: { candidate: Candidate; firstBuildMs: number | null; samples: ArmSamples }[] = [];
  readonly #notTried: NotTried[] = [];
  readonly #checks: Check[] = [];
  /** The longest first build that had to make the dependencies too, in ms. */
  #allMs: number | null = null;
  #editMs = 0;
  #turns = 0;
  #isShort = false;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  async run(): Promise<SearchResult> {
    try {
      await this.#prepareBase();
      const prepared = await this.#prepareCandidates();
      await this.#rounds(prepared);
      const winner = await this.#check();
      return this.#result(this.#isShort ? 'budget' : 'complete', winner);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      return this.#result(error.end, null, error.why);
    }
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  async #prepareBase(): Promise<void> {
    const { measurer, onStep, deadline } = this.#options;
    onStep({ step: 'first-build', arm: BASE, index: 0, count: this.#options.candidates.length });
    const built = await measurer.warmUp(BASE, deadline);
    onStep({ step: 'first-built', arm: BASE, outcome: built });
    this.#baseFirstMs = valueOrEnd(built);
    onStep({ step: 'edit', arm: BASE, round: 0, arms: 1 });
    this.#editMs = valueOrEnd(await measurer.build(BASE, deadline)).ms;
  }

  /** The first build with an arm, and an edit: the first after a whole build is a little slower, and counts for no one. */
  async #warmUp(arm: Arm, until: number): Promise<Outcome<number>> {
    const { measurer } = this.#options;
    const built = await measurer.warmUp(arm, until);
    if (built.kind !== 'done') return built;
    const edited = await measurer.build(arm, until);
    // One that fails is met again, and named, in the first round.
    return edited.kind === 'done' || edited.kind === 'failed' ? built : edited;
  }

  /** First builds, as long as there is time for the rounds and the check behind them. */
  async #prepareCandidates(): Promise<readonly ArmSamples[]> {
    const { candidates, onStep, deadline } = this.#options;
    const prepared: ArmSamples[] = [];
    for (const [index, candidate] of candidates.entries()) {
      const arm = { candidates: [candidate] };
      const until = deadline - this.#reserve(prepared.length + 1);
      const expected = this.#expectedFirstMs(arm);
      if (this.#now + expected > until) {
        this.#leaveOut(candidate, expected > this.#editMs * 4 ? 'the budget has no room for its first build' : NO_TIME);
        continue;
      }
      onStep({ step: 'first-build', arm, index: index + 1, count: candidates.length });
      const built = await this.#warmUp(arm, until);
      onStep({ step: 'first-built', arm, outcome: built });
      if (built.kind === 'stopped') throw new Ended('stopped');
      if (built.kind === 'failed')
        this.#notTried.push({ group: candidate.group, what: candidate.title, why: built.why });
      else if (built.kind === 'late') this.#leaveOut(candidate, 'its first build did not end within the budget');
      else {
        if (candidate.rebuilds === 'all') this.#allMs = Math.max(this.#allMs ?? 0, built.value);
        const samples = new ArmSamples(arm);
        this.#tried.push({ candidate, firstBuildMs: built.value, samples });
        prepared.push(samples);
      }
    }
    return prepared;
  }

  /** Successive halving: rounds of edits that the base and everyone left build in turn. */
  async #rounds(prepared: readonly ArmSamples[]): Promise<void> {
    let left = prepared;
    for (let round = 1; left.length > 0; round++) {
      const edits = FIRST_ROUND + round - 1;
      const cost = edits * (left.length + 1) * this.#editMs * MARGIN;
      // While nobody is ahead there is nothing to check, and the time is better spent on more edits.
      const isAhead = left.some((samples) => isFaster(samples.ratioTo(this.#base)));
      const kept = isAhead ? 2 * CHECK_EDITS * this.#editMs * MARGIN : 0;
      if (this.#now + cost > this.#options.deadline - kept) {
        this.#isShort ||= left.some(({ count }) => count < ENOUGH);
        return;
      }
      for (let edit = 0; edit < edits; edit++) await this.#measure([this.#base, ...left], round);
      const next = survivors(left, this.#base);
      const dropped = left.filter((samples) => !next.includes(samples));
      this.#options.onStep({
        step: 'round',
        round,
        dropped: dropped.flatMap(({ arm }) => arm.candidates),
        left: next.length,
      });
      if (next.every(({ count }) => count >= ENOUGH)) return;
      left = next;
    }
  }

  /** Measures the winners of all groups together against the base; should that fail, the best of them alone. */
  async #check(): Promise<Check | null> {
    const winners = this.#groupWinners();
    const [best] = winners;
    if (!best) return null;
    const arms: Arm[] = [{ candidates: winners.map(({ candidate }) => candidate) }];
    if (winners.length > 1) arms.push({ candidates: [best.candidate] });
    for (const arm of arms) {
      const check = await this.#checkArm(arm);
      if (check && holds(check)) return check;
    }
    return null;
  }

  async #checkArm(arm: Arm): Promise<Check | null> {
    const { onStep, deadline } = this.#options;
    const edits = 2 * CHECK_EDITS * this.#editMs;
    onStep({ step: 'check', arm });
    let firstBuildMs = this.#firstBuildOf(arm);
    if (firstBuildMs === null) {
      if (this.#now + this.#expectedFirstMs(arm) + edits > deadline) return this.#outOfTime();
      const built = await this.#warmUp(arm, deadline - edits);
      if (built.kind === 'stopped') throw new Ended('stopped');
      if (built.kind === 'late') return this.#outOfTime();
      if (built.kind === 'failed') return null;
      firstBuildMs = built.value;
    }
    const [samples, base] = [new ArmSamples(arm), new ArmSamples(BASE)];
    // Registered before it is complete, so that an interrupted run can tell of it.
    const at = this.#checks.length;
    const record = (): Check => {
      const check = { arm, firstBuildMs, samples, base, ratio: samples.ratioTo(base) };
      this.#checks[at] = check;
      return check;
    };
    // How many is settled before the first: whoever looks at the result to decide on more finds too many winners.
    const room = Math.floor((deadline - this.#now) / (2 * this.#editMs * MARGIN));
    const count = Math.max(CHECK_EDITS, Math.min(MOST_CHECK_EDITS, room));
    for (let edit = 0; edit < count; edit++) {
      try {
        await this.#measure([base, samples], 0);
      } catch (error) {
        if (!(error instanceof Ended && error.end === 'budget' && samples.count >= CHECK_EDITS)) throw error;
        break;
      } finally {
        record();
      }
    }
    return record();
  }

  #outOfTime(): null {
    this.#isShort = true;
    return null;
  }

  /** An edit with each arm, in turn; who begins changes from turn to turn, so that nobody is always the second. */
  async #measure(arms: readonly ArmSamples[], round: number): Promise<void> {
    const { measurer, onStep, deadline } = this.#options;
    const turn = this.#turns++;
    const first = turn % arms.length;
    for (const samples of [...arms.slice(first), ...arms.slice(0, first)]) {
      onStep({ step: 'edit', arm: samples.arm, round, arms: arms.length });
      if (samples.broken !== null) continue;
      const built = await measurer.build(samples.arm, deadline);
      // The base has to build; who else does not is out.
      if (built.kind === 'failed' && samples.arm !== BASE) {
        samples.broken = built.why;
        continue;
      }
      const times = valueOrEnd(built);
      samples.add(turn, times);
      if (samples.arm === BASE) this.#editMs = samples.estimate?.value ?? times.ms;
    }
  }

  /** The fastest of each group whose interval lies below 1, the fastest first. */
  #groupWinners(): readonly Tried[] {
    const faster = this.#results()
      .filter(({ samples, ratio }) => samples.broken === null && isFaster(ratio))
      .sort((a, b) => (a.ratio?.value ?? 1) - (b.ratio?.value ?? 1));
    const groups = new Set<string>();
    return faster.filter(({ candidate: { group } }) => {
      const isFirst = !groups.has(group);
      groups.add(group);
      return isFirst;
    });
  }

  #results(): readonly Tried[] {
    return this.#tried.map((tried) => ({ ...tried, ratio: tried.samples.ratioTo(this.#base) }));
  }

  #firstBuildOf({ candidates }: Arm): number | null {
    const [only, ...others] = candidates;
    if (!only || others.length > 0) return null;
    return this.#tried.find(({ candidate }) => candidate === only)?.firstBuildMs ?? null;
  }

  /** What a first build and the edit behind it will take, from those before; by an edit's time where none of its kind was seen. */
  #expectedFirstMs(arm: Arm): number {
    const rebuilds = rebuildsOf(arm);
    if (rebuilds === 'link') return this.#editMs * 2;
    if (rebuilds === 'app') return this.#editMs * 3;
    return (this.#allMs ?? this.#baseFirstMs ?? 0) * MARGIN + this.#editMs;
  }

  /** Time for the first round of so many candidates, and for the check behind it. */
  #reserve(count: number): number {
    return (FIRST_ROUND * (count + 1) * this.#editMs + 2 * CHECK_EDITS * this.#editMs) * MARGIN;
  }

  #leaveOut(candidate: Candidate, why: string): void {
    this.#isShort = true;
    this.#notTried.push({ group: candidate.group, what: candidate.title, why });
  }

  #result(end: SearchResult['end'], winner: Check | null, why?: string): SearchResult {
    return {
      base: this.#baseFirstMs === null ? null : { firstBuildMs: this.#baseFirstMs, samples: this.#base },
      tried: this.#results(),
      notTried: this.#notTried,
      checks: this.#checks,
      winner,
      end,
      ...(why !== undefined && { why }),
    };
  }
}

/** Whether a check bears out what the search has found. */
function holds({ samples, ratio }: Check): boolean {
  return samples.broken === null && samples.count >= CHECK_EDITS && isFaster(ratio);
}

const NO_TIME = 'the budget has no room for it';

/** The faster half, and whoever is faster than the base beyond the noise; nobody who is slower beyond it. */
function survivors(arms: readonly ArmSamples[], base: ArmSamples): readonly ArmSamples[] {
  const rated = arms.map((samples) => ({ samples, ratio: samples.ratioTo(base) }));
  const hopeful = rated
    .filter(({ samples, ratio }) => samples.broken === null && !isSlower(ratio))
    .sort((a, b) => (a.ratio?.value ?? 1) - (b.ratio?.value ?? 1));
  const half = Math.ceil(arms.length / 2);
  return hopeful.filter(({ ratio }, place) => place < half || isFaster(ratio)).map(({ samples }) => samples);
}

function valueOrEnd<T>(outcome: Outcome<T>): T {
  switch (outcome.kind) {
    case 'done':
      return outcome.value;
    case 'failed':
      throw new Ended('failed', outcome.why);
    case 'late':
      throw new Ended('budget');
    case 'stopped':
      throw new Ended('stopped');
  }
}
