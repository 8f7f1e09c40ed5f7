import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheMeter } from '../../src/cache/cache-figures.js';
import { type EventBody, EventBus, type Side } from '../../src/core/events.js';
import type { BuildRecord, SideStep } from '../../src/record/build-record.js';
import { kindOf } from '../../src/record/edit-kind.js';
import { expectedMs, knownDurations } from '../../src/record/expected-times.js';
import { Recorder } from '../../src/record/recorder.js';
import { cacheText } from '../../src/record/report/words.js';
import { savedTime } from '../../src/record/saved-time.js';
import { hasArrived, summarise } from '../../src/record/summary.js';
import { BuildTimes } from '../../src/serve/build-times.js';
import { flush, ManualClock } from '../support/manual-clock.js';
import { built, history, incident, record, skipped } from './record-support.js';

const DAY = 86_400_000;
/** Noon, so that a few hours before and after are the same day. */
const NOON = new Date(2026, 2, 10, 12).getTime();
const HOUR = 3_600_000;

/** Saves of that many ms, an hour apart from `from` on. */
function saves(from: number, times: readonly number[], more: Partial<BuildRecord> = {}): BuildRecord[] {
  return times.map((contentMs, index) => record({ at: from + index * 60_000, id: index + 1, contentMs, ...more }));
}

function failing(more: Partial<BuildRecord> = {}): BuildRecord {
  const { contentMs: _, reload: __, ...rest } = record({ result: 'failed', ...more });
  return rest;
}

describe('the kind of an edit', () => {
  it.each([
    ['both sides', {}],
    ['front only', { sides: { front: built(), server: skipped() } }],
    ['server only', { sides: { front: skipped(), server: built() } }],
    ['style', { sides: { style: built() }, why: 'style' }],
    ['assets', { sides: { assets: built() }, why: 'asset' }],
    ['configuration', { why: 'Rust source, configuration' }],
    ['nothing to build', { sides: { front: skipped(), server: skipped() } }],
    ['asked for', { why: 'asked for' }],
    ['first build', { id: 0 }],
  ] as const)('is %s', (kind, more) => {
    expect(kindOf(record(more))).toBe(kind);
  });
});

