import type { Estimate } from '../record/statistics.js';
import { formatBytes } from '../ui/bytes.js';
import { formatMs } from '../ui/duration.js';
import type { BenchRun } from './results.js';
import { describeScenario, METRICS, type Metric } from './scenarios.js';
import type { Cell, Comparison, Cost, Row } from './summary.js';

/** Words that the table in the terminal and the one in Markdown have in common. */

/** Metrics that say no more than the scenario's own name. */
const UNNAMED: readonly Metric[] = ['page', 'rest', 'diagnostics'];

export function rowLabel({ scenario, metric }: Pick<Row, 'scenario' | 'metric'>): string {
  const what = describeScenario(scenario);
  return UNNAMED.includes(metric) ? `${what}` : `${what}: ${METRICS[metric]}`;
}

/** `23.1 s (22.4–24.0)`, `no build`, or what went wrong. */
export function cellText(cell: Cell | undefined): string {
  if (!cell) return '';
  const { estimate, noBuilds, failures, times } = cell;
  const all = times.length + noBuilds + failures.length;
  const parts: string[] = [];
  if (estimate)
    parts.push(times.length === 1 ? formatMs(estimate.value) : `${formatMs(estimate.value)} (${range(estimate)})`);
  if (noBuilds > 0) parts.push(noBuilds === all ? 'no build' : `no build in ${noBuilds} of ${all}`);
  if (failures.length > 0)
    parts.push(failures.length === all ? 'not seen' : `not seen in ${failures.length} of ${all}`);
  return parts.join(', ');
}

/** `0.42 (0.39–0.46)`, and what it says in words where that is not plain to see. */
export function ratioText(comparison: Comparison | undefined): string {
  if (!comparison) return '';
  const { ratio, verdict } = comparison;
  // A patch on the page is a hundredth of a build.
  const show = (value: number): string => value.toFixed(ratio.value < 0.1 ? 3 : 2);
  if (verdict === 'unknown') return `${show(ratio.value)}  one run, no interval`;
  const text = `${show(ratio.value)} (${show(ratio.low)}–${Number.isFinite(ratio.high) ? show(ratio.high) : 'any'})`;
  return verdict === 'no difference' ? `${text}  no difference beyond the noise` : text;
}

/** `39.0 s, 1.2 GB`. */
export function costText({ cpuSeconds, peakBytes }: Cost): string {
  const parts = [
    ...(cpuSeconds === null ? [] : [`${cpuSeconds.toFixed(1)} s`]),
    ...(peakBytes === null ? [] : [formatBytes(peakBytes)]),
  ];
  return parts.join(', ');
}

/** What stands behind the figures, a line each. */
export function conditions(run: BenchRun): string[] {
  const { machine, versions } = run;
  const load = (values: readonly number[]): string => (values[0] ?? 0).toFixed(1);
  return [
    `${machine.processors} × ${machine.processor}, ${formatBytes(machine.memoryBytes)}, ${machine.system}; load ${load(machine.loadAtStart)} before, ${load(machine.loadAtEnd)} after`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    `${run.startedAt.slice(0, 16).replace('T', ' ')} to ${run.endedAt.slice(0, 16).replace('T', ' ')} UTC${run.isComplete ? '' : ', cut off'}`,
    run.command,
  ];
}

/** What the reader should know of single values and of failures. */
export function remarks(run: BenchRun, rows: readonly Row[]): string[] {
  const lines: string[] = [];
  for (const row of rows) {
    for (const { tool, outliers, failures, times } of row.cells) {
      const where = `${row.project}, ${rowLabel(row)}, ${tool}`;
      for (const why of new Set(failures)) lines.push(`${where}: ${why}`);
      if (outliers.length > 0) {
        const which = outliers.map(formatMs).join(', ');
        lines.push(`${where}: ${outliers.length === 1 ? 'an outlier' : 'outliers'} among ${times.length}: ${which}`);
      }
    }
  }
  for (const { name, leftOut } of run.projects) {
    for (const { scenario, why } of leftOut) lines.push(`${name}: ${scenario} was left out: ${why}`);
  }
  return [...lines, ...run.notes];
}

function range({ low, high }: Estimate): string {
  const [from, to] = [formatMs(low), formatMs(high)];
  return from.endsWith(' s') && !from.includes('min') && !to.includes('min')
    ? `${from.slice(0, -2)}–${to.slice(0, -2)}`
    : `${from}–${to}`;
}
