import ora from 'ora';
import { formatMs } from '../ui/duration.js';
import type { Estimate } from './estimate.js';
import type { Measurement, Outcome } from './results.js';
import { METRICS, type Metric } from './scenarios.js';

/** What a person sees while it runs. */
export interface Progress {
  step(what: string, estimate: Estimate): void;
  measured(measurement: Measurement, estimate: Estimate): void;
  /** Something that takes long and is no measurement. */
  preparing(what: string): void;
  note(text: string): void;
  close(): void;
}

/** One line for each measurement, and at a terminal one at the bottom with what goes on and how long the rest will take. */
export function openProgress(stream: NodeJS.WriteStream): Progress {
  const isLive = stream.isTTY === true && process.env.CI === undefined;
  const spinner = isLive ? ora({ stream, prefixText: ' ', discardStdin: false }) : null;
  const say = (line: string): void => {
    spinner?.stop();
    stream.write(`${line}\n`);
    spinner?.start();
  };
  return {
    step: (what, estimate) => {
      if (!spinner) return;
      spinner.text = `${what} (${restText(estimate)})`;
      spinner.start();
    },
    measured: (measurement, estimate) => {
      // Without the live line the rest is told here.
      say(`  ${measuredText(measurement)}${spinner ? '' : ` (${restText(estimate)})`}`);
    },
    preparing: (what) => say(`  ${what}`),
    note: (text) => say(`  note: ${text}`),
    close: () => void spinner?.stop(),
  };
}

/** `large · plain · leaf: new content 23.1 s, new wasm 25.0 s`. */
export function measuredText({ project, tool, scenario, round, outcomes }: Measurement): string {
  const parts = Object.entries(outcomes).map(([metric, outcome]) => outcomeText(METRICS[metric as Metric], outcome));
  return `${project} · ${tool} · ${scenario} · ${round === 0 ? 'warm-up' : round}: ${parts.join(', ')}`;
}

function outcomeText(metric: string, outcome: Outcome): string {
  switch (outcome.kind) {
    case 'time':
      return `${metric} ${formatMs(outcome.ms)}`;
    case 'no-build':
      return 'no build';
    case 'failed':
      return `${metric}: ${outcome.why}`;
  }
}

/** `12 to go, about 4 min 10 s`. */
export function restText(estimate: Estimate): string {
  const rest = estimate.rest();
  const time = rest === null ? 'no estimate yet' : `${rest.isGuess ? 'very roughly' : 'about'} ${formatMs(rest.ms)}`;
  return `${estimate.left} to go, ${time}`;
}
