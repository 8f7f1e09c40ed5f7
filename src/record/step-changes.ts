import type { BuildRecord, SideStep } from './build-record.js';
import { median } from './statistics.js';

/** So many batches on each side of a change are looked at. */
const LOOKED_AT = 20;
/** A step that explains less than this share of the difference is not what made it. */
const MIN_SHARE = 0.25;

/** A step of the builds that takes another time than before a change. Medians in ms. */
export interface StepChange {
  readonly side: SideStep['side'];
  readonly kind: SideStep['kind'];
  readonly name: string;
  /** Null where it was not there in most of the batches. */
  readonly before: number | null;
  readonly after: number | null;
}

/**
 * Which steps make up the difference between the batches before `index` and those from it on, the largest part first. Steps of two
 * sides run side by side, so their differences do not add up to that of the save.
 *
 * @param difference of the save's times, in ms; below 0 where it became faster
 */
export function stepChanges(builds: readonly BuildRecord[], index: number, difference: number): readonly StepChange[] {
  const before = stepTimes(builds.slice(Math.max(0, index - LOOKED_AT), index));
  const after = stepTimes(builds.slice(index, index + LOOKED_AT));
  const names = new Set([...before.keys(), ...after.keys()]);
  const changes = [...names].flatMap((key) => {
    const [side, kind, ...name] = key.split(' ');
    const [old, now] = [before.get(key) ?? null, after.get(key) ?? null];
    const share = ((now ?? 0) - (old ?? 0)) / difference;
    const change = { side, kind: kind?.replaceAll('-', ' '), name: name.join(' '), before: old, after: now };
    return share < MIN_SHARE ? [] : [{ change: change as StepChange, share }];
  });
  return changes.sort((a, b) => b.share - a.share).map(({ change }) => change);
}

/** The median of each step that most of the batches have, by `side kind name`. */
function stepTimes(builds: readonly BuildRecord[]): ReadonlyMap<string, number> {
  const withSteps = builds.filter(({ steps }) => steps !== undefined);
  const times = new Map<string, number[]>();
  for (const { steps = [] } of withSteps) {
    const sums = new Map<string, number>();
    for (const { side, kind, name, ms } of steps) {
      const key = `${side} ${kind.replaceAll(' ', '-')} ${name}`;
      sums.set(key, (sums.get(key) ?? 0) + ms);
    }
    for (const [key, ms] of sums) times.set(key, [...(times.get(key) ?? []), ms]);
  }
  return new Map(
    [...times].flatMap(([key, values]) => {
      const middle = median(values);
      return values.length * 2 > withSteps.length && middle !== null ? [[key, middle] as const] : [];
    }),
  );
}
