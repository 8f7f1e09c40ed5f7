import { CACHE_KINDS, type CacheFigures } from '../cache/cache-figures.js';
import type { Side } from '../core/events.js';
import type { BuildRecord, Incident, Versions } from './build-record.js';
import { byKind, kindOf } from './edit-kind.js';
import { savedTime } from './saved-time.js';
import { hasArrived } from './summary.js';

/** What `/__leptos_fast/metrics` is served as. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Bounds of the histogram, in seconds. */
const BUCKETS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55, 120];

/** What holds now and stands in no record. */
export interface LiveFigures {
  readonly versions: Versions;
  readonly project: string;
  /** Start of the session, in ms since the epoch. */
  readonly startedAt: number;
  /** Memory (bytes) of this process. */
  readonly rss: number;
  /** What the caches were good for. */
  readonly cache: CacheFigures;
}

/** What one session has recorded. */
export interface SessionLines {
  readonly builds: readonly BuildRecord[];
  readonly incidents: readonly Incident[];
}

type Labels = Readonly<Record<string, string>>;

/**
 * The figures of a session as OpenMetrics 1.0 text. Counters begin with the session, as a scraper expects of a process.
 * @param lines the session's records; not the history's, which shrinks when old files go.
 */
export function openMetrics({ builds, incidents }: SessionLines, live: LiveFigures): string {
  const { versions, project, startedAt, rss, cache } = live;
  const arrived = builds.filter(hasArrived);
  const last = arrived.at(-1);
  const saved = savedTime(arrived);
  const costs = builds.flatMap(({ usage }) => usage ?? []);
  const lines = [
    ...family('leptos_fast', 'info', 'The tools of this session.'),
    sample('leptos_fast_info', { ...labelsOf(versions), project }, 1),
    ...family('leptos_fast_batches', 'counter', 'Batches of saves, by kind and result.'),
    ...counter(
      'leptos_fast_batches',
      builds.map((build) => ({ kind: kindOf(build), result: build.result })),
    ),
    ...family('leptos_fast_sides', 'counter', 'Sides of batches, by what became of them.'),
    ...counter('leptos_fast_sides', builds.flatMap(sidesOf)),
    ...family('leptos_fast_incidents', 'counter', 'Servers that ended, and recoveries.'),
    ...counter(
      'leptos_fast_incidents',
      incidents.map(({ kind }) => ({ kind })),
    ),
    ...family('leptos_fast_save_to_page_seconds', 'histogram', 'Time from the save to the page.', 'seconds'),
    ...histogram(arrived),
    ...family('leptos_fast_cpu_seconds', 'counter', 'CPU time of cargo and all below it.', 'seconds'),
    ...(costs.length > 0
      ? [sample('leptos_fast_cpu_seconds_total', {}, sum(costs.map(({ cpuMs }) => cpuMs)) / 1_000)]
      : []),
    ...family('leptos_fast_lock_wait_seconds', 'counter', 'Time that builds waited for another cargo.', 'seconds'),
    sample('leptos_fast_lock_wait_seconds_total', {}, sum(builds.map(({ waitedMs = 0 }) => waitedMs)) / 1_000),
    ...family('leptos_fast_build_peak_memory_bytes', 'gauge', 'Most memory of the last measured builds.', 'bytes'),
    ...newest('leptos_fast_build_peak_memory_bytes', {}, builds, ({ usage }) => usage?.peakMemory),
    ...family('leptos_fast_wasm_bytes', 'gauge', 'The newest wasm: served, as built, debug info in it.', 'bytes'),
    ...(['served', 'built', 'debug_info'] as const).flatMap((part) =>
      newest(
        'leptos_fast_wasm_bytes',
        { part },
        builds,
        ({ wasm }) => wasm?.[part === 'debug_info' ? 'debugInfo' : part],
      ),
    ),
    ...family('leptos_fast_cache_requests', 'counter', 'What the caches were asked for, by kind and outcome.'),
    ...CACHE_KINDS.flatMap((kind) =>
      (['hits', 'misses'] as const).map((outcome) =>
        sample('leptos_fast_cache_requests_total', { kind, outcome }, cache[kind][outcome]),
      ),
    ),
    ...family('leptos_fast_cache_hit_bytes', 'counter', 'Bytes of the answers that were found.', 'bytes'),
    ...CACHE_KINDS.map((kind) => sample('leptos_fast_cache_hit_bytes_total', { kind }, cache[kind].bytes)),
    ...family(
      'leptos_fast_cache_saved_seconds',
      'gauge',
      'What the answers took the first time, less the look-up.',
      'seconds',
    ),
    ...CACHE_KINDS.map((kind) => sample('leptos_fast_cache_saved_seconds', { kind }, cache[kind].savedMs / 1_000)),
    ...family('leptos_fast_saved_seconds', 'gauge', 'Estimated time saved by what was not built.', 'seconds'),
    sample('leptos_fast_saved_seconds', {}, saved.ms / 1_000),
    ...family('leptos_fast_last_save_to_page_seconds', 'gauge', 'The last save that arrived.', 'seconds'),
    ...(last ? [sample('leptos_fast_last_save_to_page_seconds', {}, last.contentMs / 1_000)] : []),
    ...family('leptos_fast_start_time_seconds', 'gauge', 'Start of the session, since the epoch.', 'seconds'),
    sample('leptos_fast_start_time_seconds', {}, startedAt / 1_000),
    ...family('leptos_fast_resident_memory_bytes', 'gauge', 'Memory of leptos-fast itself.', 'bytes'),
    sample('leptos_fast_resident_memory_bytes', {}, rss),
  ];
  return `${lines.join('\n')}\n# EOF\n`;
}

