import { median } from '../../../src/record/statistics.js';
import type { Scenario } from '../scenario.js';
import type { Result, Results } from './results.js';

/** The table for docs/reliability.md: both tools side by side. */
export function toMarkdown(scenarios: readonly Scenario[], results: Results): string {
  const tools = [...new Set(results.all.map((result) => result.tool))];
  const played = scenarios.filter((scenario) => tools.some((tool) => results.of(scenario.number, tool).length > 0));
  const head = `| | scenario | given | ${tools.join(' | ')} |`;
  const rule = `|---:|---|---:|${tools.map(() => '---|').join('')}`;
  const rows = played.map((scenario) => {
    const cells = tools.map((tool) => cell(results.of(scenario.number, tool)));
    return `| ${scenario.number} | ${escapeCell(scenario.name)} | ${scenario.limit} s | ${cells.join(' | ')} |`;
  });
  return [
    ...environment(results).map((line) => `- ${line}`),
    '',
    'Passed of runs, then the median time from the last save to the end state.',
    '`given` is how long after the last save that may take.',
    '',
    head,
    rule,
    ...rows,
    '',
    ...sums(tools, played, results),
    '',
    ...failures(tools, played, results),
  ].join('\n');
}

/** `3/3 · 4.2 s`; a dash where it was not run. */
export function cell(runs: readonly Result[]): string {
  if (runs.length === 0) return '–';
  const passed = runs.filter((run) => run.ok);
  const middle = median(passed.flatMap((run) => (run.seconds === null ? [] : [run.seconds])));
  const mark = passed.length === runs.length ? '✓' : '✗';
  return `${mark} ${passed.length}/${runs.length}${middle === null ? '' : ` · ${middle.toFixed(1)} s`}`;
}

function environment(results: Results): string[] {
  const versions = [...new Set(results.all.map((result) => result.version))].sort();
  const dates = results.all.map((result) => result.date.slice(0, 10)).sort();
  const [first, last] = [dates[0] ?? '', dates.at(-1) ?? ''];
  return [...versions, ...results.machine, `run ${first === last ? `on ${first}` : `from ${first} to ${last}`} (UTC)`];
}

function sums(tools: readonly string[], played: readonly Scenario[], results: Results): string[] {
  return tools.map((tool) => {
    const run = played.map((scenario) => results.of(scenario.number, tool)).filter((runs) => runs.length > 0);
    const passed = run.filter((runs) => runs.every((result) => result.ok));
    return `- ${tool}: ${passed.length} of ${run.length} scenarios passed in every run`;
  });
}

function failures(tools: readonly string[], played: readonly Scenario[], results: Results): string[] {
  return tools.flatMap((tool) => {
    const lines = played.flatMap((scenario) => {
      const reasons = new Set(results.of(scenario.number, tool).flatMap(({ reason }) => (reason ? [reason] : [])));
      return [...reasons].map((reason) => `- ${scenario.number}: ${escapeCell(reason.split('\n')[0] ?? '')}`);
    });
    return lines.length === 0 ? [] : [`How ${tool} failed:`, '', ...lines, ''];
  });
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
