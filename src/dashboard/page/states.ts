import { make } from '../../client/elements.js';
import type { Missing } from '../../record/report/next-step.js';
import { momentText, plural } from '../../record/report/words.js';
import { formatMs } from '../../ui/duration.js';
import type { LiveStatus } from '../data.js';
import { copyButton } from './elements.js';
import type { PageModel } from './store.js';

/** Whether anybody tells, and who: the words at the top of the page. */
export function lineText({ line, hello, live }: PageModel): { readonly text: string; readonly tone: string } {
  if (line.kind === 'disconnected') return { text: 'not connected', tone: 'off' };
  if (line.kind === 'connecting' || !hello) return { text: 'connecting', tone: 'wait' };
  if (hello.source === 'history') return { text: 'follows the history', tone: 'on' };
  return live?.kind === 'failed' ? { text: 'dev runs, build broken', tone: 'bad' } : { text: 'dev runs', tone: 'on' };
}

/** What `dev` does at a moment (ms since the epoch). */
export function liveLine(live: LiveStatus, now: number): HTMLElement {
  switch (live.kind) {
    case 'starting':
      return liveBar(
        `The first build runs: ${formatMs(now - live.since)} so far; the terminal tells how far it is`,
        null,
        'busy',
      );
    case 'building': {
      const { what, files, since, expectedMs } = live;
      const of = expectedMs === null ? '' : ` of about ${formatMs(expectedMs)}`;
      const share = expectedMs === null ? null : Math.min(0.97, (now - since) / Math.max(1, expectedMs));
      return liveBar(
        `Building ${what === '' ? '' : `${what} `}for ${files || 'the last save'}: ${formatMs(now - since)}${of}`,
        share,
        'busy',
      );
    }
    case 'failed':
      return liveBar(`Not on the page: ${live.why}`, null, 'bad');
    case 'ready': {
      const { last } = live;
      return liveBar(
        last
          ? `${last.files || 'The last save'}: on the page in ${formatMs(last.ms)}`
          : 'Ready: save a file to see its way to the page',
        null,
        'good',
      );
    }
  }
}

function liveBar(text: string, share: number | null, tone: string): HTMLElement {
  const bar = make('span', { class: 'done' });
  bar.style.width = `${(share ?? 0) * 100}%`;
  return make('div', { class: `live ${tone}` }, ...(share === null ? [] : [bar]), make('p', {}, text));
}

/** Nobody answers. */
export function disconnectedNotice({ line, hello }: PageModel): HTMLElement | null {
  if (line.kind !== 'disconnected') return null;
  const isDev = hello === null || hello.source === 'dev';
  const title = line.ended ? (isDev ? 'dev has ended' : 'The dashboard was ended') : 'Nobody answers';
  return notice('warn', title, [
    make(
      'p',
      {},
      `${hello ? 'What is below was true until then. ' : ''}This page goes on by itself as soon as it is started again:`,
    ),
    commandLine(isDev ? 'leptos-fast dev' : 'leptos-fast dashboard'),
    ...(isDev ? [make('p', {}, 'To see the history without it:'), commandLine('leptos-fast dashboard --open')] : []),
  ]);
}

/** The history cannot be read. */
export function problemNotice({ problem, hello }: PageModel): HTMLElement | null {
  if (problem === null) return null;
  return notice('warn', 'The history cannot be read', [
    make('p', { class: 'said' }, problem),
    make('p', {}, 'Give this user the right to read the folder, or remove it; then this page goes on by itself:'),
    make('p', {}, make('code', {}, hello?.folder ?? '')),
  ]);
}

/** There is nothing in the period. */
export function missingNotice(
  missing: Missing,
  folder: string,
  days: number,
  choose: (days: number) => void,
): HTMLElement {
  switch (missing.kind) {
    case 'nothing-recorded':
      return notice('empty', 'Nothing is recorded yet', [
        make('p', {}, 'Run this in the project and save a file; its way to the page appears here:'),
        commandLine('leptos-fast dev'),
        make('p', { class: 'soft' }, 'cargo clean deletes the history with everything else in the target directory.'),
      ]);
    case 'older': {
      const button = make('button', { type: 'button', 'data-key': 'older' }, `Show ${missing.days} days`);
      button.addEventListener('click', () => choose(missing.days));
      return notice('empty', `Nothing was saved in the last ${plural(days, 'day')}`, [
        make('p', {}, `The newest record is of ${momentText(missing.newest)}.`),
        make('p', {}, button),
      ]);
    }
    case 'other-version':
      return notice('empty', 'The history is of another version of leptos-fast', [
        make(
          'p',
          {},
          `It has ${plural(missing.count, 'record')}, which that version can read. With this one, save a file while this runs:`,
        ),
        commandLine('leptos-fast dev'),
      ]);
    case 'unreadable':
      return notice('warn', 'None of the history can be read', [
        make(
          'p',
          {},
          `It has ${plural(missing.count, 'line')} that are no records. Remove the folder; the next save begins a new one:`,
        ),
        make('p', {}, make('code', {}, folder)),
      ]);
  }
}

/** Lines that were passed over; null where there are none. */
export function damageText(unreadable: number, otherVersion: number): string | null {
  const parts = [
    ...(unreadable > 0 ? [`${plural(unreadable, 'line')} of the history cannot be read.`] : []),
    ...(otherVersion > 0 ? [`${plural(otherVersion, 'line')} are of another version of leptos-fast.`] : []),
  ];
  return parts.length > 0 ? parts.join(' ') : null;
}

function notice(tone: 'warn' | 'empty', title: string, inside: readonly Node[]): HTMLElement {
  return make(
    'section',
    { class: `notice ${tone}`, role: tone === 'warn' ? 'alert' : 'status' },
    make('h2', {}, title),
    ...inside,
  );
}

function commandLine(command: string): HTMLElement {
  return make('p', { class: 'command' }, make('code', {}, command), copyButton(command));
}
