import { adviceFor } from '../record/advice/advice-for.js';
import type { AdviceFacts } from '../record/advice/facts.js';
import type { BuildRecord } from '../record/build-record.js';
import { kindOf } from '../record/edit-kind.js';
import type { History } from '../record/history-store.js';
import { hasArrived, startOfDay, summarise } from '../record/summary.js';
import { groupSize, trends } from '../record/trend-series.js';
import { FIGURES_VERSION, type Figures, type Gauge, type RecentBatch } from './data.js';

/** So many batches are listed. */
const RECENT = 10;
const REASONS = 5;
/** A curve of fewer values says nothing. */
const MIN_VALUES = 2;

/** Figures that some records have, in the order in which they are shown. */
const GAUGES: readonly GaugeOf[] = [
  { name: 'CPU time of the builds', unit: 'ms', of: ({ usage }) => usage?.cpuMs },
  { name: 'Memory of the builds', unit: 'bytes', of: ({ usage }) => usage?.peakMemory },
  { name: 'Size of the wasm', unit: 'bytes', of: ({ wasm }) => wasm?.served },
  { name: 'Memory of leptos-fast itself', unit: 'bytes', of: ({ peakRss }) => peakRss },
];

interface GaugeOf extends Pick<Gauge, 'name' | 'unit'> {
  /** Its value in a record; undefined where the record does not have it. */
  readonly of: (build: BuildRecord) => number | undefined;
}

/**
 * All that the dashboard shows of the `days` before `now` (ms since the epoch).
 * @param facts what advice rests on besides; null where it could not be found out, and nothing is advised.
 * @param history of that period and of the eight days before `now`, with which today is compared.
 */
export function figuresOf(
  history: History,
  now: number,
  days: number,
  facts: AdviceFacts | null,
): Omit<Figures, 'missing'> {
  const summary = summarise(history, now, days);
  const builds = history.builds.filter(({ at }) => at >= summary.from);
  return {
    schema: 'leptos-fast dashboard',
    v: FIGURES_VERSION,
    summary,
    trends: trends(builds.filter(hasArrived), summary.changes),
    recent: builds.slice(-RECENT).reverse().map(recentBatch),
    skipReasons: skipReasons(builds),
    ...(facts && { advice: adviceFor(history, facts) }),
    gauges: GAUGES.flatMap((kind) => gauge(kind, builds) ?? []),
  };
}

/** The figures are others after this moment (ms since the epoch), even if nothing was saved: what was today is yesterday. */
export function validUntil(now: number): number {
  const midnight = new Date(startOfDay(now));
  return midnight.setDate(midnight.getDate() + 1);
}

function recentBatch(build: BuildRecord): RecentBatch {
  return {
    key: `${build.session}:${build.id}`,
    at: build.at,
    kind: kindOf(build),
    why: build.why,
    files: build.files,
    sides: build.sides,
    result: build.result,
    contentMs: build.contentMs ?? null,
    patchedMs: build.patchedMs ?? null,
    paintedMs: build.paintedMs ?? null,
    phases: build.phases,
    errors: build.errors ?? null,
  };
}

function skipReasons(builds: readonly BuildRecord[]): Figures['skipReasons'] {
  const counts = new Map<string, number>();
  for (const { sides } of builds) {
    for (const side of Object.values(sides)) {
      if (side.result === 'skipped') counts.set(side.reason, (counts.get(side.reason) ?? 0) + 1);
    }
  }
  const all = [...counts].map(([reason, count]) => ({ reason, count }));
  return all.sort((a, b) => b.count - a.count).slice(0, REASONS);
}

/** The curve of a figure; null where too few records have it. */
function gauge({ name, unit, of }: GaugeOf, builds: readonly BuildRecord[]): Gauge | null {
  const points = builds.flatMap((build) => {
    const value = of(build);
    return value === undefined ? [] : [{ at: build.at, value }];
  });
  const latest = points.at(-1)?.value;
  if (points.length < MIN_VALUES || latest === undefined) return null;
  const size = groupSize(points.length);
  const at: number[] = [];
  const values: number[] = [];
  for (let start = 0; start < points.length; start += size) {
    const group = points.slice(start, start + size);
    at.push(group[0]?.at ?? 0);
    values.push(Math.max(...group.map(({ value }) => value)));
  }
  return { name, unit, latest, max: Math.max(...values), at, values };
}
