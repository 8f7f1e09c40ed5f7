import kleur from 'kleur';
import { type Column, textTable, wrap } from '../record/report/text-table.js';
import { formatBytes } from '../ui/bytes.js';
import { formatMs } from '../ui/duration.js';
import { duplicateText } from './duplicate-text.js';
import type { Bundle, GraphFacts, SizedCrate } from './graph-facts.js';

const WIDTH = 100;
/** So many lines of each list; `--json` has all. */
const LISTED = 12;

const LOCAL: readonly Column[] = [
  { title: 'crate', align: 'left', least: 12 },
  { title: 'lines of Rust', align: 'right' },
  { title: 'its edit also compiles', align: 'left', least: 16 },
  { title: 'builds', align: 'right' },
  { title: 'median', align: 'right' },
];
const SECTIONS: readonly Column[] = [
  { title: 'section', align: 'left' },
  { title: 'size', align: 'right' },
  { title: 'share', align: 'right' },
];
const CODE: readonly Column[] = [
  { title: 'code of', align: 'left' },
  { title: 'size', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'functions', align: 'right' },
];

/** The facts for a terminal. */
export function graphReport(facts: GraphFacts): string {
  const blocks = [
    block(`Your crates (of ${facts.packages} in all)`, textTable(LOCAL, facts.local.map(localRow), WIDTH)),
    block(
      'Longest chain: its crates can only be compiled one after the other',
      wrap(`${facts.longestChain.length} crates: ${facts.longestChain.join(' ← ')}`, WIDTH),
    ),
    facts.duplicates.length > 0
      ? block(
          `In several versions, each compiled (${facts.duplicates.length})`,
          listOf(facts.duplicates.map(duplicateText)),
        )
      : block('In several versions', ['none']),
    ...(facts.cycles.length > 0
      ? [block('Cycles through dev-dependencies', listOf(facts.cycles.map((cycle) => cycle.join(' → '))))]
      : []),
    ...facts.bundles.map(bundleBlock),
    ...(facts.bundles.length === 0 ? [block('Wasm', ['not built yet: leptos-fast dev builds it'])] : []),
  ];
  return `\n${blocks.join('\n\n')}\n\n`;
}

function block(title: string, lines: readonly string[]): string {
  return [`  ${kleur.bold(title)}`, ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

function listOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - LISTED;
  const shown = lines.slice(0, LISTED).flatMap((line) => wrap(line, WIDTH));
  return more > 0 ? [...shown, kleur.dim(`and ${more} more: --json has all`)] : shown;
}

function localRow({ name, lines, rebuilds, compiled }: SizedCrate): string[] {
  return [
    name,
    String(lines),
    rebuilds.length === 0 ? '' : rebuilds.join(', '),
    compiled ? String(compiled.builds) : '',
    compiled ? formatMs(compiled.medianMs) : '',
  ];
}

function bundleBlock(bundle: Bundle): string {
  const title = `Wasm of ${bundle.project}`;
  if ('unreadable' in bundle) return block(title, [`cannot be read: ${bundle.unreadable}`]);
  const { bytes, gzipBytes, withoutCustom, crates } = bundle;
  const code = crates.reduce((sum, crate) => sum + crate.bytes, 0);
  const largest = bundle.sections.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  return block(`${title}: ${formatBytes(bytes)}, gzip ${formatBytes(gzipBytes)}`, [
    `without names and other custom sections: ${formatBytes(withoutCustom.bytes)}, gzip ${formatBytes(withoutCustom.gzipBytes)}`,
    '',
    ...textTable(
      SECTIONS,
      largest.map((section) => [section.name, formatBytes(section.bytes), share(section.bytes, bytes)]),
      WIDTH,
    ),
    '',
    ...textTable(
      CODE,
      crates
        .slice(0, LISTED)
        .map((crate) => [crate.crate, formatBytes(crate.bytes), share(crate.bytes, code), String(crate.functions)]),
      WIDTH,
    ),
  ]);
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${Math.round((part / whole) * 100)} %`;
}
