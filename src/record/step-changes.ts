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
  const changes = [...new Map([...before, ...after])].flatMap(([key, { side, kind, name }]) => {
    const [old, now] = [before.get(key)?.ms ?? null, after.get(key)?.ms ?? null];
    const share = ((now ?? 0) - (old ?? 0)) / difference;
    return share < MIN_SHARE ? [] : [{ change: { side, kind, name, before: old, after: now }, share }];
  });
  return changes.sort((a, b) => b.share - a.share).map(({ change }) => change);
}

type Step = Pick<SideStep, 'side' | 'kind' | 'name' | 'ms'>;

/** Each step that most of the batches have, with its median, by what it is. */
function stepTimes(builds: readonly BuildRecord[]): ReadonlyMap<string, Step> {
  const withSteps = builds.filter(({ steps }) => steps !== undefined);
  const times = new Map<string, { readonly step: Step; readonly values: number[] }>();
  for (const { steps = [] } of withSteps) {
    for (const [key, step] of summed(steps)) {
      const known = times.get(key);
      if (known) known.values.push(step.ms);
      else times.set(key, { step, values: [step.ms] });
    }
  }
  return new Map(
    [...times].flatMap(([key, { step, values }]) => {
      const ms = median(values);
      return values.length * 2 > withSteps.length && ms !== null ? [[key, { ...step, ms }] as const] : [];
    }),
  );
}

/** A crate may be compiled more than once in a build: the sum counts. */
function summed(steps: readonly SideStep[]): ReadonlyMap<string, Step> {
  const sums = new Map<string, Step>();
  for (const { side, kind, name, ms } of steps) {
    const key = `${side} ${kind} ${name}`;
    sums.set(key, { side, kind, name, ms: ms + (sums.get(key)?.ms ?? 0) });
  }
  return sums;
}
