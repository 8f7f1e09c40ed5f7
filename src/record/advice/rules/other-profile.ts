import { formatMs } from '../../../ui/duration.js';
import { plural } from '../../report/words.js';
import type { Arrived } from '../../summary.js';
import { fasterBy, mainKind, medianOf, ofKind } from '../measures.js';
import { commandFor, profileOf } from '../profiles.js';
import { type Finding, modeTurns, type Rule, type View } from '../rule.js';

/** Edits with another profile were faster in this very history. */
export const otherProfileRule: Rule = { find, turns: modeTurns };

function find({ edits, recent, mode }: View): readonly Finding[] {
  const kind = mainKind(recent);
  const now = kind && medianOf(ofKind(recent, kind));
  if (kind === null || now === null || profileOf(mode)?.kind === 'plain') return [];
  const best = otherModes(edits, mode)
    .flatMap(({ name, own }) => {
      const gain = fasterBy(recent, own, kind);
      return gain === null ? [] : [{ name, own, gain }];
    })
    .sort((a, b) => b.gain - a.gain)[0];
  if (!best) return [];
  return [
    {
      id: `profile:${best.name}`,
      title: `Go back to the preset ${best.name}`,
      evidence: [
        `edits of ${kind} take ${formatMs(now)} with ${mode} (${plural(ofKind(recent, kind).length, 'edit')})`,
        `they took ${formatMs(now - best.gain)} with ${best.name} (${plural(ofKind(best.own, kind).length, 'edit')})`,
      ],
      gain: { ms: best.gain, of: kind },
      cost: 'one first build anew; what the presets differ in says templates/profiles',
      command: commandFor(best.name, profileOf(mode)),
      measuredBy: kind,
      isFollowedBy: ({ mode: now }) => isPreset(now, best.name),
    },
  ];
}

/** The newest edits with each preset but the present one. */
function otherModes(
  edits: readonly Arrived[],
  mode: string,
): readonly { readonly name: string; readonly own: readonly Arrived[] }[] {
  const names = new Set(edits.filter((edit) => edit.mode !== mode).map((edit) => edit.mode));
  return [...names].flatMap((other) => {
    const profile = profileOf(other);
    return profile?.kind === 'preset'
      ? [{ name: profile.name, own: edits.filter((edit) => edit.mode === other).slice(-100) }]
      : [];
  });
}

function isPreset(mode: string, name: string): boolean {
  const profile = profileOf(mode);
  return profile?.kind === 'preset' && profile.name === name;
}
