import { make } from '../../client/elements.js';
import { type Advice, verdictOf } from '../../record/advice/advice.js';
import type { LevelChange } from '../../record/level-changes.js';
import { changeTexts, kindCells, momentText, plural, printable, ratioText } from '../../record/report/words.js';
import type { Cost, KindSummary, Summary } from '../../record/summary.js';
import { formatMs } from '../../ui/duration.js';
import type { Figures } from '../data.js';
import { copyButton, costBar, section, table } from './elements.js';
import { breakable } from './words.js';

/** Since when edits are slower or faster, and what came with it. */
export function changesSection(changes: readonly LevelChange[]): HTMLElement | null {
  if (changes.length === 0) return null;
  return section('Slower or faster beyond the noise', {}, make('ul', { class: 'lines' }, ...changes.map(changeItem)));
}

function changeItem(change: LevelChange): HTMLElement {
  const { kind, at, before, after, ratio, isRegression } = change;
  return make(
    'li',
    {},
    make('b', { class: isRegression ? 'bad' : 'good' }, isRegression ? 'slower' : 'faster'),
    ` since ${momentText(at)}: ${kind}, ${formatMs(before)} → ${formatMs(after)}, ${ratioText(ratio)}`,
    ...changeTexts(change).map((text) => make('p', { class: 'soft' }, text)),
  );
}

export function kindsSection(kinds: readonly KindSummary[]): HTMLElement | null {
  if (kinds.length === 0) return null;
  const rows = kinds.map(kindCells);
  const columns = [
    { title: 'Kind' },
    { title: 'Saves', class: 'num' },
    { title: 'Median', class: 'num' },
    { title: '95 % interval', class: 'num wide' },
    { title: 'p95', class: 'num' },
    { title: 'Painted', class: 'num wide' },
    { title: 'Patched', class: 'num wide' },
  ];
  return section('By kind of edit', {}, table(columns, rows));
}

/** Names with what they cost, and a bar that compares them. */
export function costsSection(title: string, what: string, costs: readonly Cost[], note: string): HTMLElement | null {
  if (costs.length === 0) return null;
  const most = Math.max(...costs.map(({ median }) => median), 1);
  const rows = costs.map(({ name, count, median, total }) => {
    return [[...breakable(name), costBar(median / most)], String(count), formatMs(median), formatMs(total)];
  });
  const columns = [
    { title: what },
    { title: 'Saves', class: 'num' },
    { title: 'Median', class: 'num' },
    { title: 'In all', class: 'num wide' },
  ];
  return section(title, {}, table(columns, rows, 'costs'), make('p', { class: 'note' }, note));
}

/** Why sides were not built. */
export function skipsSection({ skipReasons }: Figures): HTMLElement | null {
  if (skipReasons.length === 0) return null;
  const rows = skipReasons.map(({ reason, count }) => [[printable(reason)], String(count)]);
  return section('Why a side was not built', {}, table([{ title: 'Reason' }, { title: 'Sides', class: 'num' }], rows));
}

/** Retries, recoveries and errors. */
export function troubleSection({
  recoveries,
  errorCodes,
  compileErrors,
  failed,
  superseded,
  unfinished,
}: Summary): HTMLElement {
  const items = [
    ...recoveries.map(({ kind, count, lastAt, lastWhy }) =>
      make(
        'li',
        {},
        make('b', {}, printable(kind)),
        ` ${count} ×, last ${momentText(lastAt)}`,
        make('p', { class: 'soft' }, printable(lastWhy)),
      ),
    ),
    ...(compileErrors > 0 ? [compileItem(compileErrors, errorCodes)] : []),
    ...countItem(failed - compileErrors, 'failed without an error in the code'),
    ...countItem(superseded, 'overtaken by a later one'),
    ...countItem(unfinished, 'under way when dev ended'),
  ];
  const nothing = make('p', { class: 'soft' }, 'Nothing: no retry, no recovery, no error.');
  return section('What went wrong', {}, items.length > 0 ? make('ul', { class: 'lines' }, ...items) : nothing);
}

function compileItem(count: number, codes: Summary['errorCodes']): HTMLElement {
  const chips = codes.map(({ code, count: times }) =>
    make('span', { class: 'chip' }, `${printable(code)} `, make('i', {}, `${times} ×`)),
  );
  return make('li', {}, `${plural(count, 'save')} did not compile`, make('p', { class: 'chips' }, ...chips));
}

function countItem(count: number, what: string): readonly HTMLElement[] {
  return count > 0 ? [make('li', {}, `${plural(count, 'save')} ${what}`)] : [];
}

/** What would make the loop faster. */
export function adviceSection(advice: readonly Advice[] | undefined): HTMLElement | null {
  if (!advice || advice.length === 0) return null;
  return section('What would make it faster', { class: 'advice' }, ...advice.map(adviceCard));
}

function adviceCard({ title, evidence, gain, cost, command, state }: Advice): HTMLElement {
  const facts: readonly (readonly [string, string])[] = [
    ['Gain', gain ? `about ${formatMs(gain.ms)} for each edit of the kind ${gain.of}` : 'not measured'],
    ['Cost', printable(cost)],
  ];
  return make(
    'article',
    {},
    make('h3', {}, printable(title), stateChip(state)),
    make('ul', { class: 'evidence' }, ...evidence.map((text) => make('li', {}, printable(text)))),
    make('dl', {}, ...facts.flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, text)])),
    ...(command === null
      ? []
      : [make('p', { class: 'command' }, make('code', {}, printable(command)), copyButton(command))]),
  );
}

function stateChip(state: Advice['state']): HTMLElement {
  switch (state.kind) {
    case 'open':
      return make('span', { class: 'chip' }, 'open');
    case 'followed':
      return make('span', { class: 'chip' }, `followed ${momentText(state.at)}; too few edits since then to tell`);
    case 'checked': {
      const verdict = verdictOf(state);
      return make(
        'span',
        { class: `chip ${verdict === 'faster' ? 'good' : verdict === 'slower' ? 'bad' : ''}` },
        `followed ${momentText(state.at)}: ${verdict} (${formatMs(state.beforeMs)} → ${formatMs(state.afterMs)})`,
      );
    }
  }
}
