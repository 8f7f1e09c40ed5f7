import kleur from 'kleur';
import { formatMs } from '../../ui/duration.js';
import type { Advice } from '../advice/advice.js';
import { promiseText } from '../advice/words.js';
import type { LevelChange } from '../level-changes.js';
import type { Cost, Summary } from '../summary.js';
import { type Column, textTable, wrap } from './text-table.js';
import {
  cacheText,
  changeTexts,
  estimateText,
  filesText,
  kindCells,
  momentText,
  plural,
  printable,
  ratioText,
  skippedText,
  successText,
  todayVerdict,
  waitedText,
} from './words.js';

const INDENT = '  ';
/** Space for the names of the figures at the top. */
const LABEL = 13;
/** So many rows have the tables that could go on. */
const ROWS = 5;

/** The report for people at a terminal that is so many characters wide. */
export function terminalReport(summary: Summary, advice: readonly Advice[], title: string, width: number): string {
  const inner = width - INDENT.length;
  const blocks = [
    [`${kleur.bold(title)}${kleur.dim(`   ${plural(summary.batches, 'save')} in ${plural(summary.days, 'day')}`)}`],
    figures(summary, inner),
    kindTable(summary, inner),
    changeLines(summary.changes, inner),
    adviceLines(advice, inner),
    costTable('Slowest files to edit', 'file', summary.slowestFiles, inner),
    summary.slowestCrates.length > 1 ? costTable('Slowest crates', 'crate', summary.slowestCrates, inner) : [],
    recoveryLines(summary, inner),
    errorLines(summary, inner),
    damageLines(summary, inner),
  ];
  const shown = blocks.filter((block) => block.length > 0);
  const text = shown.map((block) => block.map((line) => (line === '' ? '' : `${INDENT}${line}`)).join('\n'));
  return `\n${text.join('\n\n')}\n\n`;
}

function figures(summary: Summary, width: number): readonly string[] {
  const { today, last } = summary;
  const rows: (readonly [string, string])[] = [];
  if (last) rows.push(['last save', lastText(last)]);
  const value = today.median ? `${estimateText(today.median)} in ${plural(today.batches, 'edit')}; ` : '';
  rows.push(['today', `${value}${todayVerdict(summary)}`]);
  if (today.weekMedian) {
    rows.push(['7 days', `${estimateText(today.weekMedian)} in ${plural(today.weekBatches, 'edit')}`]);
  }
  rows.push(['arrived', successText(summary)], ['not built', skippedText(summary)]);
  const [cached, waited] = [cacheText(summary), waitedText(summary)];
  if (cached !== null) rows.push(['caches', cached]);
  if (waited !== null) rows.push(['waited', waited]);
  return rows.flatMap(([label, text]) =>
    wrap(text, width - LABEL).map((line, index) => `${kleur.dim((index === 0 ? label : '').padEnd(LABEL))}${line}`),
  );
}

function lastText(last: NonNullable<Summary['last']>): string {
  const what = `${momentText(last.at)}, ${filesText(last.files)}`;
  if (last.result === 'failed') return `${what}: failed`;
  const patched = last.patchedMs === null ? '' : `seen in ${formatMs(last.patchedMs)}, `;
  const painted = last.paintedMs === null ? '' : `, painted after ${formatMs(last.paintedMs)}`;
  return `${what}: ${patched}on the page in ${formatMs(last.contentMs ?? 0)} (${last.kind})${painted}`;
}

function kindTable({ kinds }: Summary, width: number): readonly string[] {
  if (kinds.length === 0) return [];
  const columns: readonly Column[] = [
    { title: 'save to page', align: 'left' },
    { title: 'n', align: 'right' },
    { title: 'median', align: 'right' },
    { title: '95 % interval', align: 'left', dispensable: 2 },
    { title: 'p95', align: 'right' },
    { title: 'painted', align: 'right', dispensable: 1 },
    { title: 'patched', align: 'right', dispensable: 1 },
  ];
  const rows = kinds.map(kindCells);
  return [kleur.bold('By kind of edit'), ...textTable(columns, rows, width)];
}

