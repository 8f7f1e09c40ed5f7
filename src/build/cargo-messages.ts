import { stripVTControlCharacters } from 'node:util';
import type { Diagnostic } from '../core/events.js';

/** What a line of `cargo build --message-format=json` tells. */
export type CargoMessage =
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic }
  | {
      readonly kind: 'artifact';
      readonly crate: string;
      /** cargo's id of the package that it belongs to. */
      readonly packageId: string;
      readonly fresh: boolean;
      /** What it wrote, absolute. */
      readonly files: readonly string[];
    }
  | { readonly kind: 'other' };

type Json = Record<string, unknown>;
const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const asString = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const asNumber = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Reads one line of cargo's JSON (doc.rust-lang.org/cargo/reference/external-tools.html); anything else is `other`. */
export function parseCargoMessage(line: string): CargoMessage {
  if (!line.startsWith('{')) return { kind: 'other' };
  let parsed: Json;
  try {
    parsed = asObject(JSON.parse(line));
  } catch {
    return { kind: 'other' };
  }
  switch (parsed.reason) {
    case 'compiler-artifact':
      return {
        kind: 'artifact',
        crate: asString(asObject(parsed.target).name) ?? '',
        packageId: asString(parsed.package_id) ?? '',
        fresh: parsed.fresh === true,
        files: Array.isArray(parsed.filenames) ? parsed.filenames.filter((name) => typeof name === 'string') : [],
      };
    case 'compiler-message':
      return readDiagnostic(asObject(parsed.message));
    default:
      return { kind: 'other' };
  }
}

function readDiagnostic(message: Json): CargoMessage {
  const level = asString(message.level) ?? '';
  const text = asString(message.message) ?? '';
  // "aborting due to 2 previous errors" and "1 warning emitted" have no place and say nothing new.
  const spans = Array.isArray(message.spans) ? message.spans.map(asObject) : [];
  const isError = level.startsWith('error');
  if (!isError && level !== 'warning') return { kind: 'other' };
  if (spans.length === 0 && /^(aborting due to|\d+ warnings? emitted|could not compile)/.test(text))
    return { kind: 'other' };
  const primary = spans.find((span) => span.is_primary === true) ?? spans[0];
  return {
    kind: 'diagnostic',
    diagnostic: {
      level: isError ? 'error' : 'warning',
      code: asString(asObject(message.code).code),
      message: text,
      file: primary ? asString(primary.file_name) : null,
      line: primary ? asNumber(primary.line_start) : null,
      column: primary ? asNumber(primary.column_start) : null,
      rendered: (asString(message.rendered) ?? text).trimEnd(),
    },
  };
}

/** What a piece of cargo's stderr tells. */
export type CargoStatus =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly crate: string }
  | { readonly kind: 'blocked'; readonly on: string }
  /** With `--verbose`: a package is compiled over what there was, and why. */
  | { readonly kind: 'dirty'; readonly name: string; readonly isLocal: boolean; readonly reason: string }
  /** With `--verbose`: how rustc was called, below "Caused by:". */
  | { readonly kind: 'failed-call' }
  | { readonly kind: 'status' }
  | { readonly kind: 'text'; readonly text: string };

/** The lock that a whole build is held under; the one on the package cache is only a matter of moments. */
export const LASTING_LOCK = /build directory|artifact directory/;

const PROGRESS = /^\s*Building \[[^\]]*\] (\d+)\/(\d+)(?:: (.*))?$/;
const BLOCKED = /^\s*Blocking waiting for (.*)$/;
/** `Dirty app v0.1.0 (/app): the file `src/app.rs` has changed (1795365299.1s, 1s after last build at …)`. */
const DIRTY = /^\s*Dirty (\S+) v\S+(?: \(([^)]*)\))?: (.*?)(?: \([\d.]+s, .*\))?$/;
/** The whole call of rustc, which cargo shows for each error with `--verbose`. */
const FAILED_CALL = /^\s*process didn't exit successfully: `(\S*\/)?rustc --crate-name .*\(exit status: 1\)$/;
/** cargo's right-aligned verbs; what follows them is progress for people, not the cause of a failure. */
const STATUS =
  /^\s*(Compiling|Checking|Fresh|Dirty|Finished|Downloading|Downloaded|Updating|Locking|Adding|Removing|Unpacking|Building|Running|Waiting|Fetch|Blocking)\b/;

/**
 * Reads one line (or one `\r` step of the progress bar) of cargo's stderr. With `CARGO_TERM_PROGRESS_WHEN=always` cargo
 * draws `Building [===>   ] 41/212: leptos_router` without a terminal too.
 */
export function parseCargoStatus(raw: string): CargoStatus {
  const text = stripVTControlCharacters(raw).trimEnd();
  const progress = PROGRESS.exec(text);
  if (progress) {
    const [crate = ''] = (progress[3] ?? '').split(',');
    return {
      kind: 'progress',
      done: Number(progress[1]),
      total: Number(progress[2]),
      crate: crate.replace(/\(.*\)$/, '').trim(),
    };
  }
  const blocked = BLOCKED.exec(text);
  if (blocked) return { kind: 'blocked', on: blocked[1] ?? '' };
  if (FAILED_CALL.test(text)) return { kind: 'failed-call' };
  const [, name, source, reason] = DIRTY.exec(text) ?? [];
  if (name !== undefined && reason !== undefined) {
    return { kind: 'dirty', name, isLocal: source !== undefined && !source.includes('://'), reason };
  }
  if (text.trim() === '' || STATUS.test(text)) return { kind: 'status' };
  return { kind: 'text', text };
}
