import { make } from '../../client/elements.js';
import type { Phase } from '../../record/build-record.js';
import { milestones, PHASE_NAMES, wayEnd } from '../../record/way.js';
import { formatMs } from '../../ui/duration.js';
import type { RecentBatch } from '../data.js';

/** The way of one batch from the save to the page, as bars on a common scale. */
export function wayTable(batch: RecentBatch): HTMLElement {
  const moments = milestones(batch);
  const end = wayEnd(batch.phases, moments);
  const steps = batch.phases.map((phase) => stepRow(phase, end));
  const arrivals = moments.map(({ name, ms }) => row(name, track('moment', ms, ms, end), formatMs(ms)));
  return make(
    'table',
    { class: 'way' },
    // In a fixed layout the first row would give the three the same width.
    make('colgroup', {}, make('col', { class: 'step-name' }), make('col'), make('col', { class: 'step-took' })),
    make(
      'thead',
      { class: 'unseen' },
      make('tr', {}, ...['Step', 'When', 'Time'].map((name) => make('th', { scope: 'col' }, name))),
    ),
    make('tbody', {}, ...steps, ...arrivals),
  );
}

function stepRow({ name, from, to }: Phase, end: number): HTMLElement {
  const bar = track(`step phase-${name}`, from, to, end);
  return row(PHASE_NAMES[name], bar, formatMs(to - from));
}

function row(name: string, bar: HTMLElement, took: string): HTMLElement {
  return make(
    'tr',
    {},
    make('th', { scope: 'row' }, name),
    make('td', { class: 'track' }, bar),
    make('td', { class: 'num' }, took),
  );
}

function track(classes: string, from: number, to: number, end: number): HTMLElement {
  const bar = make('span', { class: classes });
  const share = (ms: number): number => (Math.max(0, ms) / end) * 100;
  bar.style.left = `${share(from)}%`;
  bar.style.width = `${share(to) - share(from)}%`;
  return bar;
}
