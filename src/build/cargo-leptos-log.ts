import { stripVTControlCharacters } from 'node:util';
import type { Side } from '../core/events.js';

/**
 * What a line on cargo-leptos's stderr says. The texts are those of 0.3.11 at `-vv`
 * (command/watch.rs, compile/*.rs, service/*.rs); a line that another version words otherwise is `message`.
 */
export type LogFact =
  /** The end of a run, and of the start: it waits for the next event. */
  | { readonly kind: 'idle' }
  /** It has set up the watching of a path; for our triggers this means that they work from now on. */
  | { readonly kind: 'watching'; readonly path: string }
  /** Its own watcher saw a file of that side. */
  | { readonly kind: 'saw'; readonly side: Side }
  /** A run has begun to work on that side; what is saved from now on is not in it. */
  | { readonly kind: 'begun'; readonly side: 'style' | 'assets' }
  /** It has written that side. */
  | { readonly kind: 'written'; readonly side: 'style' | 'assets'; readonly changed: boolean }
  /** A run ended well and changed something. */
  | { readonly kind: 'updated'; readonly server: boolean; readonly onlyStyle: boolean }
  /** A run ended well and changed nothing. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'bindgen-started' }
  | { readonly kind: 'bindgen-finished' }
  | { readonly kind: 'serving' }
  | { readonly kind: 'message'; readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly text: string }
  /** Not cargo-leptos's: the app's own stderr. */
  | { readonly kind: 'app'; readonly line: string };

/** logger.rs: every line begins with a word in one of these colours, padded to 12. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what tells its lines from the app's.
const LOG_LINE = /^\x1b\[(?:1;)?38;5;(\d+)m *([^\x1b]*)\x1b\[0m ?(.*)$/;
const LEVELS: Record<string, 'error' | 'warn' | 'info' | 'debug'> = { '196': 'error', '214': 'warn', '77': 'info' };

const SEEN: readonly (readonly [string, Side])[] = [
  ['Notify lib source change', 'front'],
  ['Notify bin source change', 'server'],
  ['Notify style change', 'style'],
  ['Notify asset change', 'assets'],
  ['Notify LibSource change', 'front'],
  ['Notify BinSource change', 'server'],
  ['Notify Style change', 'style'],
  ['Notify Asset change', 'assets'],
];

/** Reads one line of cargo-leptos's stderr. */
export function parseLogLine(line: string): LogFact {
  const match = LOG_LINE.exec(line);
  if (!match) return { kind: 'app', line };
  const level = LEVELS[match[1] ?? ''] ?? 'debug';
  const text = stripVTControlCharacters(`${match[2] ?? ''} ${match[3] ?? ''}`).trim();
  return readText(text) ?? { kind: 'message', level, text };
}

function readText(text: string): LogFact | null {
  if (text === 'Watch waiting for changes') return { kind: 'idle' };
  if (text.startsWith('Watch path: '))
    return { kind: 'watching', path: readDebugPath(text.slice('Watch path: '.length)) };
  const seen = SEEN.find(([start]) => text.startsWith(start));
  if (seen) return { kind: 'saw', side: seen[1] };
  if (/^(Style found: |Style not configured$|Tailwind config: )/.test(text)) return { kind: 'begun', side: 'style' };
  if (text.startsWith('Style finished with'))
    return { kind: 'written', side: 'style', changed: text.startsWith('Style finished with changes') };
  if (text === 'Assets starting resync') return { kind: 'begun', side: 'assets' };
  if (text === 'Assets finished') return { kind: 'written', side: 'assets', changed: true };
  if (text === 'Watch updated style') return { kind: 'updated', server: false, onlyStyle: true };
  if (text.startsWith('Watch updated '))
    return { kind: 'updated', server: text.includes('Server restarting'), onlyStyle: false };
  if (text.startsWith('Build step done with no changes')) return { kind: 'unchanged' };
  if (text === 'Build failed') return { kind: 'failed' };
  if (text.startsWith('Build interrupted')) return { kind: 'interrupted' };
  if (text.startsWith('Front generating JS/WASM')) return { kind: 'bindgen-started' };
  if (text.startsWith('Finished generating JS/WASM for front')) return { kind: 'bindgen-finished' };
  if (text.startsWith('Serving at http://')) return { kind: 'serving' };
  return null;
}

/** A path as Rust's `{:?}` prints it: in quotes, with quotes, backslashes and combining characters escaped. */
function readDebugPath(text: string): string {
  return text
    .replace(/^"|"$/g, '')
    .replace(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_escape, code: string | undefined, char: string | undefined) =>
      code === undefined ? (char ?? '') : String.fromCodePoint(Number.parseInt(code, 16)),
    );
}
