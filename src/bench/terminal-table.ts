import kleur from 'kleur';
import { type Column, textTable, wrap } from '../record/report/text-table.js';
import type { BenchRun } from './results.js';
import { describeScenario } from './scenarios.js';
import { costs, summarise } from './summary.js';
import { cellText, conditions, costText, ratioText, remarks, rowLabel } from './words.js';

/** What was found out, for people at a terminal of that width (characters). */
export function terminalTable(run: BenchRun, width: number): string {
  const rows = summarise(run);
  const spent = costs(run);
  const tools = run.tools.map(({ name }) => name);
  const [base, ...others] = tools;
  const lines: string[] = [''];
  for (const { name, about } of run.projects) {
    const of = rows.filter(({ project }) => project === name);
    if (of.length === 0) continue;
    lines.push(kleur.bold(`${name} (${about})`));
    const columns: Column[] = [
      { title: 'time from the save or the start', align: 'left', least: 24 },
      ...tools.map((title): Column => ({ title, align: 'left' })),
      ...others.map((tool): Column => ({ title: others.length > 1 ? `${tool} / ${base}` : 'ratio', align: 'left' })),
    ];
    const cells = of.map((row) => [
      rowLabel(row),
      ...tools.map((tool) => cellText(row.cells.find((cell) => cell.tool === tool))),
      ...others.map((tool) => ratioText(row.comparisons.find((one) => one.tool === tool))),
    ]);
    lines.push(...textTable(columns, cells, width), '');
    const used = spent.filter((cost) => cost.project === name && (cost.cpuSeconds !== null || cost.peakBytes !== null));
    const scenarios = [...new Set(used.map(({ scenario }) => scenario))];
    if (scenarios.length === 0) continue;
    const costColumns: Column[] = [
      { title: 'processor time, most memory', align: 'left', least: 24 },
      ...tools.map((title): Column => ({ title, align: 'left' })),
    ];
    const costCells = scenarios.map((scenario) => [
      describeScenario(scenario),
      ...tools.map((tool) => {
        const cost = used.find((one) => one.scenario === scenario && one.tool === tool);
        return cost ? costText(cost) : '';
      }),
    ]);
    lines.push(...textTable(costColumns, costCells, width), '');
  }
  lines.push(...remarks(run, rows).flatMap((line) => wrap(line, width)), '');
  lines.push(...conditions(run).flatMap((line) => wrap(line, width).map((part) => kleur.dim(part))));
  if (!run.isComplete) lines.push('', 'Cut off: not everything was measured.');
  return `${lines.join('\n')}\n`;
}
