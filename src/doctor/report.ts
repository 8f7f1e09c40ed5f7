import { sep } from 'node:path';
import kleur from 'kleur';
import { formatPlace } from '../core/errors.js';
import { countStatuses, type Examination } from './diagnose.js';
import type { Diagnosed, Status } from './diagnosis.js';

export interface ReportOptions {
  /** The folder that paths are shown relative to. */
  readonly cwd: string;
  /** The width of the terminal; lines are wrapped to it. */
  readonly columns: number;
  /** What could be repaired has been tried. */
  readonly isAfterRepair: boolean;
}

const MARKS: Readonly<Record<Status, string>> = { problem: '✗', warning: '!', unknown: '?', ok: '✓' };
const COLOURS: Readonly<Record<Status, (text: string) => string>> = {
  problem: (text) => kleur.red().bold(text),
  warning: (text) => kleur.yellow(text),
  unknown: (text) => kleur.magenta(text),
  ok: (text) => kleur.green(text),
};

const INDENT = 2;
/** Narrower terminals get the explanations below the check's name instead of in its column. */
const NARROW = 72;
/** Longer lines are hard to read. */
const WIDEST = 110;

/** Renders an examination for people: one entry for each check, the worst first, then what it comes to. */
export function renderReport(examination: Examination, options: ReportOptions): string {
  const { checks } = examination;
  const idWidth = Math.max(...checks.map(({ id }) => id.length));
  const lines: string[] = [];
  for (const [index, check] of checks.entries()) {
    const isNewGroup = index > 0 && check.status !== checks[index - 1]?.status;
    if (isNewGroup) lines.push('');
    lines.push(...renderCheck(check, idWidth, options));
  }
  return ['', ...lines, '', renderSummary(checks, options), ''].join('\n');
}

function renderSummary(checks: readonly Diagnosed[], { isAfterRepair }: ReportOptions): string {
  const { problem, warning, unknown, ok } = countStatuses(checks);
  const parts = [
    problem > 0 ? COLOURS.problem(`${problem} ${problem === 1 ? 'problem' : 'problems'}`) : 'no problem',
    ...(warning > 0 ? [COLOURS.warning(`${warning} ${warning === 1 ? 'warning' : 'warnings'}`)] : []),
    ...(unknown > 0 ? [COLOURS.unknown(`${unknown} unknown`)] : []),
    COLOURS.ok(`${ok} ok`),
  ];
  const repairable = !isAfterRepair && checks.some(isRepairable);
  const hint = repairable
    ? `\n${' '.repeat(INDENT)}What can be done by itself: ${kleur.cyan('leptos-fast doctor --fix')}`
    : '';
  return `${' '.repeat(INDENT)}${parts.join(', ')}${hint}`;
}

/** What `--fix` would do something about. */
export function isRepairable({ status, repair }: Diagnosed): boolean {
  return repair !== undefined && (status === 'problem' || status === 'warning');
}

function renderCheck(check: Diagnosed, idWidth: number, { cwd, columns }: ReportOptions): string[] {
  const { id, status, found, code, where, why, fix = [] } = check;
  const width = Math.min(columns, WIDEST);
  // mark, status, name
  const head = INDENT + 2 + 'problem'.length + 2 + idWidth + 2;
  const hanging = width < NARROW ? INDENT + 2 : head;
  const shorten = (text: string): string => shortenPaths(text, cwd);
  const title = shorten(code === undefined ? found : `${found} (${code})`);
  const [first = '', ...rest] = wrap(title, width - head, width - hanging);
  const lines = [
    `${' '.repeat(INDENT)}${COLOURS[status](`${MARKS[status]} ${status.padEnd('problem'.length)}`)}  ${kleur.bold(id.padEnd(idWidth))}  ${first}`,
    ...rest.map((line) => ' '.repeat(hanging) + line),
  ];
  if (status === 'ok') return lines;
  const below = (text: string, style: (line: string) => string = (line) => line, more = ''): string[] =>
    wrap(text, width - hanging - more.length).map(
      (line, index) => `${' '.repeat(hanging)}${index === 0 ? more : ' '.repeat(more.length)}${style(line)}`,
    );
  if (where) lines.push(...below(shorten(formatPlace(where)), kleur.blue));
  for (const reason of why?.split('\n') ?? []) lines.push(...below(shorten(reason), kleur.dim));
  fix.forEach((way, index) => {
    lines.push(...below(shorten(way), kleur.cyan, index === 0 ? 'fix: ' : '     '));
  });
  return lines;
}

/** Breaks a text between words; the first line may have another width. A word that is longer than a line stays whole. */
function wrap(text: string, firstWidth: number, width = firstWidth): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? firstWidth : width;
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Paths below the folder where people are, as they would type them there. */
function shortenPaths(text: string, cwd: string): string {
  const folder = cwd.endsWith(sep) ? cwd : cwd + sep;
  return folder === sep ? text : text.replaceAll(folder, '');
}
