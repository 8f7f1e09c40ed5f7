import { dayText, momentText, plural } from '../../record/report/words.js';
import { tickText, topOf } from '../../record/time-axis.js';
import type { Trend } from '../../record/trend-series.js';
import { formatBytes } from '../../ui/bytes.js';
import { formatMs } from '../../ui/duration.js';
import type { Gauge } from '../data.js';
import type { ChartContent } from './chart.js';

/** What the chart of a kind of edit shows. */
export function trendContent({ kind, count, median, dots, levels, marks }: Trend): ChartContent {
  return {
    title: kind,
    summary: `${plural(count, 'save')}, median ${formatMs(median)}`,
    at: dots.map(({ at }) => at),
    values: dots.map(({ ms }) => ms),
    labels: dots.map(({ at, ms, label }) => `${momentText(at)}: ${formatMs(ms)}, ${label}`),
    top: topOf(dots.map(({ ms }) => ms)),
    tick: tickText,
    shape: 'dots',
    levels: levels.map(({ from, to, ms }) => ({ from, to, value: ms })),
    marks,
  };
}

/** What the chart of a figure that each batch has shows. */
export function gaugeContent({ name, unit, latest, max, at, values }: Gauge): ChartContent {
  const text = unit === 'bytes' ? formatBytes : formatMs;
  const [first, last] = [at[0] ?? 0, at.at(-1) ?? 0];
  return {
    title: name,
    summary: `${text(latest)} at the last save, at most ${text(max)} from ${dayText(first)} to ${dayText(last)}`,
    at,
    values,
    labels: at.map((moment, index) => `${momentText(moment)}: ${text(values[index] ?? 0)}`),
    top: unit === 'bytes' ? roundBytes(max) : topOf(values),
    tick: unit === 'bytes' ? formatBytes : tickText,
    shape: 'line',
    levels: [],
    marks: [],
  };
}

/** The next figure whose half people read at a glance. */
function roundBytes(bytes: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(bytes, 1)));
  return ([1, 2, 4, 5, 6, 8].find((factor) => factor * power >= bytes) ?? 10) * power;
}
