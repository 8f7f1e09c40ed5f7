import kleur from 'kleur';
import { type Column, textTable, wrap } from '../../record/report/text-table.js';
import { formatBytes } from '../../ui/bytes.js';
import { formatMs } from '../../ui/duration.js';
import { manifestLines, VARIANTS, type Variant } from './variants.js';

const WIDTH = 100;

/** What became of one variant. Sizes in bytes. */
export type Measured =
  | {
      readonly variant: Variant;
      readonly bytes: number;
      readonly gzipBytes: number;
      /**
       * Without names and other custom sections: `cargo leptos build --release` runs `wasm-opt -Oz` (compile/front.rs, 0.3.11), which keeps no
       * names unless told `-g` (WebAssembly/binaryen#3867).
       */
      readonly bareBytes: number;
      readonly bareGzipBytes: number;
      readonly buildMs: number;
    }
  | { readonly variant: Variant; readonly failed: string };

/** What a release of the wasm weighs with one setting or another. */
export interface Sizes {
  readonly project: string;
  /** The release profile of the wasm. */
  readonly profile: string;
  /** wasm-bindgen was run; without it on PATH it is the compiler's own file that was looked at. */
  readonly isBound: boolean;
  readonly measured: readonly Measured[];
  /** It was ended before all were measured. */
  readonly isCut: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'release profile', align: 'left', least: 20 },
  { title: 'size', align: 'right' },
  { title: 'gzip', align: 'right' },
  { title: 'gzip without names', align: 'right' },
  { title: '', align: 'right' },
  { title: 'build', align: 'right' },
];

/** For a terminal. */
export function sizesReport({ project, profile, isBound, measured, isCut }: Sizes): string {
  const base = measured.find((each) => each.variant === VARIANTS[0]);
  const whole = base && 'bytes' in base ? base.bareGzipBytes : null;
  const rows = measured.map((each) =>
    'failed' in each
      ? [each.variant.name, 'does not build', '', '', '', '']
      : [
          each.variant.name,
          formatBytes(each.bytes),
          formatBytes(each.gzipBytes),
          formatBytes(each.bareGzipBytes),
          whole === null || each === base ? '' : change(each.bareGzipBytes, whole),
          formatMs(each.buildMs),
        ],
  );
  const notes = [
    ...(isBound
      ? []
      : ['There is no wasm-bindgen on PATH: these are files as the compiler makes them, which pages load smaller.']),
    'Before wasm-opt, which cargo leptos build --release runs at the end: it drops the names and shrinks all of them. Not tried: --split, which needs lazy routes in the code.',
    ...(isCut ? ['Ended before all were measured.'] : []),
    ...measured.flatMap((each) => ('failed' in each ? [`${each.variant.name}: ${each.failed}`] : [])),
  ];
  const lines = [
    kleur.bold(`Wasm of ${project} as a release (profile ${profile})`),
    '',
    ...textTable(COLUMNS, rows, WIDTH),
    '',
    ...notes.flatMap((note) => wrap(note, WIDTH)).map((line) => kleur.dim(line)),
    ...advice(measured, profile),
  ];
  return `\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`;
}

/** The smallest to load, without names, where it is smaller than what there is. */
function advice(measured: readonly Measured[], profile: string): readonly string[] {
  const built = measured.flatMap((each) => ('bytes' in each ? [each] : []));
  const base = built.find(({ variant }) => variant === VARIANTS[0]);
  const [smallest] = built.toSorted((a, b) => a.bareGzipBytes - b.bareGzipBytes);
  if (!base || !smallest || built.length < 2) return [];
  if (smallest === base) return ['', 'None of them is smaller than what you have.'];
  const slower = smallest.variant.entries.some(({ value }) => value === 's' || value === 'z');
  return [
    '',
    `Smallest: ${smallest.variant.name}, ${change(smallest.bareGzipBytes, base.bareGzipBytes)} to load, built in ${formatMs(smallest.buildMs)} instead of ${formatMs(base.buildMs)}.`,
    ...(slower
      ? wrap('Code for size runs slower: look at what your pages do in the browser before you keep it.', WIDTH)
      : []),
    'In Cargo.toml:',
    '',
    ...manifestLines(smallest.variant, profile).map((line) => (line === '' ? '' : `    ${line}`)),
  ];
}

function change(bytes: number, before: number): string {
  const percent = Math.round((bytes / before - 1) * 100);
  return percent === 0 ? '±0 %' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}
