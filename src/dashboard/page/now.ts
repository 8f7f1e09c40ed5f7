import { make } from '../../client/elements.js';
import {
  cacheText,
  filesText,
  momentText,
  plural,
  printable,
  shareText,
  skippedText,
  successText,
  type Verdict,
  verdictOf,
  waitedText,
} from '../../record/report/words.js';
import type { LastBatch, Summary, Today } from '../../record/summary.js';
import { formatMs } from '../../ui/duration.js';
import type { Figures, RecentBatch } from '../data.js';
import { section } from './elements.js';
import { wayTable } from './way.js';
import { breakable } from './words.js';

type Tone = Verdict['tone'];

/** The first screen: is my loop fast right now? */
export function nowSection({ summary, skipReasons }: Figures): HTMLElement {
  const { last, today, successRate, skipped } = summary;
  const { verdict, evidence, tone } = verdictOf(summary);
  return make(
    'section',
    { class: 'now' },
    make('h2', {}, 'Is my loop fast right now?'),
    make('p', { class: `answer ${tone}` }, sentence(verdict)),
    make('p', { class: 'detail' }, evidence === null ? 'Save a file to see where it stands.' : sentence(evidence)),
    make(
      'div',
      { class: 'figures' },
      figure('Last save', lastValue(last), lastText(last), last?.result === 'failed' ? 'bad' : ''),
      figure('Median today', today.median ? formatMs(today.median.value) : '–', medianText(today), tone),
      figure(
        'Arrived',
        successRate === null ? '–' : shareText(successRate),
        successText(summary),
        successRate !== null && successRate < 0.95 ? 'bad' : '',
      ),
      figure('Time not spent', skipped.batches === 0 ? '–' : formatMs(skipped.ms), skipText(summary, skipReasons), ''),
    ),
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function figure(name: string, value: string, text: string, tone: Tone): HTMLElement {
  return make(
    'div',
    { class: 'figure' },
    make('span', { class: 'name' }, name),
    make('strong', { class: tone }, value),
    make('p', { class: 'soft' }, text),
  );
}

function lastValue(last: LastBatch | null): string {
  if (!last) return '–';
  return last.contentMs === null ? 'failed' : formatMs(last.contentMs);
}

function lastText(last: LastBatch | null): string {
  return last ? `${momentText(last.at)}, ${filesText(last.files)}` : 'no save yet';
}

function medianText({ batches, weekMedian, weekBatches }: Today): string {
  const today = `${plural(batches, 'edit')}`;
  return weekMedian ? `${today}; ${formatMs(weekMedian.value)} in the 7 days before (${weekBatches})` : today;
}

function skipText(summary: Summary, reasons: Figures['skipReasons']): string {
  const [first] = reasons;
  const why = first ? `; most often: ${printable(first.reason)}` : '';
  const others = [cacheText(summary), waitedText(summary)].flatMap((text) => (text === null ? [] : [`; ${text}`]));
  return `${skippedText(summary)}${why}${others.join('')}`;
}

/** The newest saves, and the way of the one that is looked at. */
export function waySection(
  recent: readonly RecentBatch[],
  selected: string | null,
  select: (key: string) => void,
): HTMLElement {
  const shown = recent.find(({ key }) => key === selected) ?? recent[0];
  if (!shown) return make('div');
  const isNewest = shown === recent[0];
  const title = isNewest ? 'The way of the last save' : `The way of the save of ${momentText(shown.at)}`;
  return section(
    title,
    { class: 'ways', 'aria-live': 'off' },
    make(
      'div',
      { class: 'beside' },
      make('div', { class: 'way-of' }, wayOf(shown)),
      make(
        'ol',
        { class: 'recent', 'aria-label': 'Newest saves' },
        ...recent.map((batch) => item(batch, batch === shown, select)),
      ),
    ),
  );
}

function wayOf(batch: RecentBatch): HTMLElement {
  const sides = Object.entries(batch.sides).map(([side, { result, ...rest }]) => {
    const reason = 'reason' in rest ? `: ${printable(rest.reason)}` : '';
    return make('li', {}, make('b', {}, side), ` ${result === 'waiting' ? 'no build seen' : result}${reason}`);
  });
  const errors = batch.errors
    ? [
        make(
          'li',
          { class: 'bad' },
          `${plural(batch.errors.count, 'error')} ${batch.errors.codes.map(printable).join(', ')}`,
        ),
      ]
    : [];
  const way =
    batch.phases.length > 0 ? [wayTable(batch)] : [make('p', { class: 'soft' }, 'Nothing had to be done for it.')];
  return make(
    'div',
    {},
    make('p', { class: 'why' }, make('b', {}, ...breakable(filesText(batch.files))), ` ${printable(batch.why)}`),
    ...way,
    make('ul', { class: 'sides' }, ...errors, ...sides),
  );
}

function item(batch: RecentBatch, isShown: boolean, select: (key: string) => void): HTMLElement {
  const took = batch.contentMs === null ? batch.result : formatMs(batch.contentMs);
  const button = make(
    'button',
    { type: 'button', 'data-key': batch.key, ...(isShown && { 'aria-current': 'true' }) },
    make('span', { class: 'when' }, momentText(batch.at)),
    make('span', { class: 'what' }, ...breakable(filesText(batch.files))),
    make('span', { class: `took${batch.result === 'failed' ? ' bad' : ''}` }, took),
  );
  button.addEventListener('click', () => select(batch.key));
  return make('li', {}, button);
}