describe('the summary', () => {
  it('of nothing has figures all the same', () => {
    const summary = summarise(history([]), NOON, 30);
    expect(summary).toMatchObject({ v: 1, batches: 0, successRate: null, last: null, kinds: [], changes: [] });
    expect(summary.today).toEqual({ batches: 0, median: null, weekBatches: 0, weekMedian: null, ratio: null });
  });

  it('counts what became of the saves, and blames no compile error on the loop', () => {
    const builds = [
      ...saves(NOON - HOUR, [1, 1, 1]),
      failing({ at: NOON - HOUR, errors: { count: 1, codes: ['E0308', 'E0425'] } }),
      failing({ at: NOON - HOUR, errors: { count: 2, codes: ['E0308'] } }),
      failing({ at: NOON - HOUR }),
      record({ at: NOON - HOUR, result: 'superseded' }),
      failing({ at: NOON - HOUR, result: 'unfinished' }),
      record({ at: NOON - 31 * DAY }),
    ];
    expect(summarise(history(builds), NOON, 30)).toMatchObject({
      batches: 8,
      arrived: 3,
      failed: 3,
      superseded: 1,
      unfinished: 1,
      compileErrors: 2,
      successRate: 0.75,
      errorCodes: [
        { code: 'E0308', count: 2 },
        { code: 'E0425', count: 1 },
      ],
    });
  });

  it('tells today from the week, whatever mix of edits the days had', () => {
    const css = { sides: { style: built() }, why: 'style' };
    const slow = saves(NOON - 3 * DAY, new Array<number>(20).fill(4_000));
    const quick = saves(NOON - 2 * DAY, new Array<number>(20).fill(200), css);
    const today = saves(NOON - HOUR, [...new Array<number>(10).fill(300)], css);
    const { today: same } = summarise(history([...slow, ...quick, ...today]), NOON, 30);
    expect(same).toMatchObject({ batches: 10, median: { value: 300 }, weekBatches: 40, weekMedian: { value: 2_100 } });
    expect(same.ratio?.value).toBeCloseTo(1.5);
  });

  it('counts the seven days before today, and no first build', () => {
    const builds = [
      record({ at: new Date(2026, 2, 3, 0, 1).getTime() }),
      record({ at: new Date(2026, 2, 2, 23, 59).getTime() }),
      record({ at: new Date(2026, 2, 9, 23, 59).getTime() }),
      record({ at: new Date(2026, 2, 10, 0, 1).getTime() }),
      record({ at: NOON, id: 0 }),
    ];
    expect(summarise(history(builds), NOON, 30).today).toMatchObject({ batches: 1, weekBatches: 2 });
    expect(summarise(history(builds), NOON, 1).batches).toBe(3);
  });

  it('has the median, the 95th percentile and the painted time of each kind', () => {
    const times = Array.from({ length: 21 }, (_, index) => 1_000 + index * 100);
    const builds = saves(NOON - HOUR, times, { paintedMs: 5_000 });
    const [kind, ...others] = summarise(history(builds), NOON, 30).kinds;
    expect(others).toEqual([]);
    expect(kind).toMatchObject({ kind: 'both sides', count: 21, p95: 2_900, painted: 5_000, patched: null });
    expect(kind?.median.value).toBe(2_000);
  });

  it('names the slowest files among those that were edited alone and more than once', () => {
    const file = (name: string, times: readonly number[]) =>
      saves(NOON - HOUR, times, { files: { count: 1, first: [name] } });
    const many = saves(NOON - HOUR, [9_000, 9_000], { files: { count: 4, first: ['a', 'b', 'c', 'd'] } });
    const builds = [
      ...file('once.rs', [8_000]),
      ...file('slow.rs', [5_000, 7_000]),
      ...file('fast.rs', [1, 1, 1]),
      ...many,
    ];
    expect(summarise(history(builds), NOON, 30).slowestFiles).toEqual([
      { name: 'slow.rs', count: 2, median: 6_000, total: 12_000 },
      { name: 'fast.rs', count: 3, median: 1, total: 3 },
    ]);
  });

  it('names the slowest crates by what cargo took', () => {
    const sides = { front: built(300), server: built(900) };
    const builds = saves(NOON - HOUR, [5_000, 5_000], { sides, compiled: { count: 1, first: ['app'] } });
    expect(summarise(history(builds), NOON, 30).slowestCrates).toMatchObject([{ name: 'app', median: 900 }]);
  });

  it('sums up what went wrong by itself', () => {
    const incidents = [
      incident({ at: NOON - 40 * DAY }),
      incident({ at: NOON - 2 * HOUR, kind: 'restart', why: 'first' }),
      incident({ at: NOON - HOUR, kind: 'restart', why: 'second' }),
      incident({ at: NOON - HOUR }),
    ];
    expect(summarise(history([], { incidents }), NOON, 30).recoveries).toMatchObject([
      { kind: 'restart', count: 2, lastAt: NOON - HOUR, lastWhy: 'second' },
      { kind: 'server exited', count: 1 },
    ]);
  });

  it('marks a regression with the commit and the setting that came with it', () => {
    const wave = (level: number) => Array.from({ length: 30 }, (_, index) => level + (index % 5) * 10);
    const builds = [
      ...saves(NOON - 3 * DAY, wave(1_000), { git: { commit: 'aaa' } }),
      ...saves(NOON - 2 * DAY, wave(1_500), { git: { commit: 'bbb' }, mode: 'debuggable profile' }),
    ];
    const [change, ...others] = summarise(history(builds), NOON, 30).changes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      kind: 'both sides',
      at: NOON - 2 * DAY,
      isRegression: true,
      commitBefore: 'aaa',
      commitAfter: 'bbb',
      cameWith: ['mode: balanced profile → debuggable profile'],
    });
  });

  it('finds the steps that make up a change, and no others', () => {
    const steps = (extra: readonly SideStep[]): Partial<BuildRecord> => ({
      steps: [
        { side: 'front', kind: 'compile', name: 'shop', ms: 700 },
        { side: 'server', kind: 'compile', name: 'shop', ms: 800 },
        ...extra,
      ],
    });
    const script: SideStep = { side: 'server', kind: 'build script', name: 'shop', ms: 450 };
    const wave = (level: number) => Array.from({ length: 30 }, (_, index) => level + (index % 5) * 10);
    const builds = [
      ...saves(NOON - 3 * DAY, wave(1_000), steps([])),
      ...saves(NOON - 2 * DAY, wave(1_500), steps([script])),
    ];
    const changes = summarise(history(builds), NOON, 30).changes;
    expect(changes.map((change) => change.steps)).toEqual([
      [{ side: 'server', kind: 'build script', name: 'shop', before: null, after: 450 }],
    ]);
  });

  it('holds together whatever the history has', () => {
    const result = fc.constantFrom('arrived', 'failed', 'superseded', 'unfinished' as const);
    const side = fc.constantFrom(built(5), skipped(), { result: 'waiting' } as const);
    const some = fc.record({
      at: fc.integer({ min: NOON - 9 * DAY, max: NOON }),
      id: fc.nat(3),
      result,
      contentMs: fc.nat(100_000),
      sides: fc.record({ front: side, server: side, style: side }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 40 }), (parts) => {
        const builds = parts.map((part) => record(part as Partial<BuildRecord>)).sort((a, b) => a.at - b.at);
        const summary = summarise(history(builds), NOON, 30);
        const { arrived, failed, superseded, unfinished, batches, kinds, skipped: left } = summary;
        expect(arrived + failed + superseded + unfinished).toBe(batches);
        expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(arrived);
        expect(left.estimated).toBeLessThanOrEqual(left.batches);
        expect(left.ms).toBeGreaterThanOrEqual(0);
        for (const { median, p95 } of kinds) {
          expect(median.low).toBeLessThanOrEqual(median.value);
          expect(median.high).toBeGreaterThanOrEqual(median.value);
          expect(p95).toBeGreaterThanOrEqual(median.value);
        }
        expect(JSON.stringify(summary)).not.toMatch(/NaN|undefined/);
      }),
    );
  });
});

