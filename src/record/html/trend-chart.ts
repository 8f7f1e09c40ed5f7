import { formatMs } from '../../ui/duration.js';
import { dayText, momentText } from '../report/words.js';
import { tickText, topOf } from '../time-axis.js';
import type { Trend } from '../trend-series.js';
import { html, type Markup } from './markup.js';

/** The drawing's own units; it is stretched to the width that there is. */
const WIDTH = 1_000;
const HEIGHT = 200;

/** A series over time: a dot a save, a line for the median of each level, a line across where the level changed. */
export function trendChart({ kind: title, count, median, dots, levels, marks }: Trend): Markup {
  const [first, last] = [dots[0], dots.at(-1)];
  const top = topOf(dots.map(({ ms }) => ms));
  if (!first || !last) return html``;
  const span = Math.max(1, last.at - first.at);
  const x = (at: number): number => round(((at - first.at) / span) * WIDTH);
  const y = (ms: number): number => round(HEIGHT - (Math.min(ms, top) / top) * HEIGHT);
  const ticks = [top, top / 2, 0];
  const summary = `${title}: ${count} saves from ${dayText(first.at)} to ${dayText(last.at)}, median ${formatMs(median)}`;
  return html`<figure class="chart"><figcaption>${title}</figcaption>
<div class="plot"><div class="ticks" aria-hidden="true">${ticks.map((ms) => html`<span>${tickText(ms)}</span>`)}</div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${summary}">
${ticks.map((ms) => html`<path class="grid" d="M0 ${y(ms)}H${WIDTH}"/>`)}
${dots.map(({ at, ms, label }) => html`<path class="dot${ms > top ? ' above' : ''}" d="M${x(at)} ${y(ms)}h0"><title>${momentText(at)}, ${formatMs(ms)}, ${label}</title></path>`)}
${levels.map(({ from, to, ms }) => html`<path class="level" d="M${x(from)} ${y(ms)}H${x(to)}"/>`)}
${marks.map(({ at, before, after, isRegression }) => html`<path class="mark ${isRegression ? 'slower' : 'faster'}" d="M${x(at)} 0V${HEIGHT}"><title>${momentText(at)}: ${formatMs(before)} to ${formatMs(after)}</title></path>`)}
</svg></div>
<div class="days" aria-hidden="true"><span>${dayText(first.at)}</span><span>${dayText(last.at)}</span></div></figure>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
