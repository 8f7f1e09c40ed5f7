import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changePoints } from '../../src/record/change-point.js';
import { seededRandom } from '../../src/record/random.js';
import {
  median,
  medianAbsoluteDeviation,
  medianEstimate,
  quantile,
  ratioEstimate,
} from '../../src/record/statistics.js';

const durations = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 60 });

/** Roughly normal around `level`, with a tenth of it as deviation. */
function noisy(seed: number, count: number, level: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const sum = Array.from({ length: 12 }, random).reduce((total, value) => total + value, -6);
    return level * (1 + 0.1 * sum);
  });
}

describe('medians and quantiles', () => {
  it('of known series', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNull();
    expect(median([Number.NaN, 5])).toBe(5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5);
    expect(quantile([7], 0.95)).toBe(7);
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBeCloseTo(1.4826);
    expect(medianAbsoluteDeviation([])).toBeNull();
  });

  it('hold half of the values on either side', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const middle = median(values) ?? Number.NaN;
        expect(values.filter((value) => value < middle).length * 2).toBeLessThanOrEqual(values.length);
        expect(values.filter((value) => value > middle).length * 2).toBeLessThanOrEqual(values.length);
      }),
    );
  });

  it('grow with p and stay within the values', () => {
    fc.assert(
      fc.property(
        durations,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, a, b) => {
          const [low, high] = [quantile(values, Math.min(a, b)) ?? 0, quantile(values, Math.max(a, b)) ?? 0];
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(Math.min(...values));
          expect(high).toBeLessThanOrEqual(Math.max(...values));
        },
      ),
    );
  });
});

describe('estimates', () => {
  it('are the same each time, whatever the order, and hold the median', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const estimate = medianEstimate(values);
        expect(medianEstimate([...values].reverse())).toEqual(estimate);
        expect(estimate?.low).toBeLessThanOrEqual(estimate?.value ?? 0);
        expect(estimate?.high).toBeGreaterThanOrEqual(estimate?.value ?? 0);
      }),
      { numRuns: 40 },
    );
  });

  it('of many values are as wide as order statistics say', () => {
    // Of 1, 2, …, n the interval is the ranks n/2 ± 1.96 · √n/2.
    for (const size of [999, 4_001, 100_001]) {
      const { value, low, high } = medianEstimate(Array.from({ length: size }, (_, index) => index)) ?? {};
      const half = (1.96 * Math.sqrt(size)) / 2;
      expect(value).toBe((size - 1) / 2);
      for (const distance of [(value ?? 0) - (low ?? 0), (high ?? 0) - (value ?? 0)]) {
        expect(distance / half).toBeGreaterThan(0.85);
        expect(distance / half).toBeLessThan(1.15);
      }
    }
  });

  it('hold the true median in about 95 of 100 samples', () => {
    const held = Array.from({ length: 200 }, (_, seed) => medianEstimate(noisy(seed, 25, 1_000))).filter(
      (estimate) => estimate && estimate.low <= 1_000 && estimate.high >= 1_000,
    );
    expect(held.length / 200).toBeGreaterThan(0.88);
    expect(held.length / 200).toBeLessThan(1);
  });

  it('of a few values are their range', () => {
    expect(medianEstimate([5, 1, 9])).toEqual({ value: 5, low: 1, high: 9 });
    expect(medianEstimate([])).toBeNull();
  });

  it('of many values take no time that anybody notices', () => {
    expect(medianEstimate(noisy(1, 50_000, 1_000))?.value).toBeCloseTo(1_000, -1);
  });

  it('of a ratio hold the true one, and tell half from the same', () => {
    const ratio = ratioEstimate(noisy(1, 40, 500), noisy(2, 40, 1_000));
    expect(ratio?.low).toBeLessThan(0.5);
    expect(ratio?.high).toBeGreaterThan(0.5);
    expect(ratio?.high).toBeLessThan(0.6);
    const same = ratioEstimate(noisy(3, 40, 1_000), noisy(4, 40, 1_000));
    expect(same?.low).toBeLessThan(1);
    expect(same?.high).toBeGreaterThan(1);
    expect(ratioEstimate([], [1])).toBeNull();
    expect(ratioEstimate([1], [0])).toBeNull();
    expect(ratioEstimate([4, 8], [2, 4])).toEqual({ value: 2, low: 1, high: 4 });
  });
});

describe('changes of the level', () => {
  it('are found where they are, with their size', () => {
    const [change, ...more] = changePoints([...noisy(1, 40, 1_000), ...noisy(2, 30, 1_400)]);
    expect(more).toEqual([]);
    expect(change?.index).toBeGreaterThanOrEqual(38);
    expect(change?.index).toBeLessThanOrEqual(42);
    expect(change?.ratio.value).toBeCloseTo(1.4, 1);
    expect(change?.ratio.low).toBeGreaterThan(1.2);
  });

  it('are found among equal values', () => {
    const series = [...new Array<number>(10).fill(1_000), ...new Array<number>(30).fill(1_200)];
    expect(changePoints(series)).toMatchObject([{ index: 10, before: 1_000, after: 1_200 }]);
  });

  it('are found one after the other, in order', () => {
    const series = [...noisy(1, 30, 1_000), ...noisy(2, 30, 2_000), ...noisy(3, 30, 1_200)];
    const found = changePoints(series);
    expect(found.map(({ before, after }) => after > before)).toEqual([true, false]);
    expect(Math.abs((found[0]?.index ?? 0) - 30)).toBeLessThan(4);
    expect(Math.abs((found[1]?.index ?? 0) - 60)).toBeLessThan(4);
  });

  it('are found at the beginning and at the end of a slow spell that is over', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const spell = [...noisy(seed, 30, 1_000), ...noisy(seed + 50, 30, 1_500), ...noisy(seed + 100, 30, 1_000)];
      const found = changePoints(spell).map(({ before, after }) => after > before);
      expect(found, `seed ${seed}`).toEqual([true, false]);
    }
  });

  it('are hardly ever seen in noise', () => {
    const alarms = Array.from({ length: 300 }, (_, seed) => changePoints(noisy(seed, 60, 1_000)).length);
    expect(alarms.filter((count) => count > 0).length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['one outlier', [...noisy(1, 20, 1_000), 60_000, ...noisy(2, 20, 1_000)]],
    ['a tenth is not reached', [...noisy(1, 200, 1_000), ...noisy(2, 200, 1_060)]],
    ['too few values', [1, 1, 1, 1, 1, 9, 9, 9, 9, 9]],
    ['all the same', new Array<number>(50).fill(7)],
    ['none', []],
  ])('are not seen where there is %s', (_what, values) => {
    expect(changePoints(values)).toEqual([]);
  });

  it('do not depend on the unit, and mirror when the series runs backwards', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 1_000 }), (seed, factor) => {
        const series = [...noisy(seed, 20, 1_000), ...noisy(seed + 1, 20, 2_000)];
        const [found] = changePoints(series);
        expect(changePoints(series.map((value) => value * factor)).map(({ index }) => index)).toEqual([found?.index]);
        expect(changePoints([...series].reverse()).map(({ index }) => index)).toEqual([40 - (found?.index ?? 0)]);
      }),
      { numRuns: 20 },
    );
  });
});
