import { median } from '../../src/record/statistics.js';

/** Some figures of a set of times. */
export interface Spread {
  readonly n: number;
  readonly median: number;
  /** The smallest value that 95 of 100 do not exceed (nearest rank): with 20 values the 19th. */
  readonly p95: number;
  readonly min: number;
  readonly max: number;
}

/** Null of no values. */
export function spread(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  return {
    n: sorted.length,
    median: median(sorted) ?? min,
    p95: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? max,
    min,
    max,
  };
}
