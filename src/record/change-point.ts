import { type Estimate, median, ratioEstimate } from './statistics.js';

/** A place in a series where its level changed for good. */
export interface ChangePoint {
  /** Index of the first value of the new level. */
  readonly index: number;
  readonly before: number;
  readonly after: number;
  readonly ratio: Estimate;
}

/** Fewer values on one side of a change are no level. */
const MIN_VALUES = 6;
/** How likely chance alone may look like that, by an approximation that errs on the safe side: in noise it is below 0.002. */
const MAX_CHANCE = 0.005;
/** Less than a tenth is nothing that a person notices. */
const MIN_CHANGE = 0.1;

/**
 * Where the level of a series (oldest first) changed beyond its noise. Pettitt's test finds the split at which the ranks before
 * and after differ most; it asks nothing of the distribution, and one outlier is one rank. A split counts when chance makes it in
 * fewer than 5 of 1,000 series, both sides have at least 6 values, the medians differ by a tenth or more, and the interval of their
 * ratio does not hold 1. Then the same is done on either side of it. A level that went back to where it was hides in the whole series:
 * where there is no split, each half is looked at alone, with chance granted half as much.
 */
export function changePoints(values: readonly number[]): readonly ChangePoint[] {
  const splits = findSplits(values, 0, MAX_CHANCE);
  return splits.flatMap((index, position) => {
    const from = splits[position - 1] ?? 0;
    return levelChange(values.slice(from, index), values.slice(index, splits[position + 1]), index) ?? [];
  });
}

function findSplits(values: readonly number[], offset: number, maxChance: number): readonly number[] {
  const split = strongestSplit(values, maxChance);
  if (split !== null && levelChange(values.slice(0, split), values.slice(split), split)) {
    return [
      ...findSplits(values.slice(0, split), offset, maxChance),
      offset + split,
      ...findSplits(values.slice(split), offset + split, maxChance),
    ];
  }
  const half = Math.floor(values.length / 2);
  if (half < 2 * MIN_VALUES) return [];
  return [
    ...findSplits(values.slice(0, half), offset, maxChance / 2),
    ...findSplits(values.slice(half), offset + half, maxChance / 2),
  ];
}

/** A.N. Pettitt, A non-parametric approach to the change-point problem (1979). */
function strongestSplit(values: readonly number[], maxChance: number): number | null {
  const size = values.length;
  if (size < 2 * MIN_VALUES) return null;
  const ranks = midranks(values);
  let sum = 0;
  let strongest = 0;
  let split: number | null = null;
  for (let index = 1; index < size; index++) {
    sum += ranks[index - 1] ?? 0;
    const difference = Math.abs(2 * sum - index * (size + 1));
    if (difference <= strongest || index < MIN_VALUES || size - index < MIN_VALUES) continue;
    strongest = difference;
    split = index;
  }
  const chance = 2 * Math.exp((-6 * strongest ** 2) / (size ** 3 + size ** 2));
  return chance < maxChance ? split : null;
}

/** The rank of each value, from 1; equal ones share theirs. */
function midranks(values: readonly number[]): readonly number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && order[end + 1]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end + 1)) ranks[index] = (start + end) / 2 + 1;
    start = end + 1;
  }
  return ranks;
}

function levelChange(before: readonly number[], after: readonly number[], index: number): ChangePoint | null {
  const ratio = ratioEstimate(after, before);
  const [old, now] = [median(before), median(after)];
  if (!ratio || old === null || now === null) return null;
  const isNoise = ratio.low <= 1 && ratio.high >= 1;
  const isSmall = Math.abs(Math.log(ratio.value)) < Math.log(1 + MIN_CHANGE);
  return isNoise || isSmall ? null : { index, before: old, after: now, ratio };
}
