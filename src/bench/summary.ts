import { type Estimate, median, medianAbsoluteDeviation, medianEstimate, ratioEstimate } from '../record/statistics.js';
import type { BenchRun, Measurement } from './results.js';
import { METRICS, type Metric, SCENARIO_NAMES, type ScenarioName } from './scenarios.js';

/** Values further from the median than so many (scaled) median absolute deviations are outliers: Iglewicz and Hoaglin's 3.5. */
const OUTLIER_DEVIATIONS = 3.5;
/** Of fewer values none can be called an outlier. */
const MIN_FOR_OUTLIERS = 5;

/** What one tool did in one row of the table. Times in ms. */
export interface Cell {
  readonly tool: string;
  readonly times: readonly number[];
  /** Median with its interval; null without a time. */
  readonly estimate: Estimate | null;
  readonly outliers: readonly number[];
  /** How often nothing was built. */
  readonly noBuilds: number;
  /** Why it was not seen, once for each time. */
  readonly failures: readonly string[];
}

/** What a tool is beside the first one. */
export interface Comparison {
  readonly tool: string;
  readonly base: string;
  /** Times of `tool` over times of `base`. */
  readonly ratio: Estimate;
  /** `unknown` of one time each, which says nothing of the noise. */
  readonly verdict: 'faster' | 'slower' | 'no difference' | 'unknown';
}

/** One row: what was measured of one scenario with one project. */
export interface Row {
  readonly project: string;
  readonly scenario: ScenarioName;
  readonly metric: Metric;
  readonly cells: readonly Cell[];
  readonly comparisons: readonly Comparison[];
}

/** What a scenario cost: medians over its runs. */
export interface Cost {
  readonly project: string;
  readonly scenario: ScenarioName;
  readonly tool: string;
  readonly cpuSeconds: number | null;
  readonly peakBytes: number | null;
}

/** The rows in the order of the projects and scenarios; the warm-up is not among them. */
export function summarise(run: BenchRun): readonly Row[] {
  const counted = run.measurements.filter(({ round }) => round > 0);
  const metrics = Object.keys(METRICS) as Metric[];
  return run.projects.flatMap(({ name: project }) =>
    SCENARIO_NAMES.flatMap((scenario) =>
      metrics.flatMap((metric): Row[] => {
        const of = counted.filter(
          (one) => one.project === project && one.scenario === scenario && one.outcomes[metric],
        );
        if (of.length === 0) return [];
        const cells = run.tools.flatMap(({ name }) => cellOf(name, metric, of));
        return [{ project, scenario, metric, cells, comparisons: compare(cells) }];
      }),
    ),
  );
}

/** What each scenario cost each tool. */
export function costs(run: BenchRun): readonly Cost[] {
  const counted = run.measurements.filter(({ round }) => round > 0);
  return run.projects.flatMap(({ name: project }) =>
    SCENARIO_NAMES.flatMap((scenario) =>
      run.tools.flatMap(({ name: tool }): Cost[] => {
        const of = counted.filter((one) => one.project === project && one.scenario === scenario && one.tool === tool);
        if (of.length === 0) return [];
        const cpuSeconds = median(of.flatMap((one) => one.cpuSeconds ?? []));
        return [{ project, scenario, tool, cpuSeconds, peakBytes: median(of.flatMap((one) => one.peakBytes ?? [])) }];
      }),
    ),
  );
}

/** Values far away from all others. */
export function outliersOf(values: readonly number[]): readonly number[] {
  const middle = median(values);
  const deviation = medianAbsoluteDeviation(values);
  if (middle === null || !deviation || values.length < MIN_FOR_OUTLIERS) return [];
  return values.filter((value) => Math.abs(value - middle) > OUTLIER_DEVIATIONS * deviation);
}

/** What an interval of a ratio allows to say. */
export function verdictOf({ low, high }: Pick<Estimate, 'low' | 'high'>): Comparison['verdict'] {
  if (low > 1) return 'slower';
  return high < 1 ? 'faster' : 'no difference';
}

function cellOf(tool: string, metric: Metric, of: readonly Measurement[]): Cell[] {
  const outcomes = of.flatMap((one) => (one.tool === tool ? (one.outcomes[metric] ?? []) : []));
  if (outcomes.length === 0) return [];
  const times = outcomes.flatMap((outcome) => (outcome.kind === 'time' ? [outcome.ms] : []));
  return [
    {
      tool,
      times,
      estimate: medianEstimate(times),
      outliers: outliersOf(times),
      noBuilds: outcomes.filter(({ kind }) => kind === 'no-build').length,
      failures: outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.why] : [])),
    },
  ];
}

/** Each tool with the first one; only where both did it each time, since a time without its failures says too much. */
function compare([base, ...others]: readonly Cell[]): Comparison[] {
  if (!base || !isWhole(base)) return [];
  return others.filter(isWhole).flatMap((cell) => {
    const ratio = ratioEstimate(cell.times, base.times);
    if (!ratio) return [];
    const isSingle = cell.times.length < 2 || base.times.length < 2;
    return [{ tool: cell.tool, base: base.tool, ratio, verdict: isSingle ? 'unknown' : verdictOf(ratio) }];
  });
}

function isWhole({ times, noBuilds, failures }: Cell): boolean {
  return times.length > 0 && noBuilds === 0 && failures.length === 0;
}
