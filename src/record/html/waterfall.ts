import { formatMs } from '../../ui/format.js';
import type { Phase, PhaseName } from '../build-record.js';
import { html, type Markup } from './markup.js';

/** What the phases are called. */
const NAMES: Readonly<Record<PhaseName, string>> = {
  settle: 'saves settle',
  front: 'cargo, front',
  server: 'cargo, server',
  'wasm-bindgen': 'wasm-bindgen',
  style: 'style',
  assets: 'assets',
  boot: 'server boots',
};

/** A moment on the way. */
export interface Milestone {
  readonly name: string;
  readonly ms: number;
}

/** The way of one batch from the save (0 ms) to the page, as bars on a common scale. */
export function waterfall(phases: readonly Phase[], milestones: readonly Milestone[]): Markup {
  const end = Math.max(1, ...phases.map(({ to }) => to), ...milestones.map(({ ms }) => ms));
  const share = (ms: number): string => ((Math.max(0, ms) / end) * 100).toFixed(2);
  const bars = phases.map(
    ({ name, from, to }) => html`<tr><th scope="row">${NAMES[name]}</th>
<td class="track"><span class="bar phase-${name}" style="left:${share(from)}%;width:${share(to - from)}%"></span></td>
<td class="num">${formatMs(to - from)}</td></tr>`,
  );
  const moments = milestones.map(
    ({ name, ms }) => html`<tr><th scope="row">${name}</th>
<td class="track"><span class="moment" style="left:${share(ms)}%"></span></td><td class="num">${formatMs(ms)}</td></tr>`,
  );
  return html`<table class="waterfall"><colgroup><col class="step"><col><col class="took"></colgroup><thead class="unseen"><tr><th>Step</th><th>When</th><th>Time</th></tr></thead><tbody>${bars}${moments}</tbody></table>`;
}
