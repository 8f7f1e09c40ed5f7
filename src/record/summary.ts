import type { BuildRecord, CacheUse, Phase } from './build-record.js';
import { byKind, type EditKind, kindOf } from './edit-kind.js';
import type { History } from './history-store.js';
import { type LevelChange, levelChanges } from './level-changes.js';
import { type SavedTime, savedTime } from './saved-time.js';
import { type Estimate, median, medianEstimate, quantile, ratioEstimate } from './statistics.js';

/** Version of `report --json`. Fields may be added under the same number. */
export const SUMMARY_VERSION = 1;

/** So many files, crates and codes are listed. */
const LISTED = 10;
/** A file that was edited less often says little about itself. */
const MIN_EDITS = 2;
/** A batch of more files is nobody's edit of one of them. */
const MAX_FILES_OF_EDIT = 3;
/** The week that today is compared with. */
const WEEK_DAYS = 7;
/** So many days of history today's comparison needs, however few are asked for. */
export const COMPARED_DAYS = WEEK_DAYS + 1;
/** Values of a kind in the week, to compare today's with. */
const MIN_COMPARED = 3;

/** All that the report tells. Times in ms, moments in ms since the epoch; estimates are medians with a 95 % interval. */
export interface Summary {
  readonly v: typeof SUMMARY_VERSION;
  readonly generatedAt: number;
  /** The period that everything but `today` is about. */
  readonly from: number;
  readonly days: number;
  readonly batches: number;
  readonly arrived: number;
  readonly failed: number;
  readonly superseded: number;
  readonly unfinished: number;
  /** Share of the batches that arrived, of those that arrived or failed for no error in the code; null without any. */
  readonly successRate: number | null;
  /** Batches that did not compile: the code's doing, not the loop's. */
  readonly compileErrors: number;
  readonly last: LastBatch | null;
  readonly today: Today;
  readonly skipped: SavedTime;
  readonly caches: CacheUse;
  /** How long builds waited for another cargo in the same target directory. */
  readonly waitedMs: number;
  readonly kinds: readonly KindSummary[];
  readonly slowestFiles: readonly Cost[];
  readonly slowestCrates: readonly Cost[];
  readonly recoveries: readonly RecoverySummary[];
  readonly errorCodes: readonly { readonly code: string; readonly count: number }[];
  readonly changes: readonly LevelChange[];
  readonly unreadableLines: number;
  readonly otherVersionLines: number;
}

/** The newest batch that came to an end. */
export interface LastBatch {
  readonly at: number;
  readonly kind: EditKind;
  readonly files: BuildRecord['files'];
  readonly result: BuildRecord['result'];
  readonly contentMs: number | null;
  readonly patchedMs: number | null;
  readonly paintedMs: number | null;
  readonly phases: readonly Phase[];
}

/** Today against the seven days before it. */
export interface Today {
  readonly batches: number;
  readonly median: Estimate | null;
  readonly weekBatches: number;
  readonly weekMedian: Estimate | null;
  /**
   * How long today's saves took, each measured by the week's median of its kind: 1.2 is a fifth slower, whatever mix of edits
   * the days had. Null where nothing can be compared.
   */
  readonly ratio: Estimate | null;
}

export interface KindSummary {
  readonly kind: EditKind;
  /** Batches of that kind that arrived. */
  readonly count: number;
  /** Save to page. */
  readonly median: Estimate;
  readonly p95: number;
  /** Until a page had painted; null where none told. */
  readonly painted: number | null;
  /** Until a view patch was seen. */
  readonly patched: number | null;
}

/** What edits of a file, or builds of a crate, took. */
export interface Cost {
  readonly name: string;
  readonly count: number;
  readonly median: number;
  readonly total: number;
}

export interface RecoverySummary {
  readonly kind: string;
  readonly count: number;
  readonly lastAt: number;
  readonly lastWhy: string;
}

/** Sums up the `days` before `now` (ms since the epoch). */
export function summarise(history: History, now: number, days: number): Summary {
  const from = now - days * 86_400_000;
  const builds = history.builds.filter(({ at }) => at >= from);
  const incidents = history.incidents.filter(({ at }) => at >= from);
  const count = (result: BuildRecord['result']): number => builds.filter((build) => build.result === result).length;
  const arrived = builds.filter(hasArrived);
  const compileErrors = builds.filter(({ result, errors }) => result === 'failed' && errors !== undefined).length;
  const decided = arrived.length + count('failed') - compileErrors;
  return {
    v: SUMMARY_VERSION,
    generatedAt: now,
    from,
    days,
    batches: builds.length,
    arrived: arrived.length,
    failed: count('failed'),
    superseded: count('superseded'),
    unfinished: count('unfinished'),
    successRate: decided === 0 ? null : arrived.length / decided,
    compileErrors,
    last: lastBatch(builds),
    today: todaySummary(history.builds.filter(hasArrived), now),
    skipped: savedTime(arrived),
    caches: cacheUses(builds),
    waitedMs: builds.reduce((total, { waitedMs = 0 }) => total + waitedMs, 0),
    kinds: [...byKind(arrived)].flatMap(([kind, own]) => kindSummary(kind, own) ?? []),
    slowestFiles: costs(arrived, ({ files }) => (files.count <= MAX_FILES_OF_EDIT ? files.first : []), contentOf),
    slowestCrates: costs(arrived, ({ compiled }) => compiled?.first ?? [], buildOf),
    recoveries: recoverySummaries(incidents),
    errorCodes: errorCodes(builds),
    changes: levelChanges(arrived),
    unreadableLines: history.unreadable,
    otherVersionLines: history.otherVersions,
  };
}

