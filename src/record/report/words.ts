import { formatMs } from '../../ui/duration.js';
import type { Listed } from '../build-record.js';
import type { Estimate } from '../statistics.js';
import type { KindSummary, Summary, Today } from '../summary.js';
import { keepEnd } from './keep-end.js';

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
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
  return `${dayText(at)} ${time}`;
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

/** What today's times are beside the week's: a verdict that the figures bear. */
export function todayVerdict(today: Today): string {
  const { verdict, evidence } = verdictOf(today);
  return evidence === null ? verdict : `${verdict}: ${evidence}`;
}

/** The verdict, and the figures that it rests on where there are enough. */
export function verdictOf({ ratio, batches, weekBatches }: Today): {
  readonly verdict: string;
  readonly evidence: string | null;
} {
  if (batches === 0) return { verdict: 'no edit came to the page today', evidence: null };
  if (!ratio) {
    const counts = `${batches} today, ${weekBatches} in the 7 days before`;
    return { verdict: 'too few edits to compare', evidence: counts };
  }
  const how = ratio.low > 1 ? 'slower than' : ratio.high < 1 ? 'faster than' : 'as fast as';
  const evidence = `${ratioText(ratio)} their time for the same kinds of edits`;
  return { verdict: `${how} in the 7 days before`, evidence };
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
