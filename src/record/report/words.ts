import { formatMs } from '../../ui/duration.js';
import type { Listed } from '../build-record.js';
import type { LevelChange } from '../level-changes.js';
import type { Estimate } from '../statistics.js';
import type { StepChange } from '../step-changes.js';
import type { KindSummary, Summary } from '../summary.js';
import { keepEnd } from './keep-end.js';

/** So many steps of a change are told. */
const MOST_STEPS = 2;

/** Words that the report in the terminal and the one in HTML have in common. */

/** `4.2 s (4.0 to 4.4 s)`. */
export function estimateText(estimate: Estimate): string {
  return `${formatMs(estimate.value)} (${rangeText(estimate)})`;
}

/** `4.0 to 4.4 s`. */
export function rangeText({ low, high }: Pick<Estimate, 'low' | 'high'>): string {
  const [from, to] = [formatMs(low), formatMs(high)];
  return from.includes('min') || to.includes('min') ? `${from} to ${to}` : `${from.replace(/ s$/, '')} to ${to}`;
}

/** `1.35 × (1.20 to 1.51)`. */
export function ratioText({ value, low, high }: Estimate): string {
  const top = Number.isFinite(high) ? high.toFixed(2) : 'any';
  return `${value.toFixed(2)} × (${low.toFixed(2)} to ${top})`;
}

/** The row of a kind of edits: its name, how many, median, its interval, 95 %, painted, patched. */
export function kindCells({ kind, count, median, p95, painted, patched }: KindSummary): string[] {
  const optional = (ms: number | null): string => (ms === null ? '' : formatMs(ms));
  return [
    kind,
    String(count),
    formatMs(median.value),
    rangeText(median),
    formatMs(p95),
    optional(painted),
    optional(patched),
  ];
}

/** The first file and how many more: `src/app.rs and 3 more`. */
export function filesText({ count, first: [first = 'no file'] }: Listed): string {
  const name = keepEnd(printable(first), LONGEST_NAME);
  return count <= 1 ? name : `${name} and ${count - 1} more`;
}

/** `20 Nov 14:02`, in the local zone. */
export function momentText(at: number): string {
  return `${dayText(at)} ${timeText(at)}`;
}

function timeText(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `20 Nov`, in the local zone. */
export function dayText(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`;
}

/** `98.5 %`; never 100 when something is missing. */
export function shareText(share: number): string {
  const percent = Math.floor(share * 1_000) / 10;
  return `${percent.toFixed(percent === 100 ? 0 : 1)} %`;
}

/** How today's times are: a verdict that the figures bear. */
export function todayVerdict(summary: Pick<Summary, 'today' | 'changes' | 'generatedAt'>): string {
  const { verdict, evidence } = verdictOf(summary);
  return evidence === null ? verdict : `${verdict}: ${evidence}`;
}

export interface Verdict {
  readonly verdict: string;
  /** The figures that it rests on, where there are enough. */
  readonly evidence: string | null;
  readonly tone: 'good' | 'bad' | '';
}

/** Today beside the week before, or where that has too few edits, beside itself: the newest change of level of today. */
export function verdictOf({
  today: { ratio, batches, weekBatches },
  changes,
  generatedAt,
}: Pick<Summary, 'today' | 'changes' | 'generatedAt'>): Verdict {
  if (batches === 0) return { verdict: 'no edit came to the page today', evidence: null, tone: '' };
  if (ratio) {
    const tone = ratio.low > 1 ? 'bad' : ratio.high < 1 ? 'good' : '';
    const how = tone === 'bad' ? 'slower than' : tone === 'good' ? 'faster than' : 'as fast as';
    const evidence = `${ratioText(ratio)} their time for the same kinds of edits`;
    return { verdict: `${how} in the 7 days before`, evidence, tone };
  }
  const [newest] = changes;
  if (newest && dayText(newest.at) === dayText(generatedAt)) {
    const { kind, before, after, isRegression, at } = newest;
    return {
      verdict: `${isRegression ? 'slower' : 'faster'} since ${timeText(at)}`,
      evidence: `${kind}, ${formatMs(before)} → ${formatMs(after)}`,
      tone: isRegression ? 'bad' : 'good',
    };
  }
  const counts = `${batches} today, ${weekBatches} in the 7 days before`;
  return { verdict: 'too few edits to compare', evidence: counts, tone: '' };
}

/** What came with a change of level, and which steps make it up. */
export function changeTexts({ commitBefore, commitAfter, cameWith, steps }: LevelChange): readonly string[] {
  const commits =
    commitBefore === commitAfter ? [] : [`${commitBefore ?? 'no commit'} → ${commitAfter ?? 'no commit'}`];
  const causes = [...commits, ...cameWith].map(printable);
  return [
    ...(steps.length > 0 ? [`most of it: ${steps.slice(0, MOST_STEPS).map(stepText).join('; ')}`] : []),
    ...(causes.length > 0 ? [`came with ${causes.join(', ')}`] : []),
    ...(steps.length + causes.length === 0 ? ['nothing else that is recorded changed'] : []),
  ];
}

function stepText({ side, kind, name, before, after }: StepChange): string {
  const doing = kind === 'compile' ? 'compiling' : kind === 'link' ? 'linking' : 'build script of';
  const took =
    before === null
      ? `${formatMs(after ?? 0)}, not there before`
      : after === null
        ? `${formatMs(before)}, not there any more`
        : `${formatMs(before)} → ${formatMs(after)}`;
  return `${side}, ${doing} ${printable(name)} ${took}`;
}

/** How many arrived, of those that could. */
export function successText({ successRate, arrived, compileErrors }: Summary): string {
  const errors = compileErrors === 0 ? '' : `; ${plural(compileErrors, 'save')} did not compile`;
  if (successRate === null) return `nothing yet${errors}`;
  return `${shareText(successRate)} of what compiles, ${plural(arrived, 'save')}${errors}`;
}

/** What was left out, and what it saved. */
export function skippedText({ skipped: { batches, sides, ms, estimated } }: Summary): string {
  if (batches === 0) return 'no side was left out';
  const what = `${plural(sides, 'side')} in ${plural(batches, 'save')}`;
  if (estimated === 0) return `${what}; no like edit to tell what that saved`;
  return `${what}, about ${formatMs(ms)} saved`;
}

/** What came from the caches; null where they were not asked. */
export function cacheText({ caches: { hits, misses, savedMs } }: Summary): string | null {
  if (hits + misses === 0) return null;
  return `${hits} of ${plural(hits + misses, 'answer')} kept from before, ${formatMs(savedMs)} saved`;
}

/** How long another cargo was waited for; null where none was. */
export function waitedText({ waitedMs }: Summary): string | null {
  return waitedMs === 0
    ? null
    : `${formatMs(waitedMs)} for another cargo in the same target directory, often rust-analyzer's`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A name from a file system, without what a terminal would obey or a reader not see: control and bidi characters. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

/** Longer names (characters) lose their beginning in a sentence. */
const LONGEST_NAME = 60;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