function family(name: string, type: 'info' | 'counter' | 'gauge' | 'histogram', help: string, unit?: string): string[] {
  const unitLine = unit === undefined ? [] : [`# UNIT ${name} ${unit}`];
  return [`# TYPE ${name} ${type}`, ...unitLine, `# HELP ${name} ${help}`];
}

function labelsOf({ leptosFast, cargoLeptos, rustc }: Versions): Labels {
  return { version: leptosFast, cargo_leptos: cargoLeptos, rustc };
}

function sidesOf({ sides }: BuildRecord): readonly Labels[] {
  return (Object.keys(sides) as Side[]).map((side) => ({ side, result: sides[side]?.result ?? 'waiting' }));
}

/** The newest batch's value that tells it. */
function newest(
  name: string,
  labels: Labels,
  builds: readonly BuildRecord[],
  pick: (build: BuildRecord) => number | undefined,
): readonly string[] {
  const value = builds.map(pick).findLast((one) => one !== undefined);
  return value === undefined ? [] : [sample(name, labels, value)];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One sample for each set of labels that occurs. */
function counter(name: string, occurrences: readonly Labels[]): readonly string[] {
  const counts = new Map<string, { readonly labels: Labels; count: number }>();
  for (const labels of occurrences) {
    const key = JSON.stringify(labels);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { labels, count: 1 });
  }
  return [...counts.values()].map(({ labels, count }) => sample(`${name}_total`, labels, count));
}

function histogram(arrived: readonly (BuildRecord & { readonly contentMs: number })[]): readonly string[] {
  const name = 'leptos_fast_save_to_page_seconds';
  const times = [...byKind(arrived)].filter(([, builds]) => builds.length > 0);
  const inSeconds = times.map(([kind, builds]) => [kind, builds.map(({ contentMs }) => contentMs / 1_000)] as const);
  return inSeconds.flatMap(([kind, seconds]) => [
    ...BUCKETS.map((bound) => sample(`${name}_bucket`, { kind, le: leOf(bound) }, atMost(seconds, bound))),
    sample(`${name}_bucket`, { kind, le: '+Inf' }, seconds.length),
    sample(`${name}_count`, { kind }, seconds.length),
    sample(
      `${name}_sum`,
      { kind },
      seconds.reduce((sum, value) => sum + value, 0),
    ),
  ]);
}

/** The specification wants a fraction in every bound. */
const leOf = (bound: number): string => (Number.isInteger(bound) ? bound.toFixed(1) : String(bound));

const atMost = (values: readonly number[], bound: number): number => values.filter((value) => value <= bound).length;

function sample(name: string, labels: Labels, value: number): string {
  const text = Object.entries(labels).map(([label, content]) => `${label}="${escapeLabel(content)}"`);
  return `${name}${text.length > 0 ? `{${text.join(',')}}` : ''} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
