import { byKind, type EditKind } from './edit-kind.js';
import type { LevelChange } from './level-changes.js';
import { filesText } from './report/words.js';
import { median } from './statistics.js';
import type { Arrived } from './summary.js';

/** One measured value of a series. `at` in ms since the epoch. */
export interface Point {
  readonly at: number;
  readonly ms: number;
  readonly label: string;
}

/** A stretch of a series and its median. */
export interface Level {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

/** How long edits of a kind took until the page had them, in the order of the saves. */
export interface Trend {
  readonly kind: EditKind;
  /** Saves of that kind; `dots` may be fewer. */
  readonly count: number;
  readonly median: number;
  readonly dots: readonly Point[];
  readonly levels: readonly Level[];
  /** Where the level changed. */
  readonly marks: readonly LevelChange[];
}

/** A kind of edit with fewer saves has no trend. */
const MIN_POINTS = 5;
/** More dots would hide each other; then a dot is the median of its neighbours. */
const MAX_DOTS = 240;

/** The series of each kind of edit that has one. `arrived` is oldest first. */
export function trends(arrived: readonly Arrived[], changes: readonly LevelChange[]): readonly Trend[] {
  return [...byKind(arrived)].flatMap(([kind, own]) => {
    const middle = median(own.map(({ contentMs }) => contentMs));
    const [first, last] = [own[0], own.at(-1)];
    if (own.length < MIN_POINTS || kind === 'nothing to build' || middle === null || !first || !last) return [];
    const marks = changes.filter((change) => change.kind === kind);
    return [
      {
        kind,
        count: own.length,
        median: middle,
        dots: thinOut(own),
        levels: levels(first.at, last.at, own, marks),
        marks,
      },
    ];
  });
}

/** Groups of so many neighbours make as many dots as can be told apart. */
export function groupSize(count: number): number {
  return Math.max(1, Math.ceil(count / MAX_DOTS));
}

function levels(from: number, to: number, builds: readonly Arrived[], marks: readonly LevelChange[]): readonly Level[] {
  const bounds = [from, ...marks.map(({ at }) => at).sort((a, b) => a - b), to];
  return bounds.slice(1).flatMap((end, index) => {
    const start = bounds[index] ?? from;
    const isLast = index === bounds.length - 2;
    const own = builds.filter(({ at }) => at >= start && (isLast || at < end));
    const ms = median(own.map(({ contentMs }) => contentMs));
    return ms === null ? [] : [{ from: start, to: end, ms }];
  });
}

function thinOut(builds: readonly Arrived[]): readonly Point[] {
  const size = groupSize(builds.length);
  if (size === 1) return builds.map(({ at, contentMs, files }) => ({ at, ms: contentMs, label: filesText(files) }));
  const dots: Point[] = [];
  for (let start = 0; start < builds.length; start += size) {
    const group = builds.slice(start, start + size);
    const [first] = group;
    const ms = median(group.map(({ contentMs }) => contentMs));
    if (first && ms !== null) dots.push({ at: first.at, ms, label: `median of ${group.length} saves` });
  }
  return dots;
}
