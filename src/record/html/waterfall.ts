import { formatMs } from '../../ui/duration.js';
import type { Phase } from '../build-record.js';
import { type Milestone, PHASE_NAMES, wayEnd } from '../way.js';
import { html, type Markup } from './markup.js';

/** The way of one batch from the save (0 ms) to the page, as bars on a common scale. */
export function waterfall(phases: readonly Phase[], milestones: readonly Milestone[]): Markup {
  const end = wayEnd(phases, milestones);
  const share = (ms: number): string => ((Math.max(0, ms) / end) * 100).toFixed(2);
  const bars = phases.map(
    ({ name, from, to }) => html`<tr><th scope="row">${PHASE_NAMES[name]}</th>
<td class="track"><span class="bar phase-${name}" style="left:${share(from)}%;width:${share(to - from)}%"></span></td>
<td class="num">${formatMs(to - from)}</td></tr>`,
  );
  const moments = milestones.map(
    ({ name, ms }) => html`<tr><th scope="row">${name}</th>
<td class="track"><span class="moment" style="left:${share(ms)}%"></span></td><td class="num">${formatMs(ms)}</td></tr>`,
  );
  return html`<table class="waterfall"><colgroup><col class="step"><col><col class="took"></colgroup><thead class="unseen"><tr><th>Step</th><th>When</th><th>Time</th></tr></thead><tbody>${bars}${moments}</tbody></table>`;
}
