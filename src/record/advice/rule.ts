import type { EditKind } from '../edit-kind.js';
import type { History } from '../history-store.js';
import { type Arrived, hasArrived, isEdit } from '../summary.js';
import type { Advice } from './advice.js';
import type { AdviceFacts } from './facts.js';

/** So many edits, at least, bear an advice. */
export const MIN_EDITS = 6;
/** What holds now is what the newest edits tell. */
const RECENT_EDITS = 40;
const RECENT_MS = 14 * 86_400_000;

/** What the rules look at. */
export interface View {
  readonly history: History;
  readonly facts: AdviceFacts;
  /** Edits that arrived, oldest first. */
  readonly edits: readonly Arrived[];
  /** The newest of them, all with the newest one's profile. */
  readonly recent: readonly Arrived[];
  /** The newest profile, as `dev` names it. */
  readonly mode: string;
}

/** An advice, and by which edits is told whether it helped. */
export interface Finding extends Omit<Advice, 'state'> {
  readonly measuredBy: EditKind;
  /** From when on (ms since the epoch) what it advises against is on record; absent where that is as far as one looks back. */
  readonly since?: number;
  /** Was this edit, the first after a turn, made as advised? Absent where the turn says so. */
  readonly isFollowedBy?: (edit: Arrived) => boolean;
}

/** One rule over the records. */
export interface Rule {
  readonly find: (view: View) => readonly Finding[];
  /** Moments (ms since the epoch) at which the records show that what it advises about was changed, oldest first. */
  readonly turns: (view: View) => readonly number[];
}

export function viewOf(history: History, facts: AdviceFacts): View {
  const edits = history.builds.filter(hasArrived).filter(isEdit);
  const newest = edits.at(-1);
  const recent = edits
    .slice(-RECENT_EDITS)
    .filter((edit) => newest && edit.mode === newest.mode && edit.at > newest.at - RECENT_MS);
  return { history, facts, edits, recent, mode: newest?.mode ?? '' };
}

/** What was known before a moment. */
export function viewBefore({ history, facts }: View, at: number): View {
  const builds = history.builds.filter((build) => build.at < at);
  return viewOf({ ...history, builds, incidents: history.incidents.filter((incident) => incident.at < at) }, facts);
}

/** When a fact of the edits became another one; edits that do not tell it (null) are passed over. */
export function turnsOf(
  edits: readonly Arrived[],
  factOf: (edit: Arrived) => string | boolean | null,
): readonly number[] {
  let known: string | boolean | null = null;
  return edits.flatMap((edit) => {
    const fact = factOf(edit);
    if (fact === null || fact === known) return [];
    const isFirst = known === null;
    known = fact;
    return isFirst ? [] : [edit.at];
  });
}

export const modeTurns = ({ edits }: View): readonly number[] => turnsOf(edits, ({ mode }) => mode);