function changeLines(changes: readonly LevelChange[], width: number): readonly string[] {
  if (changes.length === 0) return [];
  const lines = changes.slice(0, ROWS).flatMap((change) => {
    const { kind, at, before, after, ratio, isRegression } = change;
    const how = isRegression ? kleur.yellow('slower') : kleur.green('faster');
    const figures = `${formatMs(before)} → ${formatMs(after)}, ${ratioText(ratio)}`;
    return [
      `${momentText(at)}  ${how}  ${kind}`,
      ...wrap([figures, ...changeTexts(change)].join('; '), width - INDENT.length).map(
        (line) => `${INDENT}${kleur.dim(line)}`,
      ),
    ];
  });
  return [kleur.bold('Slower or faster beyond the noise'), ...lines];
}

function adviceLines(advice: readonly Advice[], width: number): readonly string[] {
  if (advice.length === 0) return [];
  const lines = advice.slice(0, ROWS).flatMap((one) => {
    const { title, evidence, cost, command, state } = one;
    const details = [
      ...evidence,
      state.kind === 'open' ? `saves: ${promiseText(one)}` : promiseText(one),
      ...(state.kind === 'open' ? [`costs: ${cost}`] : []),
    ];
    const headed = wrap(printable(title), width).map((line) => (state.kind === 'open' ? kleur.cyan(line) : line));
    const detailed = details.flatMap((line) => wrap(printable(line), width - INDENT.length).map(kleur.dim));
    const run = command === null || state.kind !== 'open' ? [] : [`run: ${command}`];
    return [...headed, ...[...detailed, ...run].map((line) => `${INDENT}${line}`)];
  });
  return [kleur.bold('What would make it faster'), ...lines];
}

function costTable(title: string, what: string, costs: readonly Cost[], width: number): readonly string[] {
  if (costs.length === 0) return [];
  const columns: readonly Column[] = [
    { title: what, align: 'left', least: 16 },
    { title: 'n', align: 'right' },
    { title: 'median', align: 'right' },
    { title: 'in all', align: 'right', dispensable: 1 },
  ];
  const rows = costs
    .slice(0, ROWS)
    .map(({ name, count, median, total }) => [printable(name), String(count), formatMs(median), formatMs(total)]);
  return [kleur.bold(title), ...textTable(columns, rows, width)];
}

function recoveryLines({ recoveries }: Summary, width: number): readonly string[] {
  if (recoveries.length === 0) return [];
  const lines = recoveries.flatMap(({ kind, count, lastAt, lastWhy }) => {
    const text = `${printable(kind)} ${count} ×, last ${momentText(lastAt)}: ${printable(lastWhy)}`;
    return wrap(text, width - INDENT.length).map((line, index) => (index === 0 ? line : `${INDENT}${line}`));
  });
  return [kleur.bold('What went wrong and was dealt with'), ...lines];
}

function errorLines({ errorCodes }: Summary, width: number): readonly string[] {
  if (errorCodes.length === 0) return [];
  const text = errorCodes.map(({ code, count }) => `${printable(code)} ${count} ×`).join(', ');
  return [kleur.bold('Compile errors'), ...wrap(text, width)];
}

function damageLines({ unreadableLines, otherVersionLines }: Summary, width: number): readonly string[] {
  const lines: string[] = [];
  if (unreadableLines > 0) {
    lines.push(
      `${plural(unreadableLines, 'line')} of the history cannot be read, after a crash for example; the others count.`,
    );
  }
  if (otherVersionLines > 0) {
    lines.push(
      `${plural(otherVersionLines, 'line')} of the history come from another version of leptos-fast and are left out.`,
    );
  }
  return lines.flatMap((line) => wrap(line, width));
}
