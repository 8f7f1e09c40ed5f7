import { seededRandom } from './random.js';

/** A value and the interval that holds the true one with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Makes a figure the same each time it is computed from the same values. */
const SEED = 20_250_101;
const CONFIDENCE = 0.95;
/** Resamples of fewer values say nothing about what those left out. */
const MIN_RESAMPLED = 6;
/** Resamples of the bootstrap. */
const RESAMPLES = 1_000;
/** Of more values each resample's median is drawn by its rank: the same distribution, without drawing every value. */
const MAX_DRAWN = 1_000;
/** The median absolute deviation of a normal distribution, times this, is its standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/** The value in the middle, or the mean of the two there; null of nothing. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5);
}

/** The value that the share `p` (0 to 1) of all values does not exceed, interpolated between neighbours (Hyndman-Fan type 7). */
export function quantile(values: readonly number[], p: number): number | null {
  return quantileOfSorted(ascending(values), p);
}

/** The median absolute deviation, scaled so that it reads like a standard deviation; null of nothing. */
export function medianAbsoluteDeviation(values: readonly number[]): number | null {
  const middle = median(values);
  if (middle === null) return null;
  const deviation = median(values.map((value) => Math.abs(value - middle)));
  return deviation === null ? null : deviation * MAD_TO_SIGMA;
}

/**
 * The median with its interval: the percentile bootstrap, with a fixed seed. The interval of fewer than six values is their
 * whole range. Null of nothing.
 */
export function medianEstimate(values: readonly number[]): Estimate | null {
  const sorted = ascending(values);
  const value = quantileOfSorted(sorted, 0.5);
  if (value === null) return null;
  const isSmall = sorted.length < MIN_RESAMPLED;
  return { value, ...interval(isSmall ? sorted : resampledMedians(sorted, SEED), isSmall) };
}

/** How many times the median of `values` is that of `base`, with its interval. Null where one is empty or a median is 0. */
export function ratioEstimate(values: readonly number[], base: readonly number[]): Estimate | null {
  const above = medianEstimate(values);
  const below = medianEstimate(base);
  if (!above || !below || below.value <= 0) return null;
  const value = above.value / below.value;
  if (values.length < MIN_RESAMPLED || base.length < MIN_RESAMPLED) {
    const low = above.low / below.high;
    return { value, low, high: below.low > 0 ? above.high / below.low : Number.POSITIVE_INFINITY };
  }
  const tops = resampledMedians(ascending(values), SEED);
  const bottoms = resampledMedians(ascending(base), SEED + 1);
  const pairs = Math.min(tops.length, bottoms.length);
  const ratios = tops.slice(0, pairs).map((top, index) => top / (bottoms[index] ?? Number.NaN));
  return { value, ...interval(ratios, false) };
}

/** Ascending, without what is no number. */
export function ascending(values: readonly number[]): number[] {
  // Typed, they are sorted without a call for each pair of what may be 100,000.
  return [...Float64Array.from(values.filter(Number.isFinite)).sort()];
}

function interval(values: readonly number[], whole: boolean): { readonly low: number; readonly high: number } {
  const sorted = ascending(values);
  const tail = whole ? 0 : (1 - CONFIDENCE) / 2;
  return { low: quantileOfSorted(sorted, tail) ?? 0, high: quantileOfSorted(sorted, 1 - tail) ?? 0 };
}

function quantileOfSorted(sorted: readonly number[], p: number): number | null {
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, p));
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (position - Math.floor(position));
}

/** Medians of resamples. */
function resampledMedians(sorted: readonly number[], seed: number): number[] {
  const random = seededRandom(seed);
  const draw = sorted.length > MAX_DRAWN ? medianByRank : medianByDraws;
  return Array.from({ length: RESAMPLES }, () => draw(sorted, random));
}

/** Draws every value of a resample. Counts how often each one was drawn, instead of sorting. */
function medianByDraws(sorted: readonly number[], random: () => number): number {
  const size = sorted.length;
  const drawn = new Uint32Array(size);
  for (let draw = 0; draw < size; draw++) {
    const index = Math.floor(random() * size);
    drawn[index] = (drawn[index] ?? 0) + 1;
  }
  return (drawnAt(sorted, drawn, (size - 1) >> 1) + drawnAt(sorted, drawn, size >> 1)) / 2;
}

/**
 * A resample's median does not exceed the value of rank k when at least half of n draws hit the first k values: a binomial
 * count, whose normal form says that its rank is n/2 with a deviation of √n/2.
 */
function medianByRank(sorted: readonly number[], random: () => number): number {
  const size = sorted.length;
  // Box and Muller's method; 1 less the number is never 0.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return quantileOfSorted(sorted, (size / 2 + (normal * Math.sqrt(size)) / 2) / size) ?? 0;
}

/** The value at a rank (from 0) of a resample. */
function drawnAt(sorted: readonly number[], drawn: Uint32Array, rank: number): number {
  let passed = 0;
  for (let index = 0; index < drawn.length; index++) {
    passed += drawn[index] ?? 0;
    if (passed > rank) return sorted[index] ?? 0;
  }
  return 0;
}
