import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baselineTable, compareWithBaseline } from '../../src/bench/baseline.js';
import { type Baseline, readBaseline, resultJson, writeResult } from '../../src/bench/result-file.js';
import type { BenchRun } from '../../src/bench/results.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';
import { benchRun, measurement, times } from './bench-support.js';

const BEFORE = [8_000, 8_010, 8_020, 8_030, 8_040, 8_050];
const plus = (percent: number): number[] => BEFORE.map((ms) => ms * (1 + percent / 100));

async function asBaseline(run: BenchRun): Promise<Baseline> {
  const file = join(await tempDir(), 'before.json');
  expect((await writeResult(file, resultJson(run))).ok).toBe(true);
  const read = await readBaseline(file);
  if (!read.ok) throw new Error(read.error.why);
  return read.value;
}

const of = (values: readonly number[], tool = 'leptos-fast'): BenchRun => benchRun(times(tool, values));

describe('a comparison with a baseline', () => {
  it('finds what is slower by more than was said', async () => {
    const { worse, compared } = compareWithBaseline(of(plus(20)), await asBaseline(of(BEFORE)), 0.15);
    expect(compared).toBe(1);
    expect(worse).toMatchObject([
      { project: 'small', tool: 'leptos-fast', scenario: 'leaf', metric: 'content', before: '8.0 s', now: '9.6 s' },
    ]);
    expect(worse[0]?.ratio?.value).toBeCloseTo(1.2);
    const text = baselineTable({ worse, compared, doubts: [] }, 0.15, 160);
    expect(text).toMatch(/^1 of 1 compared got slower than the baseline by more than 15 %/);
    expect(text).toMatch(/small +edit a component of one page: new content +leptos-fast +8\.0 s +9\.6 s +1\.20 \(/);
  });

  it.each([
    ['slower, but by less', plus(10)],
    ['faster', plus(-30)],
    ['slower in the middle, but within the noise', [5_000, 7_000, 9_500, 10_500, 12_000, 14_000]],
  ])('lets pass what is %s', async (_name, now) => {
    const report = compareWithBaseline(of(now), await asBaseline(of(BEFORE)), 0.15);
    expect(report).toMatchObject({ worse: [], compared: 1 });
    expect(baselineTable(report, 0.15, 100)).toContain('nothing of 1 compared');
  });

  it('counts what is not seen any more, and what is built though it was not', async () => {
    const none = { kind: 'no-build' } as const;
    const before = benchRun([
      ...times('leptos-fast', BEFORE),
      measurement('leptos-fast', 1, none, { scenario: 'no-op', outcomes: { rest: none } }),
    ]);
    const now = benchRun([
      ...times('leptos-fast', BEFORE),
      measurement('leptos-fast', 7, { kind: 'failed', why: 'not seen' }),
      measurement('leptos-fast', 1, none, { scenario: 'no-op', outcomes: { rest: { kind: 'time', ms: 4_000 } } }),
    ]);
    const { worse } = compareWithBaseline(now, await asBaseline(before), 0.15);
    expect(worse.map(({ scenario, before: was, now: is }) => [scenario, was, is])).toEqual([
      ['leaf', '8.0 s', 'not seen in 1 of 7'],
      ['no-op', 'no build', '4.0 s'],
    ]);
  });

  it('leaves plain cargo-leptos and what was not measured before alone', async () => {
    expect(compareWithBaseline(of(plus(90), 'plain'), await asBaseline(of(BEFORE, 'plain')), 0.1).compared).toBe(0);
    expect(compareWithBaseline(of(BEFORE), await asBaseline(benchRun([])), 0.1).compared).toBe(0);
  });

  it('tells of another machine and other versions', async () => {
    const before = benchRun(times('leptos-fast', BEFORE), { versions: { 'leptos-fast': '0.0.9', rustc: '1.94.0' } });
    const other = { ...before, machine: { ...before.machine, processors: 8 } };
    expect(compareWithBaseline(of(BEFORE), await asBaseline(other), 0.1).doubts).toEqual([
      'the baseline is of another machine: 8 × Some CPU',
      'the baseline was measured with rustc 1.94.0, now it is 1.95.0',
    ]);
  });
});

describe('a result file', () => {
  it('says what it is, and holds every value', async () => {
    const content = JSON.parse(resultJson(of(BEFORE))) as { rows: unknown[] };
    expect(content).toMatchObject({ schema: 'leptos-fast-bench', version: 1, isComplete: true });
    expect(content.rows).toHaveLength(1);
  });

  it.each([
    ['no JSON', 'certainly', /JSON/],
    ['another file', '{"schema":"other"}', /schema/],
    ['another version', '{"schema":"leptos-fast-bench","version":2}', /version/],
  ])('is not read when it is %s', async (_name, text, why) => {
    const dir = await tempDir();
    await writeFiles(dir, { 'before.json': text });
    const read = await readBaseline(join(dir, 'before.json'));
    expect(read).toMatchObject({ ok: false, error: { code: 'LF061', exitCode: 2 } });
    expect(read.ok ? '' : read.error.why).toMatch(why);
  });

  it('tells where it cannot be written', async () => {
    const written = await writeResult(join(await tempDir(), 'nowhere/out.json'), '{}');
    expect(written).toMatchObject({ ok: false, error: { code: 'LF062' } });
  });
});
