import { describe, expect, it } from 'vitest';
import { Estimate } from '../../src/bench/estimate.js';
import { markdownTable } from '../../src/bench/markdown.js';
import { costs, outliersOf, summarise, verdictOf } from '../../src/bench/summary.js';
import { terminalTable } from '../../src/bench/terminal-table.js';
import { benchRun, measurement, time, times } from './bench-support.js';

const SLOW = [20_000, 20_100, 20_200, 20_300, 20_400, 20_500];
const FAST = [8_000, 8_010, 8_020, 8_030, 8_040, 8_050];

describe('the figures', () => {
  it('are medians with their interval, and the ratio of both tools', () => {
    const [row] = summarise(benchRun([...times('plain', SLOW), ...times('leptos-fast', FAST)]));
    expect(row?.cells.map(({ estimate }) => estimate?.value)).toEqual([20_250, 8_025]);
    const [comparison] = row?.comparisons ?? [];
    expect(comparison?.verdict).toBe('faster');
    expect(comparison?.ratio.value).toBeCloseTo(8_025 / 20_250);
    expect(comparison?.ratio.high).toBeLessThan(0.41);
  });

  it('leave the warm-up out', () => {
    const [row] = summarise(benchRun([measurement('plain', 0, time(99_000)), ...times('plain', [1_000, 1_000])]));
    expect(row?.cells[0]?.times).toEqual([1_000, 1_000]);
  });

  it('say nothing of a difference that the noise could have made', () => {
    const noisy = [18_000, 19_000, 20_000, 21_000, 22_000, 23_000];
    const run = benchRun([...times('plain', SLOW), ...times('leptos-fast', noisy)]);
    expect(summarise(run)[0]?.comparisons[0]?.verdict).toBe('no difference');
    expect(terminalTable(run, 160)).toContain('no difference beyond the noise');
  });

  it('do not compare a tool that failed once', () => {
    const run = benchRun([
      ...times('plain', SLOW),
      measurement('plain', 7, { kind: 'failed', why: 'not seen within 300 s' }),
      ...times('leptos-fast', FAST),
    ]);
    expect(summarise(run)[0]?.comparisons).toEqual([]);
    const text = terminalTable(run, 160);
    expect(text).toContain('not seen in 1 of 7');
    expect(text).toContain('plain: not seen within 300 s');
  });

  it('have medians of processor time and memory', () => {
    const run = benchRun(
      [1, 2, 9].map((cpuSeconds, index) => measurement('plain', index + 1, time(1), { cpuSeconds, peakBytes: null })),
    );
    expect(costs(run)).toEqual([{ project: 'small', scenario: 'leaf', tool: 'plain', cpuSeconds: 2, peakBytes: null }]);
  });

  it('know an outlier from a spread', () => {
    expect(outliersOf([10, 11, 12, 11, 10, 40])).toEqual([40]);
    expect(outliersOf([10, 14, 18, 22, 26, 30])).toEqual([]);
    expect(outliersOf([10, 11, 12, 90])).toEqual([]);
    expect(outliersOf([5, 5, 5, 5, 5, 5])).toEqual([]);
  });

  it.each([
    [0.4, 0.9, 'faster'],
    [1.01, 1.3, 'slower'],
    [0.9, 1.1, 'no difference'],
    [1, 1.2, 'no difference'],
  ])('an interval from %f to %f: %s', (low, high, verdict) => {
    expect(verdictOf({ low, high })).toBe(verdict);
  });
});

describe('the tables', () => {
  const none = { kind: 'no-build' } as const;
  const run = benchRun(
    [
      ...times('plain', SLOW),
      ...times('leptos-fast', FAST),
      ...[1, 2].map((round) =>
        measurement('plain', round, time(900), { scenario: 'no-op', outcomes: { rest: time(900) } }),
      ),
      ...[1, 2].map((round) =>
        measurement('leptos-fast', round, none, { scenario: 'no-op', outcomes: { rest: none } }),
      ),
      measurement('plain', 1, time(61_000), { scenario: 'app-build', outcomes: { page: time(61_000) } }),
      measurement('leptos-fast', 1, time(30_500), { scenario: 'app-build', outcomes: { page: time(30_500) } }),
    ],
    {
      isComplete: false,
      projects: [
        { name: 'small', about: '3 pages', lines: 455, leftOut: [{ scenario: 'css', why: 'it has no <style>' }] },
      ],
      notes: ['left behind and ended: app'],
    },
  );

  it('show both tools, what was not built, and one run as one run', () => {
    const lines = terminalTable(run, 200)
      .split('\n')
      .map((line) => line.replaceAll(/ {2,}/g, '  '));
    expect(lines).toContain(
      'edit a component of one page: new content  20.3 s (20.1–20.4)  8.0 s (8.0–8.0)  0.40 (0.39–0.40)',
    );
    expect(lines).toContain('save without a change  0.90 s (0.90–0.90)  no build');
    expect(lines).toContain(
      "build of the app's own crates, dependencies there  1 min 1 s  30.5 s  0.50  one run, no interval",
    );
    expect(lines).toContain('small: css was left out: it has no <style>');
    expect(lines).toContain('left behind and ended: app');
    expect(lines).toContain('Cut off: not everything was measured.');
  });

  it('are the same in Markdown, with the machine and what cannot stand in a cell', () => {
    const lines = markdownTable(run).split('\n');
    expect(lines).toContain(
      '| edit a component of one page: new content | 20.3 s (20.1–20.4) | 8.0 s (8.0–8.0) | 0.40 (0.39–0.40) |',
    );
    expect(lines[0]).toBe('- 2 × Some CPU, 8 GB, Linux 6.1 x64; load 0.1 before, 1.2 after');
    expect(lines).toContain('- small: css was left out: it has no &lt;style>');
  });
});

describe('the estimate of the rest', () => {
  it('takes the mean of like steps, and of all where none is known', () => {
    const estimate = new Estimate(['a', 'a', 'b', 'c', 'd']);
    expect(estimate.rest()).toBeNull();
    estimate.done('a', 100);
    estimate.done('b', 300);
    expect(estimate.left).toBe(3);
    expect(estimate.rest()).toEqual({ ms: 100 + 200 + 200, isGuess: true });
    estimate.drop('d');
    estimate.done('c', null);
    expect(estimate.rest()).toEqual({ ms: 100, isGuess: false });
  });
});
