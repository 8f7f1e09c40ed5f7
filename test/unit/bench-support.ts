import type { BenchRun, Measurement, Outcome } from '../../src/bench/results.js';

/** A time of so many ms. */
export const time = (ms: number): Outcome => ({ kind: 'time', ms });

export function measurement(
  tool: string,
  round: number,
  outcome: Outcome,
  more: Partial<Measurement> = {},
): Measurement {
  return {
    project: 'small',
    tool,
    scenario: 'leaf',
    round,
    outcomes: { content: outcome },
    cpuSeconds: 2,
    peakBytes: 1_000_000_000,
    builds: 1,
    ...more,
  };
}

export function benchRun(measurements: readonly Measurement[], more: Partial<BenchRun> = {}): BenchRun {
  return {
    startedAt: '2026-01-01T10:00:00.000Z',
    endedAt: '2026-01-01T10:30:00.000Z',
    isComplete: true,
    command: 'leptos-fast bench --compare',
    runs: 6,
    machine: {
      processors: 2,
      processor: 'Some CPU',
      memoryBytes: 8e9,
      system: 'Linux 6.1 x64',
      loadAtStart: [0.1, 0.1, 0.1],
      loadAtEnd: [1.2, 1, 1],
    },
    versions: { 'leptos-fast': '0.1.0', rustc: '1.95.0' },
    projects: [{ name: 'small', about: '3 pages, 455 lines', lines: 455, leftOut: [] }],
    tools: [
      { name: 'plain', command: 'cargo leptos watch' },
      { name: 'leptos-fast', command: 'leptos-fast dev' },
    ],
    measurements,
    notes: [],
    ...more,
  };
}

/** One measurement a time, of the same scenario. */
export function times(tool: string, values: readonly number[]): Measurement[] {
  return values.map((ms, index) => measurement(tool, index + 1, time(ms)));
}
