import type { BenchRun } from './results.js';
import { describeScenario } from './scenarios.js';
import { costs, summarise } from './summary.js';
import { cellText, conditions, costText, ratioText, remarks, rowLabel } from './words.js';

/** What was found out, as Markdown: a table for each project, and what the figures depend on. */
export function markdownTable(run: BenchRun): string {
  const rows = summarise(run);
  const spent = costs(run);
  const tools = run.tools.map(({ name }) => name);
  const [base, ...others] = tools;
  const lines: string[] = [...conditions(run).map((line) => `- ${escapeCell(line)}`), ''];
  for (const { name, about } of run.projects) {
    const of = rows.filter(({ project }) => project === name);
    if (of.length === 0) continue;
    const ratios = others.map((tool) => (others.length > 1 ? `${tool} / ${base}` : 'ratio'));
    lines.push(
      `### ${escapeCell(name)}: ${about}`,
      '',
      'Time from the save: median, and the interval that holds it with 95 % confidence.',
      '',
    );
    lines.push(
      ...table(
        ['', ...tools, ...ratios],
        of.map((row) => [
          rowLabel(row),
          ...tools.map((tool) => cellText(row.cells.find((cell) => cell.tool === tool))),
          ...others.map((tool) => ratioText(row.comparisons.find((one) => one.tool === tool))),
        ]),
      ),
      '',
    );
    const used = spent.filter((cost) => cost.project === name && (cost.cpuSeconds !== null || cost.peakBytes !== null));
    const scenarios = [...new Set(used.map(({ scenario }) => scenario))];
    if (scenarios.length === 0) continue;
    lines.push(
      'Processor time and the most memory of the tool and all that it starts, until it is at rest again: medians.',
      '',
    );
    lines.push(
      ...table(
        ['', ...tools],
        scenarios.map((scenario) => [
          describeScenario(scenario),
          ...tools.map((tool) => {
            const cost = used.find((one) => one.scenario === scenario && one.tool === tool);
            return cost ? costText(cost) : '';
          }),
        ]),
      ),
      '',
    );
  }
  const said = remarks(run, rows);
  if (said.length > 0) lines.push(...said.map((line) => `- ${escapeCell(line)}`), '');
  if (!run.isComplete) lines.push('Cut off: not everything was measured.', '');
  return lines.join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
