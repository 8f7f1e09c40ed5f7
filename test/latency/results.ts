import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { RequestCount } from './requests.js';

/** What of a user's doings an edit left as it was. */
export interface Kept {
  readonly counter: boolean;
  readonly input: boolean;
  readonly scroll: boolean;
}

/** One edit. Times in ms from the save. */
export interface Edit {
  readonly tool: string;
  readonly kind: string;
  readonly n: number;
  /** Null: not seen within the kind's limit. */
  readonly visibleMs: number | null;
  /** The new wasm answers clicks; null where that is not asked, or was not seen. */
  readonly interactiveMs: number | null;
  /** Null: the page does not answer. */
  readonly kept: Kept | null;
  /** How often the page was loaded. */
  readonly loads: number;
  /** Calls of the server function from the page that failed. */
  readonly failedCalls: number;
  readonly requests: RequestCount;
  /** Load average over one minute when it was saved. */
  readonly load: number;
  /** What went wrong. */
  readonly note: string | null;
}

/** The content of a results file. */
export interface Run {
  readonly machine: readonly string[];
  /** Of the tools, each as often as it changed. */
  versions: readonly string[];
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  endedAt: string;
  /** Load averages over 1, 5 and 15 minutes. */
  readonly loadAtStart: readonly number[];
  loadAtEnd: readonly number[];
  readonly edits: Edit[];
}

/** Writes a run, whole or not at all: it may be ended at any time. */
export function keep(run: Run, file: string): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 1)}\n`);
  renameSync(`${file}.new`, file);
}

/** The run that a file holds; null when there is none. */
export function readRun(file: string): Run | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Run) : null;
}
