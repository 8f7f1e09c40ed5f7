import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/record/random.js';
import { type Arm, BASE, type Candidate, type Group, nameOfArm } from '../../src/tune/candidate.js';
import type { EditTimes, Measurer, Outcome } from '../../src/tune/measurer.js';
import { ArmSamples } from '../../src/tune/samples.js';
import { type SearchResult, search } from '../../src/tune/search.js';
import { ManualClock } from '../support/manual-clock.js';

const EDIT_MS = 1_000;
const COLD_MS = 60_000;

interface Truth {
  /** The edit's time as a multiple of the base's, by candidate. */
  readonly factors?: Readonly<Record<string, number>>;
  /** How far a time may be off, as a share. */
  readonly noise?: number;
  readonly seed?: number;
  /** First builds that take longer than any before. */
  readonly endless?: string;
  /** First builds that fail. */
  readonly broken?: readonly string[];
  /** Edits that fail, though the first build did not. */
  readonly brokenEdits?: readonly string[];
  /** What the candidates do to each other when there are several. */
  readonly together?: number;
  /** After so many edits' builds the user has had enough. */
  readonly stopAfter?: number;
}

/** A machine that is as fast as the test says. */
class Model implements Measurer {
  readonly log: string[] = [];
  readonly #clock: ManualClock;
  readonly #truth: Truth;
  readonly #random: () => number;
  #builds = 0;

  constructor(clock: ManualClock, truth: Truth) {
    this.#clock = clock;
    this.#truth = truth;
    this.#random = seededRandom(truth.seed ?? 1);
  }

