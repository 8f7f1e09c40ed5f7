import kleur from 'kleur';
import { type Column, textTable } from '../record/report/text-table.js';
import { estimateText, plural, ratioText } from '../record/report/words.js';
import { formatBytes } from '../ui/bytes.js';
import { formatMs } from '../ui/duration.js';
import { type Candidate, nameOfArm } from './candidate.js';
import type { Report } from './report-facts.js';
import { type ArmSamples, isFaster, isSlower } from './samples.js';
import { type Check, ENOUGH, type SearchResult, type Tried } from './search.js';

const COLUMNS: readonly Column[] = [
  { title: 'setting', align: 'left', least: 24 },
  { title: 'an edit', align: 'right' },
  { title: 'of that as it is', align: 'right' },
  { title: '', align: 'left' },
  { title: 'edits', align: 'right', dispensable: 2 },
  { title: 'first build', align: 'right', dispensable: 1 },
  { title: 'wasm', align: 'right', dispensable: 3 },
];

const SEEDED = "the first build as it is took its dependencies from the project's target directory";

/** What is said where nothing can be recommended. */
export const NO_WINNER = 'No setting wins beyond the noise: the profile stays as it is.';

/** What was measured, as a table and a sentence or two, for a width in characters. */
export function reportText({ facts, result, endedAt }: Report, columns: number): string {
  const lines = [
    ...tableOf(result, columns).map((line) => `  ${line}`),
    '',
    ...result.checks.map((check) => `  ${checkText(check)}`),
    `  ${kleur.bold(verdictText(result))}`,
    ...(result.winner?.arm.candidates ?? []).flatMap(({ title, cost }) =>
      cost === undefined ? [] : [`  ${kleur.yellow('costs:')} ${title}: ${cost}`],
    ),
    ...(facts.isSeeded ? [kleur.dim(`  ${SEEDED}`)] : []),
    ...result.notTried.map(({ what, why }) => kleur.dim(`  not tried: ${what} (${firstLine(why)})`)),
    kleur.dim(`  took ${formatMs(endedAt - facts.startedAt)} of ${formatMs(facts.budgetMs)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The one sentence that says what came out. */
export function verdictText({ winner, end, tried, checks }: SearchResult): string {
  if (winner) return `Faster beyond the noise: ${nameOfArm(winner.arm)}.`;
  if (end === 'stopped') return 'Ended before it was clear: this is what was measured so far.';
  const isOpen = tried.some(({ ratio }) => isFaster(ratio)) && checks.length === 0;
  if (isOpen) return 'Something looks faster, but the budget left no time to check it: a larger --budget tells.';
  if (tried.length === 0) return 'Nothing was tried: see below why.';
  if (end === 'budget' && tried.every(({ samples }) => samples.count < ENOUGH))
    return `${NO_WINNER} Fewer than ${ENOUGH} edits with each say little: a larger --budget, or a machine with less else to do, tells more.`;
  return NO_WINNER;
}

function tableOf({ base, tried }: SearchResult, columns: number): readonly string[] {
  if (!base) return [];
  const rows = tried.map(({ candidate, samples, firstBuildMs, ratio }) => [
    candidate.title,
    timeCell(samples),
    ratio ? ratioText(ratio) : '',
    wordOf({ ratio, samples }),
    String(samples.count),
    firstBuildMs === null ? '' : formatMs(firstBuildMs),
    wasmCell(samples),
  ]);
  const first = [
    'as it is',
    timeCell(base.samples),
    '',
    '',
    String(base.samples.count),
    formatMs(base.firstBuildMs),
    wasmCell(base.samples),
  ];
  return textTable(COLUMNS, [first, ...rows], columns - 2);
}

/** What a ratio says in a word. */
export function wordOf({ ratio, samples }: Pick<Tried, 'ratio' | 'samples'>): string {
  if (samples.broken !== null) return 'does not build';
  if (!ratio) return '';
  return isFaster(ratio) ? 'faster' : isSlower(ratio) ? 'slower' : 'within the noise';
}

function checkText({ arm, samples, base, ratio }: Check): string {
  const [now, before] = [samples.estimate, base.estimate];
  if (!now || !before || !ratio) return `checked once more: ${nameOfArm(arm)}: ended before the first edit`;
  const verdict = isFaster(ratio) ? 'faster' : 'not faster beyond the noise';
  return `checked once more, on ${plural(samples.count, 'new edit')}: ${nameOfArm(arm)}: ${estimateText(now)} instead of ${estimateText(before)}, ${ratioText(ratio)}: ${verdict}`;
}

function timeCell(samples: ArmSamples): string {
  const { estimate } = samples;
  return estimate ? estimateText(estimate) : '';
}

function wasmCell(samples: ArmSamples): string {
  const bytes = samples.medianOf(({ wasmBytes }) => wasmBytes);
  return bytes === null ? '' : formatBytes(bytes);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** What to do for winners that leptos-fast does not write. */
export function byHandText(candidates: readonly Candidate[]): string {
  const lines = candidates.flatMap(({ title, byHand }) =>
    byHand === undefined
      ? []
      : [
          `  ${title} is for you to write, into ${byHand.file}, which leptos-fast leaves alone:`,
          ...byHand.lines.map((line) => `    ${line}`),
        ],
  );
  return lines.map((line) => `${line}\n`).join('');
}
