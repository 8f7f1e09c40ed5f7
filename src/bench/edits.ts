import type { Metric, ScenarioName } from './scenarios.js';

/** What tells from outside that an edit has arrived. */
export type Sign =
  /** The answer to a request has this text. */
  | { readonly kind: 'content'; readonly path: string; readonly text: string }
  /** The stylesheet that is served has this text. */
  | { readonly kind: 'style'; readonly text: string }
  /** The tool names a place in this file. */
  | { readonly kind: 'diagnostics'; readonly file: string }
  /** Nothing is to be seen: what counts is whether anything is built, and for how long. */
  | { readonly kind: 'rest' };

/** One stretch of an edit: a save and what is waited for. */
export interface Step {
  readonly metric: Metric;
  /** The new text of the file. `n` is a number that no edit of the run has had. */
  change(text: string, n: number): string;
  sign(n: number): Sign;
  /** Text that the new wasm has and the old one has not; null where the wasm is not waited for. */
  wasmText(n: number): string | null;
}

/** An edit of a project that can be made again and again. */
export interface Edit {
  readonly scenario: ScenarioName;
  /** Relative to the project's folder. */
  readonly file: string;
  /** How often the first step's save is made, 100 ms apart. */
  readonly saves: number;
  readonly steps: readonly Step[];
}

/** Why a scenario cannot be measured with a project. */
export interface LeftOut {
  readonly scenario: ScenarioName;
  readonly why: string;
}

/** Replaces what a pattern finds exactly once. Throws when it does not: then the edit is not the one that was planned. */
export function replaceOnce(text: string, pattern: RegExp, to: string): string {
  const found = text.match(new RegExp(pattern, 'g'))?.length ?? 0;
  if (found !== 1) throw new Error(`${pattern} was found ${found} times`);
  return text.replace(pattern, () => to);
}
