import { describe, expect, it } from 'vitest';
import { readArguments } from '../latency/arguments.js';
import { toMarkdown } from '../latency/markdown.js';
import type { Edit, Run } from '../latency/results.js';
import { spread } from '../latency/statistics.js';

const KEPT_ALL = { counter: true, input: true, scroll: true };

function edit(tool: string, visibleMs: number | null, more: Partial<Edit> = {}): Edit {
  return {
    tool,
    kind: 'text',
    n: 1,
    visibleMs,
    interactiveMs: null,
    kept: KEPT_ALL,
    loads: 0,
    failedCalls: 0,
    requests: { sent: 10, refused: 0, notOk: 0, longestMs: 5 },
    load: 1,
    note: null,
    ...more,
  };
}

function table(edits: Edit[]): string[] {
  const run: Run = {
    machine: [],
    versions: [],
    command: 'npm run latency',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:10:00.000Z',
    loadAtStart: [1, 1, 1],
    loadAtEnd: [1, 1, 1],
    edits,
  };
  return toMarkdown(run).split('\n');
}

describe('spread', () => {
  it('takes the nearest rank for p95: of 20 values the 19th', () => {
    const values = Array.from({ length: 20 }, (_, i) => 20 - i);
    expect(spread(values)).toEqual({ n: 20, median: 10.5, p95: 19, min: 1, max: 20 });
  });

  it('has the only value everywhere, and nothing of none', () => {
    expect(spread([7])).toEqual({ n: 1, median: 7, p95: 7, min: 7, max: 7 });
    expect(spread([])).toBeNull();
  });
});

describe('the table', () => {
  it('puts the tools side by side, with the ratio of the medians', () => {
    const lines = table([edit('leptos-fast', 100), edit('cargo-leptos', 400)]);
    expect(lines).toContain(
      '| text | leptos-fast | 0.10 s | 0.10 s | 0.10 s – 0.10 s | 1 | 0.25 | 0 | yes | yes | yes | 0 of 10 |',
    );
  });

  it('counts an edit that was not seen, and what was lost and refused', () => {
    const lossy = edit('leptos-fast', 200, {
      kept: { counter: false, input: true, scroll: false },
      requests: { sent: 10, refused: 2, notOk: 1, longestMs: 5 },
    });
    const unseen = edit('leptos-fast', null, { note: 'not seen in the page' });
    const lines = table([edit('leptos-fast', 100), lossy, unseen]);
    expect(lines).toContain(
      '| text | leptos-fast | 0.15 s | 0.20 s | 0.10 s – 0.20 s | 3 |  | 1 of 3 | 1 of 2 | yes | 1 of 2 | 3 of 30 |',
    );
    expect(lines.some((line) => line.startsWith('- text, leptos-fast:') && line.includes('not seen in the page'))).toBe(
      true,
    );
  });
});

describe('the command line', () => {
  it('measures all kinds with both tools unless told otherwise', () => {
    const read = readArguments([]);
    expect(read).toMatchObject({ edits: 20, block: 10, minutes: null });
    expect(typeof read === 'string' ? [] : read.tools.map(({ name }) => name)).toEqual(['leptos-fast', 'cargo-leptos']);
  });

  it.each([
    [['--kinds', 'text,colour'], /colour/],
    [['--tool', 'trunk'], /trunk/],
    [['--edits', '0'], /whole numbers/],
    [['--minutes', 'x'], /whole numbers/],
  ])('refuses %j', (argv, why) => {
    expect(readArguments(argv)).toMatch(why);
  });
});
