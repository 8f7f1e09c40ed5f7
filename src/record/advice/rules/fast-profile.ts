import { formatMs } from '../../../ui/duration.js';
import { plural } from '../../report/words.js';
import { fasterBy, mainKind, medianOf, ofKind } from '../measures.js';
import { profileOf } from '../profiles.js';
import { type Finding, modeTurns, type Rule, type View } from '../rule.js';

/** `dev` is run with `--no-fast`. */
export const fastProfileRule: Rule = { find, turns: modeTurns };

function find({ edits, recent, mode }: View): readonly Finding[] {
  const kind = mainKind(recent);
  const now = kind && medianOf(ofKind(recent, kind));
  if (profileOf(mode)?.kind !== 'plain' || kind === null || now === null) return [];
  const fast = edits.filter((edit) => profileOf(edit.mode)?.kind === 'preset');
  const gain = fasterBy(recent, fast, kind);
  const then = gain === null ? null : `with a fast profile they took ${formatMs(now - gain)} here`;
  const count = plural(ofKind(recent, kind).length, 'edit');
  return [
    {
      id: 'fast-profile',
      title: 'Build with the fast profile: run dev without --no-fast',
      evidence: [`the last ${count} of ${kind} took ${formatMs(now)} with ${mode}`, ...(then === null ? [] : [then])],
      gain: gain === null ? null : { ms: gain, of: kind },
      cost: 'one first build anew; no debug info, so a debugger shows no lines',
      command: 'leptos-fast dev',
      measuredBy: kind,
      isFollowedBy: (edit) => profileOf(edit.mode)?.kind !== 'plain',
    },
  ];
}
