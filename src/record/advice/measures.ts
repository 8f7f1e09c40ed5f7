import { type EditKind, kindOf } from '../edit-kind.js';
import { median, ratioEstimate } from '../statistics.js';
import type { Arrived } from '../summary.js';
import { MIN_EDITS } from './rule.js';

/** Kinds of edits for which cargo runs. */
const CARGO_KINDS: readonly EditKind[] = ['both sides', 'front only', 'server only'];

/** The kind of Rust edit that is most frequent among these, where there are enough of one. */
export function mainKind(edits: readonly Arrived[]): EditKind | null {
  const counts = CARGO_KINDS.map((kind) => ({ kind, count: ofKind(edits, kind).length }));
  const most = counts.reduce((one, other) => (other.count > one.count ? other : one));
  return most.count >= MIN_EDITS ? most.kind : null;
}

export function ofKind(edits: readonly Arrived[], kind: EditKind): readonly Arrived[] {
  return edits.filter((edit) => kindOf(edit) === kind);
}

/** Median (ms) from the save to the page. */
export function medianOf(edits: readonly Arrived[]): number | null {
  return median(edits.map(({ contentMs }) => contentMs));
}

/**
 * How much less time (ms) edits of a kind took that were made in another way than the present ones; null where there are too few of
 * either, or where the difference may be noise.
 */
export function fasterBy(present: readonly Arrived[], other: readonly Arrived[], kind: EditKind): number | null {
  const times = (edits: readonly Arrived[]): readonly number[] => ofKind(edits, kind).map(({ contentMs }) => contentMs);
  const [now, then] = [times(present), times(other)];
  if (now.length < MIN_EDITS || then.length < MIN_EDITS) return null;
  const [ratio, slow, fast] = [ratioEstimate(then, now), median(now), median(then)];
  if (!ratio || slow === null || fast === null || ratio.high >= 1) return null;
  return slow - fast;
}
