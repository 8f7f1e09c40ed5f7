import { formatBytes } from '../../../ui/bytes.js';
import { formatMs } from '../../../ui/duration.js';
import { changePoints } from '../../change-point.js';
import { dayText } from '../../report/words.js';
import { median } from '../../statistics.js';
import type { Arrived } from '../../summary.js';
import { mainKind } from '../measures.js';
import type { Finding, Rule, View } from '../rule.js';

/** So many of the newest edits are looked through. */
const LOOKED_AT = 500;
/** Smaller growth has no cause that can be found. */
const MIN_GROWTH = 1.2;

/** The wasm that pages load grew at one moment, and wasm-bindgen takes longer since. */
export const wasmSizeRule: Rule = { find, turns: () => [] };

function find({ edits, recent }: View): readonly Finding[] {
  const kind = mainKind(recent);
  const told = edits.filter(({ wasm }) => wasm?.served !== undefined).slice(-LOOKED_AT);
  const change = changePoints(told.map(({ wasm }) => wasm?.served ?? 0)).at(-1);
  const first = change && told[change.index];
  if (kind === null || !change || !first || change.ratio.value < MIN_GROWTH) return [];
  const [before, after] = [bindgenMs(told.slice(0, change.index)), bindgenMs(told.slice(change.index))];
  if (before === null || after === null || after <= before) return [];
  const came = first.git === undefined ? '' : `, with commit ${first.git.commit}`;
  return [
    {
      id: 'wasm-size',
      title: 'Find out what made the wasm larger, and take it out of the front',
      evidence: [
        `the page loads ${formatBytes(change.after)} instead of ${formatBytes(change.before)} since ${dayText(first.at)}${came}`,
        `wasm-bindgen takes ${formatMs(after)} instead of ${formatMs(before)}`,
      ],
      gain: { ms: after - before, of: kind },
      cost: 'a look at what that commit added: dependencies that only the server needs belong behind its feature',
      command: 'leptos-fast graph',
      measuredBy: kind,
    },
  ];
}

function bindgenMs(edits: readonly Arrived[]): number | null {
  const phases = edits.flatMap((edit) => edit.phases.filter(({ name }) => name === 'wasm-bindgen'));
  return median(phases.map(({ from, to }) => to - from));
}