  async warmUp(arm: Arm, until: number): Promise<Outcome<number>> {
    this.log.push(`first ${nameOfArm(arm)}`);
    if (arm.candidates.some(({ id }) => this.#truth.broken?.includes(id))) return { kind: 'failed', why: 'no linker' };
    if (arm.candidates.some(({ id }) => id === this.#truth.endless)) return this.#take(1e9, until, (ms) => ms);
    const isCold = arm === BASE || arm.candidates.some(({ rebuilds }) => rebuilds === 'all');
    return this.#take(isCold ? COLD_MS : 2 * EDIT_MS, until, (ms) => ms);
  }

  async build(arm: Arm, until: number): Promise<Outcome<EditTimes>> {
    this.log.push(nameOfArm(arm));
    if (this.#truth.stopAfter !== undefined && this.#builds++ >= this.#truth.stopAfter) return { kind: 'stopped' };
    if (arm.candidates.some(({ id }) => this.#truth.brokenEdits?.includes(id))) return { kind: 'failed', why: 'ICE' };
    const { factors = {}, noise = 0, together = 1 } = this.#truth;
    const factor = arm.candidates.reduce((product, { id }) => product * (factors[id] ?? 1), 1);
    const joint = arm.candidates.length > 1 ? together : 1;
    const off = 1 + noise * (2 * this.#random() - 1);
    return this.#take(EDIT_MS * factor * joint * off, until, (ms) => ({
      ms,
      frontMs: ms,
      bindgenMs: 0,
      serverMs: ms,
      wasmBytes: 1,
    }));
  }

  async #take<T>(ms: number, until: number, value: (ms: number) => T): Promise<Outcome<T>> {
    const left = until - this.#clock.now();
    await this.#clock.advance(Math.max(0, Math.min(ms, left)));
    return ms > left ? { kind: 'late' } : { kind: 'done', value: value(ms) };
  }
}

const candidate = (id: string, group: Group, rebuilds: Candidate['rebuilds'] = 'app'): Candidate => ({
  id,
  group,
  title: id,
  entries: [],
  rebuilds,
});

interface Run {
  readonly result: SearchResult;
  readonly model: Model;
  readonly tookMs: number;
}

async function run(candidates: readonly Candidate[], truth: Truth = {}, budgetMs = 900_000): Promise<Run> {
  const clock = new ManualClock();
  const start = clock.now();
  const model = new Model(clock, truth);
  const result = await search({
    candidates,
    measurer: model,
    clock,
    deadline: start + budgetMs,
    onStep: () => undefined,
  });
  return { result, model, tookMs: clock.now() - start };
}

const FOUR = [
  candidate('mold', 'linker', 'link'),
  candidate('lld', 'linker', 'link'),
  candidate('units', 'codegen-units'),
  candidate('macros', 'macros', 'all'),
];
const idsOf = (result: SearchResult) => result.winner?.arm.candidates.map(({ id }) => id) ?? null;

describe('the search', () => {
  it('finds no winner where there is no difference', async () => {
    const { result } = await run(FOUR, { noise: 0.05 });
    expect(result).toMatchObject({ winner: null, end: 'complete', checks: [] });
  });

  it('takes the fastest of each group, and checks them together on new edits', async () => {
    const { result } = await run(FOUR, { factors: { mold: 0.8, lld: 0.7, units: 0.9, macros: 1.1 }, noise: 0.01 });
    expect(idsOf(result)).toEqual(['lld', 'units']);
    expect(result.winner?.ratio?.value).toBeCloseTo(0.63, 1);
    expect(result.winner?.samples.count).toBeGreaterThanOrEqual(6);
  });

  it('falls back on the best alone when the winners together are none', async () => {
    const { result } = await run(FOUR, { factors: { lld: 0.8, units: 0.9 }, together: 2, noise: 0.01 });
    expect(idsOf(result)).toEqual(['lld']);
    expect(result.checks.map(({ arm }) => arm.candidates.length)).toEqual([2, 1]);
  });

  it('offers nothing that the check does not bear out', async () => {
    const lucky = [candidate('lucky', 'macros')];
    const { result } = await run(lucky, { factors: { lucky: 0.8 }, stopAfter: 20 });
    // Stopped during the check: what was seen before it is not enough.
    expect(result.end).toBe('stopped');
    expect(result.tried[0]?.ratio?.high).toBeLessThan(1);
    expect(result.winner).toBeNull();
  });

  it('builds base and candidates in turn, and begins each turn with another one', async () => {
    const { model } = await run([candidate('units', 'codegen-units')]);
    // The edit right after a first build counts for no one.
    expect(model.log.slice(0, 4)).toEqual(['first as it is', 'as it is', 'first units', 'units']);
    expect(model.log.slice(4).join(' ')).toMatch(/^as it is units units as it is as it is units/);
  });

  it('drops the slower half after each round', async () => {
    const factors = { mold: 1.2, lld: 1.3, units: 1, macros: 1 };
    const { result } = await run(FOUR, { factors, noise: 0.01 });
    const count = (id: string) => result.tried.find((tried) => tried.candidate.id === id)?.samples.count;
    expect([count('mold'), count('lld')]).toEqual([2, 2]);
    expect(Math.max(count('units') ?? 0, count('macros') ?? 0)).toBeGreaterThanOrEqual(6);
  });

  it('leaves out what the budget has no room for, the expensive ones first, and says so', async () => {
    const { result } = await run(FOUR, { factors: { lld: 0.7 } }, COLD_MS + 60_000);
    expect(result.tried.map(({ candidate: { id } }) => id)).toEqual(['mold', 'lld', 'units']);
    expect(result.notTried).toEqual([
      { group: 'macros', what: 'macros', why: 'the budget has no room for its first build' },
    ]);
    expect(idsOf(result)).toEqual(['lld']);
    expect(result.end).toBe('budget');
  });

  it('ends a first build that would leave no time for the others', async () => {
    const { result } = await run(FOUR, { factors: { lld: 0.7 }, endless: 'macros' });
    expect(result.notTried).toMatchObject([{ what: 'macros', why: 'its first build did not end within the budget' }]);
    expect(idsOf(result)).toEqual(['lld']);
  });

  it('goes on without a candidate that does not build', async () => {
    const { result } = await run(FOUR, { factors: { units: 0.8 }, broken: ['mold'], brokenEdits: ['lld'] });
    expect(result.notTried).toEqual([{ group: 'linker', what: 'mold', why: 'no linker' }]);
    expect(result.tried.find((tried) => tried.candidate.id === 'lld')?.samples).toMatchObject({
      broken: 'ICE',
      count: 0,
    });
    expect(idsOf(result)).toEqual(['units']);
  });

  it('says why when the base does not build', async () => {
    const clock = new ManualClock();
    const measurer: Measurer = {
      warmUp: async () => ({ kind: 'failed', why: 'E0425' }),
      build: async () => ({ kind: 'stopped' }),
    };
    const options = { candidates: FOUR, measurer, clock, deadline: clock.now() + 1_000, onStep: () => undefined };
    expect(await search(options)).toMatchObject({ end: 'failed', why: 'E0425', base: null, winner: null });
  });

  it('tells what is known when it is stopped in a round', async () => {
    const { result } = await run([candidate('units', 'codegen-units')], { factors: { units: 0.5 }, stopAfter: 5 });
    expect(result.end).toBe('stopped');
    expect(result.tried[0]?.samples.count).toBe(2);
    expect(result.base?.samples.count).toBe(1);
  });
});

describe('a ratio', () => {
  const times = (ms: number): EditTimes => ({ ms, frontMs: ms, bindgenMs: 0, serverMs: ms, wasmBytes: null });

  it('compares the same turns: the machine was as busy for the one as for the other', () => {
    const [base, one] = [new ArmSamples(BASE), new ArmSamples({ candidates: [candidate('units', 'codegen-units')] })];
    for (const turn of [1, 2, 3]) base.add(turn, times(100));
    for (const turn of [4, 5]) base.add(turn, times(1_000));
    for (const turn of [4, 5]) one.add(turn, times(900));
    expect(one.ratioTo(base)).toEqual({ value: 0.9, low: 0.9, high: 0.9 });
    expect(new ArmSamples(BASE).ratioTo(base)).toBeNull();
  });
});

describe('whatever the machine is like', () => {
  const truths = fc.record({
    factors: fc.dictionary(
      fc.constantFrom('mold', 'lld', 'units', 'macros'),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
    ),
    noise: fc.double({ min: 0, max: 0.3, noNaN: true }),
    seed: fc.nat(),
    together: fc.double({ min: 0.5, max: 2, noNaN: true }),
    broken: fc.subarray(['mold', 'lld', 'units', 'macros']),
    brokenEdits: fc.subarray(['mold', 'lld', 'units', 'macros']),
  });

  it('the search ends at its deadline', async () => {
    await fc.assert(
      fc.asyncProperty(truths, fc.integer({ min: 1, max: 1_000_000 }), async (truth, budgetMs) => {
        const { tookMs } = await run(FOUR, truth, budgetMs);
        expect(tookMs).toBeLessThanOrEqual(budgetMs);
      }),
      { numRuns: 60 },
    );
  });

  it('what it offers was faster in the search and in a check of at least six edits, one of each group', async () => {
    await fc.assert(
      fc.asyncProperty(truths, async (truth) => {
        const { winner, tried } = (await run(FOUR, truth)).result;
        if (!winner) return;
        expect(winner.ratio?.high).toBeLessThan(1);
        expect(winner.samples.count).toBeGreaterThanOrEqual(6);
        const groups = winner.arm.candidates.map(({ group }) => group);
        expect(new Set(groups).size).toBe(groups.length);
        for (const won of winner.arm.candidates) {
          expect(tried.find((one) => one.candidate === won)?.ratio?.high).toBeLessThan(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a clear difference is found, without noise', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FOUR),
        fc.double({ min: 0.5, max: 0.95, noNaN: true }),
        async (one, factor) => {
          const { result } = await run(FOUR, { factors: { [one.id]: factor } });
          expect(idsOf(result)).toEqual([one.id]);
        },
      ),
      { numRuns: 30 },
    );
  });
});
