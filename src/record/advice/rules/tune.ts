import { formatMs } from '../../../ui/duration.js';
import { plural } from '../../report/words.js';
import { mainKind, medianOf, ofKind } from '../measures.js';
import { profileOf } from '../profiles.js';
import { type Finding, modeTurns, type Rule, type View } from '../rule.js';

/** Trying settings takes minutes: only edits that take so long (ms), so often, are worth it. */
const MIN_MS = 3_000;
const MIN_EDITS = 20;

/** Nothing but one profile was ever tried here. */
export const tuneRule: Rule = { find, turns: modeTurns };

function find({ edits, recent, mode }: View): readonly Finding[] {
  const kind = mainKind(recent);
  const own = kind === null ? [] : ofKind(recent, kind);
  const now = medianOf(own);
  const isOnly = edits.every((edit) => edit.mode === mode);
  if (
    kind === null ||
    now === null ||
    now < MIN_MS ||
    own.length < MIN_EDITS ||
    !isOnly ||
    profileOf(mode)?.kind === 'plain'
  )
    return [];
  return [
    {
      id: 'tune',
      title: 'Try on this machine which settings are faster',
      evidence: [
        `edits of ${kind} take ${formatMs(now)} (the last ${plural(own.length, 'edit')})`,
        `all ${plural(edits.length, 'edit')} on record were built with ${mode}: nothing else was tried`,
      ],
      gain: null,
      cost: 'some minutes of both processors and disk space, in folders of its own; nothing is changed before you say so',
      command: 'leptos-fast tune',
      measuredBy: kind,
      // It writes what won into the manifest.
      isFollowedBy: (edit) => profileOf(edit.mode)?.kind === 'manifest',
    },
  ];
}
