import { textTable } from '../record/report/text-table.js';
import { type Estimate, median, ratioEstimate } from '../record/statistics.js';
import { formatMs } from '../ui/duration.js';
import type { Baseline } from './result-file.js';
import type { BenchRun, Outcome } from './results.js';
import type { Metric, ScenarioName } from './scenarios.js';
import { rowLabel } from './words.js';

/** Something that got worse than in the baseline. */
export interface Worse {
  readonly project: string;
  readonly tool: string;
  readonly scenario: ScenarioName;
  readonly metric: Metric;
  readonly before: string;
  readonly now: string;
  /** Time now over time before; null where one of them is no time. */
  readonly ratio: Estimate | null;
}

export interface BaselineReport {
  readonly worse: readonly Worse[];
  /** How many rows could be compared. */
  readonly compared: number;
  /** What makes the comparison doubtful: another machine, other versions. */
  readonly doubts: readonly string[];
}

/**
 * Compares leptos-fast's rows with those of an earlier run. A row is worse when its median is more than `share` above the
 * earlier one and the interval of the ratio lies above 1, or when it is built or not seen now and was not so before.
 * Plain cargo-leptos's rows are left alone: nobody answers for those.
 */
export function compareWithBaseline(run: BenchRun, baseline: Baseline, share: number): BaselineReport {
  const worse: Worse[] = [];
  let compared = 0;
  const before = group(baseline.measurements);
  for (const [key, now] of group(run.measurements)) {
    const [project = '', tool = '', scenario = '', metric = ''] = JSON.parse(key) as string[];
    const earlier = before.get(key);
    if (tool === 'plain' || !earlier) continue;
    compared += 1;
    const ratio = ratioEstimate(times(now), times(earlier));
    const place = { project, tool, scenario: scenario as ScenarioName, metric: metric as Metric };
    const told = { before: tell(earlier), now: tell(now) };
    const failsNow = shareOf(now, 'failed') > shareOf(earlier, 'failed');
    const buildsNow = shareOf(now, 'no-build') < shareOf(earlier, 'no-build');
    if (failsNow || buildsNow) worse.push({ ...place, ...told, ratio: null });
    else if (ratio && ratio.low > 1 && ratio.value > 1 + share) worse.push({ ...place, ...told, ratio });
  }
  return { worse, compared, doubts: doubts(run, baseline) };
}

/** The comparison for people. */
export function baselineTable({ worse, compared, doubts: said }: BaselineReport, share: number, width: number): string {
  const percent = `${Number((share * 100).toFixed(1))} %`;
  const lines = said.map((doubt) => `note: ${doubt}`);
  if (worse.length === 0) {
    lines.push(`nothing of ${compared} compared is slower than the baseline by more than ${percent} beyond the noise`);
    return `${lines.join('\n')}\n`;
  }
  lines.push(
    `${worse.length} of ${compared} compared got slower than the baseline by more than ${percent} beyond the noise:`,
    '',
  );
  lines.push(
    ...textTable(
      [
        { title: 'project', align: 'left' },
        { title: 'what', align: 'left', least: 24 },
        { title: 'with', align: 'left' },
        { title: 'before', align: 'right' },
        { title: 'now', align: 'right' },
        { title: 'ratio', align: 'left' },
      ],
      worse.map((row) => [
        row.project,
        rowLabel(row),
        row.tool,
        row.before,
        row.now,
        row.ratio ? `${row.ratio.value.toFixed(2)} (${row.ratio.low.toFixed(2)}–${row.ratio.high.toFixed(2)})` : '',
      ]),
      width,
    ),
  );
  return `${lines.join('\n')}\n`;
}

interface Grouped {
  readonly project: string;
  readonly tool: string;
  readonly scenario: string;
  readonly round: number;
  readonly outcomes: Readonly<Partial<Record<string, Outcome>>>;
}

/** Outcomes by project, tool, scenario and metric; without the warm-up. */
function group(measurements: readonly Grouped[]): ReadonlyMap<string, readonly Outcome[]> {
  const groups = new Map<string, Outcome[]>();
  for (const { project, tool, scenario, round, outcomes } of measurements) {
    if (round === 0) continue;
    for (const [metric, outcome] of Object.entries(outcomes)) {
      if (!outcome) continue;
      const key = JSON.stringify([project, tool, scenario, metric]);
      groups.set(key, [...(groups.get(key) ?? []), outcome]);
    }
  }
  return groups;
}

function times(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.flatMap((outcome) => (outcome.kind === 'time' ? [outcome.ms] : []));
}

function shareOf(outcomes: readonly Outcome[], kind: Outcome['kind']): number {
  return outcomes.filter((outcome) => outcome.kind === kind).length / outcomes.length;
}

function tell(outcomes: readonly Outcome[]): string {
  const middle = median(times(outcomes));
  if (shareOf(outcomes, 'failed') > 0)
    return `not seen in ${outcomes.filter(({ kind }) => kind === 'failed').length} of ${outcomes.length}`;
  if (middle === null) return 'no build';
  return formatMs(middle);
}

function doubts(run: BenchRun, baseline: Baseline): string[] {
  const { machine } = baseline;
  const found: string[] = [];
  if (machine.processor !== run.machine.processor || machine.processors !== run.machine.processors) {
    found.push(`the baseline is of another machine: ${machine.processors} × ${machine.processor}`);
  }
  for (const [name, version] of Object.entries(run.versions)) {
    const before = baseline.versions[name];
    // Another version of ours is what the comparison is for.
    if (name !== 'leptos-fast' && before !== undefined && before !== version) {
      found.push(`the baseline was measured with ${name} ${before}, now it is ${version}`);
    }
  }
  return found;
}
