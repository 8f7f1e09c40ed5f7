import { nameOfSides, type Side } from '../core/events.js';
import { KEPT_DURATIONS } from '../serve/build-times.js';
import type { BuildRecord } from './build-record.js';
import { kindOf } from './edit-kind.js';
import { median } from './statistics.js';

/**
 * How long (ms) builds took from their start until the page had them, by what was built (`front and server`), oldest first: what
 * `BuildTimes` would have learnt in these batches. Only those with the same profile (`mode`) count.
 */
export function knownDurations(builds: readonly BuildRecord[], mode: string): ReadonlyMap<string, readonly number[]> {
  const known = new Map<string, readonly number[]>();
  for (const build of builds) {
    const duration = durationOf(build);
    if (duration === null || build.mode !== mode) continue;
    const what = nameOfSides(builtSides(build));
    known.set(what, [...(known.get(what) ?? []), duration].slice(-KEPT_DURATIONS));
  }
  return known;
}

/** What to expect (ms) of a build of these sides; null when none was seen with this profile. */
export function expectedMs(builds: readonly BuildRecord[], mode: string, sides: Iterable<Side>): number | null {
  return median(knownDurations(builds, mode).get(nameOfSides(sides)) ?? []);
}

function durationOf(build: BuildRecord): number | null {
  if (build.result !== 'arrived' || build.contentMs === undefined || kindOf(build) === 'first build') return null;
  const started = build.phases.filter(({ name }) => name === 'front' || name === 'server').map(({ from }) => from);
  const settled = build.phases.filter(({ name }) => name === 'settle').map(({ to }) => to);
  const from = Math.min(...(started.length > 0 ? started : settled));
  return Number.isFinite(from) ? Math.max(0, build.contentMs - from) : null;
}

function builtSides({ sides }: BuildRecord): readonly Side[] {
  return (Object.keys(sides) as Side[]).filter((side) => sides[side]?.result === 'built');
}
