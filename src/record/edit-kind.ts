import { SIDES } from '../core/events.js';
import type { BuildRecord } from './build-record.js';

/** Kinds of edits whose times can be compared with each other, in the order in which tables list them. */
export const EDIT_KINDS = [
  'both sides',
  'front only',
  'server only',
  'style',
  'assets',
  'configuration',
  'nothing to build',
  'asked for',
  'first build',
] as const;

export type EditKind = (typeof EDIT_KINDS)[number];

/** What kind of edit it was: by what had to be built for it. */
export function kindOf(record: Pick<BuildRecord, 'id' | 'why' | 'sides'>): EditKind {
  if (record.id === 0) return 'first build';
  if (record.why === 'asked for') return 'asked for';
  const needed = SIDES.filter((side) => record.sides[side] && record.sides[side].result !== 'skipped');
  if (needed.length === 0) return 'nothing to build';
  if (record.why.includes('configuration')) return 'configuration';
  if (needed.includes('front')) return needed.includes('server') ? 'both sides' : 'front only';
  if (needed.includes('server')) return 'server only';
  return needed.includes('style') ? 'style' : 'assets';
}

/** Sorts batches by their kind, each in the order that they came in. */
export function byKind<Build extends BuildRecord>(builds: readonly Build[]): ReadonlyMap<EditKind, readonly Build[]> {
  const sorted = new Map<EditKind, Build[]>(EDIT_KINDS.map((kind) => [kind, []]));
  for (const build of builds) sorted.get(kindOf(build))?.push(build);
  return sorted;
}
