import { DEFAULT_PRESET } from '../../../project/preset-names.js';
import { formatBytes } from '../../../ui/bytes.js';
import { formatMs } from '../../../ui/duration.js';
import { dayText, plural } from '../../report/words.js';
import { median } from '../../statistics.js';
import type { Arrived } from '../../summary.js';
import { fasterBy, mainKind, medianOf, ofKind } from '../measures.js';
import { commandFor, profileOf } from '../profiles.js';
import { type Finding, MIN_EDITS, type Rule, turnsOf, type View } from '../rule.js';

/** Less of a wasm than this share is what std brings along, not a profile that asks for it. */
const SHARE = 0.1;

/** The wasm carries debug info, which rustc writes, wasm-bindgen reads and drops again. */
export const debugInfoRule: Rule = { find, turns: ({ edits }) => turnsOf(edits, hasDebugInfo) };

function hasDebugInfo({ wasm }: Arrived): boolean | null {
  if (wasm?.built === undefined || wasm.debugInfo === undefined || wasm.built === 0) return null;
  return wasm.debugInfo / wasm.built > SHARE;
}

function find({ edits, recent, mode }: View): readonly Finding[] {
  const told = edits.filter((edit) => hasDebugInfo(edit) !== null);
  const since = told.findLastIndex((edit) => hasDebugInfo(edit) === false);
  const now = told.slice(since + 1).filter((edit) => recent.includes(edit));
  const kind = mainKind(recent);
  const first = told[since + 1];
  if (now.length < MIN_EDITS || kind === null || !first) return [];
  // Edits that build no wasm do not tell: they are as those around them.
  const present = recent.filter(({ at }) => at >= first.at);
  const without = edits.filter((edit) => hasDebugInfo(edit) === false);
  const gain = fasterBy(present, without, kind);
  const [size, debug] = [sizeOf(now, 'built'), sizeOf(now, 'debugInfo')];
  const evidence = [`${formatBytes(debug)} of the ${formatBytes(size)} that rustc writes for the page are debug info`];
  if (since >= 0)
    evidence.push(
      `since ${dayText(first.at)}; before, the wasm had ${formatBytes(sizeOf(without.slice(-MIN_EDITS), 'built'))}`,
    );
  const slow = medianOf(ofKind(present, kind));
  if (gain !== null && slow !== null) {
    evidence.push(
      `edits of ${kind} take ${formatMs(slow)}, and took ${formatMs(slow - gain)} without it (${plural(ofKind(without, kind).length, 'edit')})`,
    );
  }
  const bindgen = median(
    now.flatMap(({ phases }) => phases.filter(({ name }) => name === 'wasm-bindgen').map(({ from, to }) => to - from)),
  );
  if (bindgen !== null) evidence.push(`wasm-bindgen reads all of it: ${formatMs(bindgen)} of each edit`);
  const profile = profileOf(mode);
  return [
    {
      id: 'debug-info',
      title: 'Build without debug info',
      evidence,
      gain: gain === null ? null : { ms: gain, of: kind },
      cost: 'a debugger shows no lines of your code; messages of panics keep theirs',
      command: profile?.kind === 'plain' ? 'leptos-fast dev' : commandFor(DEFAULT_PRESET, profile),
      measuredBy: kind,
      since: first.at,
    },
  ];
}

function sizeOf(edits: readonly Arrived[], of: 'built' | 'debugInfo'): number {
  return median(edits.flatMap(({ wasm }) => wasm?.[of] ?? [])) ?? 0;
}
