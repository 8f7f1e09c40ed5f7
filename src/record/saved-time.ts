import type { Side } from '../core/events.js';
import type { BuildRecord } from './build-record.js';
import { kindOf } from './edit-kind.js';
import { median } from './statistics.js';

/** What was not built, and what that saved. */
export interface SavedTime {
  /** Batches of which a side was left out. */
  readonly batches: number;
  /** Sides that were left out. */
  readonly sides: number;
  /**
   * Estimated, in ms: for each such batch this machine's median for an edit of all the sides that it reached, less what it
   * took. What no median is known for counts as nothing.
   */
  readonly ms: number;
  /** Of these batches, those that could be estimated. */
  readonly estimated: number;
}

type Timed = BuildRecord & { readonly contentMs: number };

/** Sums up what was left out of batches that arrived. */
export function savedTime(arrived: readonly Timed[]): SavedTime {
  const usual = usualTimes(arrived);
  let batches = 0;
  let sides = 0;
  let ms = 0;
  let estimated = 0;
  for (const build of arrived) {
    const skipped = sidesOf(build).filter((side) => build.sides[side]?.result === 'skipped');
    if (skipped.length === 0) continue;
    batches += 1;
    sides += skipped.length;
    const full = usual.get(keyOf(sidesOf(build)));
    if (full === undefined) continue;
    estimated += 1;
    ms += Math.max(0, full - build.contentMs);
  }
  return { batches, sides, ms, estimated };
}

/** The median time of edits of which nothing was left out, by the sides that they reached. */
function usualTimes(arrived: readonly Timed[]): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>();
  for (const build of arrived) {
    const sides = sidesOf(build);
    const isWhole = sides.every((side) => build.sides[side]?.result !== 'skipped');
    if (!isWhole || kindOf(build) === 'first build' || kindOf(build) === 'asked for') continue;
    const key = keyOf(sides);
    const known = times.get(key);
    if (known) known.push(build.contentMs);
    else times.set(key, [build.contentMs]);
  }
  return new Map(
    [...times].flatMap(([key, values]) => {
      const middle = median(values);
      return middle === null ? [] : [[key, middle] as const];
    }),
  );
}

const sidesOf = ({ sides }: BuildRecord): readonly Side[] => Object.keys(sides) as Side[];

const keyOf = (sides: readonly Side[]): string => [...sides].sort().join();