/** A batch with a time from the save to the page. */
export type Arrived = BuildRecord & { readonly contentMs: number };

export function hasArrived(build: BuildRecord): build is Arrived {
  return build.result === 'arrived' && build.contentMs !== undefined;
}

/** Is it one of the edits that a person waits for? The first build and what was asked for are not. */
export function isEdit(build: BuildRecord): boolean {
  const kind = kindOf(build);
  return kind !== 'first build' && kind !== 'asked for' && kind !== 'nothing to build';
}

/** Local midnight (ms since the epoch). */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

function lastBatch(builds: readonly BuildRecord[]): LastBatch | null {
  const last = builds.findLast(({ result }) => result === 'arrived' || result === 'failed');
  if (!last) return null;
  return {
    at: last.at,
    kind: kindOf(last),
    files: last.files,
    result: last.result,
    contentMs: last.contentMs ?? null,
    patchedMs: last.patchedMs ?? null,
    paintedMs: last.paintedMs ?? null,
    phases: last.phases,
  };
}

function todaySummary(arrived: readonly Arrived[], now: number): Today {
  const midnight = startOfDay(now);
  const weekAgo = new Date(midnight).setDate(new Date(midnight).getDate() - WEEK_DAYS);
  const edits = arrived.filter(isEdit);
  const today = edits.filter(({ at }) => at >= midnight);
  const week = edits.filter(({ at }) => at >= weekAgo && at < midnight);
  const usual = new Map<EditKind, number>();
  for (const [kind, own] of byKind(week)) {
    const values = own.map(contentOf);
    const middle = values.length < MIN_COMPARED ? null : median(values);
    if (middle !== null && middle > 0) usual.set(kind, middle);
  }
  const relative = (builds: readonly Arrived[]): readonly number[] =>
    builds.flatMap((build) => {
      const middle = usual.get(kindOf(build));
      return middle === undefined ? [] : [build.contentMs / middle];
    });
  return {
    batches: today.length,
    median: medianEstimate(today.map(contentOf)),
    weekBatches: week.length,
    weekMedian: medianEstimate(week.map(contentOf)),
    ratio: ratioEstimate(relative(today), relative(week)),
  };
}

function kindSummary(kind: EditKind, builds: readonly Arrived[]): KindSummary | null {
  const values = builds.map(contentOf);
  const middle = medianEstimate(values);
  const p95 = quantile(values, 0.95);
  if (!middle || p95 === null) return null;
  return {
    kind,
    count: builds.length,
    median: middle,
    p95,
    painted: median(builds.flatMap(({ paintedMs }) => paintedMs ?? [])),
    patched: median(builds.flatMap(({ patchedMs }) => patchedMs ?? [])),
  };
}

/** The names whose median is highest, among those that occur more than once. */
function costs(
  arrived: readonly Arrived[],
  namesOf: (build: Arrived) => readonly string[],
  costOf: (build: Arrived) => number,
): readonly Cost[] {
  const values = new Map<string, number[]>();
  for (const build of arrived.filter(isEdit)) {
    for (const name of namesOf(build)) {
      const known = values.get(name);
      if (known) known.push(costOf(build));
      else values.set(name, [costOf(build)]);
    }
  }
  const all = [...values].flatMap(([name, times]) => {
    const middle = times.length < MIN_EDITS ? null : median(times);
    if (middle === null) return [];
    return [{ name, count: times.length, median: middle, total: times.reduce((sum, ms) => sum + ms, 0) }];
  });
  return all.sort((a, b) => b.median - a.median || b.count - a.count).slice(0, LISTED);
}

const contentOf = ({ contentMs }: Arrived): number => contentMs;

/** What cargo took, on the slower side. */
function buildOf({ sides }: Arrived): number {
  const times = [sides.front, sides.server].map((side) => (side?.result === 'built' ? side.ms : 0));
  return Math.max(...times);
}

function recoverySummaries(incidents: History['incidents']): readonly RecoverySummary[] {
  const found = new Map<string, RecoverySummary>();
  for (const { kind, at, why } of incidents) {
    found.set(kind, { kind, count: (found.get(kind)?.count ?? 0) + 1, lastAt: at, lastWhy: why });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function errorCodes(builds: readonly BuildRecord[]): Summary['errorCodes'] {
  const counts = new Map<string, number>();
  for (const code of builds.flatMap(({ errors }) => errors?.codes ?? [])) counts.set(code, (counts.get(code) ?? 0) + 1);
  const all = [...counts].map(([code, count]) => ({ code, count }));
  return all.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)).slice(0, LISTED);
}

function cacheUses(builds: readonly BuildRecord[]): CacheUse {
  const sum = (of: keyof CacheUse): number => builds.reduce((total, { cache }) => total + (cache?.[of] ?? 0), 0);
  return { hits: sum('hits'), misses: sum('misses'), savedMs: sum('savedMs') };
}