describe('the time that was saved', () => {
  const whole = saves(0, [4_000, 5_000, 6_000]);
  const part = { front: skipped(), server: built() };

  it('is what the whole edit would have taken here, less what it took', () => {
    const builds = [...whole, ...saves(HOUR, [3_000, 2_000, 7_000], { sides: part })];
    expect(savedTime(builds.filter(hasArrived))).toEqual({ batches: 3, sides: 3, ms: 5_000, estimated: 3 });
  });

  it('is not guessed where no whole edit was seen', () => {
    const builds = saves(0, [3_000], { sides: part });
    expect(savedTime(builds.filter(hasArrived))).toEqual({ batches: 1, sides: 1, ms: 0, estimated: 0 });
  });

  it('does not take the first build for an edit', () => {
    const builds = [record({ id: 0, contentMs: 90_000 }), ...saves(0, [3_000], { sides: part })];
    expect(savedTime(builds.filter(hasArrived))).toMatchObject({ ms: 0 });
  });
});

describe('what the caches gave, and what was waited for', () => {
  it('is the sum over the period', () => {
    const builds = [
      record({ cache: { hits: 2, misses: 1, savedMs: 500 }, waitedMs: 40 }),
      record({}),
      record({ cache: { hits: 1, misses: 0, savedMs: 100 }, waitedMs: 2 }),
    ];
    const summary = summarise(history(builds), NOON, 100_000);
    expect(summary.caches).toEqual({ hits: 3, misses: 1, savedMs: 600 });
    expect(summary.waitedMs).toBe(42);
    expect(cacheText(summary)).toBe('3 of 4 answers kept from before, 0.60 s saved');
  });
});

describe('what to expect of a build', () => {
  it('is what the page would have learnt in those batches', async () => {
    const clock = new ManualClock();
    const bus = new EventBus(clock);
    const times = new BuildTimes(clock);
    const recorder = new Recorder({
      clock,
      store: { append: () => undefined, flush: async () => undefined },
      versions: { leptosFast: '', cargoLeptos: '', rustc: '' },
      revision: async () => null,
      rss: () => 0,
      cacheFigures: () => new CacheMeter().figures,
      builtWasm: async () => ({}),
      servedWasm: async () => null,
    });
    bus.on((event) => {
      times.on(event);
      recorder.on(event);
    });
    const tell = async (ms: number, ...bodies: readonly EventBody[]): Promise<void> => {
      await clock.advance(ms);
      for (const body of bodies) bus.emit(body);
      await flush();
    };
    const sides: readonly Side[] = ['front', 'server'];
    const finished = (batch: number, side: Side): EventBody => ({
      event: 'build-finished',
      batch,
      side,
      ok: true,
      ms: 1_000,
      diagnostics: [],
    });
    await tell(0, { event: 'starting', project: '', dir: '', mode: 'fast' });
    for (const [batch, boot] of [500, 900, 700].entries()) {
      const id = batch + 1;
      await tell(5_000, { event: 'change-batch', id, files: [], sides, reason: 'Rust source', savedAt: clock.now() });
      await tell(
        10,
        { event: 'build-started', batch: id, side: 'front' },
        { event: 'build-started', batch: id, side: 'server' },
      );
      await tell(1_000, finished(id, 'front'), finished(id, 'server'));
      await tell(boot, { event: 'reloaded', batch: id, kind: 'full', ms: 6_010 + boot, restarted: true });
    }
    await tell(
      0,
      { event: 'build-started', batch: 4, side: 'front' },
      { event: 'build-started', batch: 4, side: 'server' },
    );
    await recorder.close();
    expect(knownDurations(recorder.builds, 'fast')).toEqual(new Map([['front and server', [1_500, 1_900, 1_700]]]));
    expect(expectedMs(recorder.builds, 'fast', sides)).toBe(times.building?.expectedMs);
    expect(expectedMs(recorder.builds, 'other', sides)).toBeNull();
    expect(expectedMs(recorder.builds, 'fast', ['style'])).toBeNull();
  });

  it('follows the newest nine', () => {
    const builds = saves(0, [...new Array<number>(9).fill(60_310), ...new Array<number>(9).fill(1_310)]);
    expect(expectedMs(builds, 'balanced profile', ['server', 'front'])).toBe(1_000);
  });
});
