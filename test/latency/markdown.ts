import { CARGO_LEPTOS, LEPTOS_FAST } from '../scenarios/tools.js';
import { KINDS } from './kinds.js';
import type { Edit, Kept, Run } from './results.js';
import { type Spread, spread } from './statistics.js';

/** The tables for docs/hot-reload.md, with what they depend on. */
export function toMarkdown(run: Run): string {
  const rows = KINDS.flatMap(({ name, what }) =>
    toolsOf(run).flatMap((tool) => {
      const edits = run.edits.filter((edit) => edit.kind === name && edit.tool === tool);
      return edits.length === 0 ? [] : [{ name, what, tool, edits }];
    }),
  );
  const plain = (kind: string): Spread | null =>
    spread(times(rows.find(({ name, tool }) => name === kind && tool === CARGO_LEPTOS.name)?.edits ?? [], 'visibleMs'));
  const visible = rows.map(({ name, tool, edits }) => {
    const told = spread(times(edits, 'visibleMs'));
    const missed = edits.filter(({ visibleMs }) => visibleMs === null).length;
    const { sent, failed } = requestsOf(edits);
    return row([
      name,
      tool,
      told ? seconds(told.median) : '–',
      told ? seconds(told.p95) : '–',
      told ? `${seconds(told.min)} – ${seconds(told.max)}` : '–',
      `${edits.length}`,
      tool === LEPTOS_FAST.name ? ratio(told, plain(name)) : '',
      missed === 0 ? '0' : `${missed} of ${edits.length}`,
      share(edits, 'counter'),
      share(edits, 'input'),
      share(edits, 'scroll'),
      `${failed} of ${sent}`,
    ]);
  });
  const interactive = rows.flatMap(({ name, tool, edits }) => {
    const told = spread(times(edits, 'interactiveMs'));
    if (!told) return [];
    return [
      row([
        name,
        tool,
        seconds(told.median),
        seconds(told.p95),
        `${seconds(told.min)} – ${seconds(told.max)}`,
        `${told.n} of ${edits.length}`,
      ]),
    ];
  });
  return [
    ...environment(run).map((line) => `- ${line}`),
    '',
    row(['edit', 'tool', 'median', 'p95', 'range', 'n', 'ratio', 'not seen', ...KEPT, 'requests failed']),
    row(['---', '---', ...Array.from({ length: 10 }, () => '---:')]),
    ...visible,
    ...(interactive.length === 0
      ? []
      : [
          '',
          'Until the new wasm answers a click:',
          '',
          row(['edit', 'tool', 'median', 'p95', 'range', 'n']),
          row(['---', '---', '---:', '---:', '---:', '---:']),
          ...interactive,
        ]),
    '',
    ...rows.flatMap(({ name, tool, edits }) => remarks(name, tool, edits)),
  ].join('\n');
}

const KEPT = ['counter kept', 'input kept', 'scroll kept'] as const;

function toolsOf(run: Run): string[] {
  return [...new Set(run.edits.map(({ tool }) => tool))];
}

function times(edits: readonly Edit[], of: 'visibleMs' | 'interactiveMs'): number[] {
  return edits.flatMap((edit) => edit[of] ?? []);
}

function requestsOf(edits: readonly Edit[]): { readonly sent: number; readonly failed: number } {
  return edits.reduce(
    ({ sent, failed }, { requests }) => ({
      sent: sent + requests.sent,
      failed: failed + requests.refused + requests.notOk,
    }),
    { sent: 0, failed: 0 },
  );
}

function environment(run: Run): string[] {
  const loads = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(', ');
  return [
    `\`${run.command}\``,
    ...run.versions,
    ...run.machine,
    `${run.startedAt.slice(0, 16)} to ${run.endedAt.slice(0, 16)} (UTC)`,
    `load averages (1, 5, 15 min) ${loads(run.loadAtStart)} at the start, ${loads(run.loadAtEnd)} at the end`,
  ];
}

/** What a table has no column for. */
function remarks(name: string, tool: string, edits: readonly Edit[]): string[] {
  const loads = edits.reduce((sum, edit) => sum + edit.loads, 0);
  const calls = edits.reduce((sum, edit) => sum + edit.failedCalls, 0);
  const longest = Math.max(...edits.map(({ requests }) => requests.longestMs));
  const notes = [...new Set(edits.flatMap(({ note }) => note ?? []))];
  const parts = [
    `${loads} page loads in ${edits.length} edits`,
    `longest answer ${seconds(longest)}`,
    ...(calls > 0 ? [`${calls} calls of the server function failed`] : []),
    ...notes,
  ];
  return [`- ${name}, ${tool}: ${parts.join('; ')}`];
}

function ratio(ours: Spread | null, plain: Spread | null): string {
  return ours && plain ? (ours.median / plain.median).toFixed(2) : '';
}

/** An edit that never came has not lost anything. */
function share(edits: readonly Edit[], of: keyof Kept): string {
  const seen = edits.filter(({ visibleMs }) => visibleMs !== null);
  const kept = seen.filter((edit) => edit.kept?.[of]).length;
  if (seen.length === 0) return '–';
  if (kept === seen.length) return 'yes';
  return kept === 0 ? 'no' : `${kept} of ${seen.length}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
