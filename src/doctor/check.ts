import type { LfError } from '../core/errors.js';
import type { Workspace } from '../project/model.js';

/** What every check may look at. */
export interface CheckContext {
  readonly workspace: Pick<Workspace, 'root' | 'lockedCrates'>;
  /** The environment in which cargo-leptos will run. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The outcome of one check. `unknown` is neither good nor bad: the check itself could not be made or not to its end, and nobody
 * may show it as passed; `value` is what was found nevertheless.
 */
export type Finding<T> =
  | { readonly status: 'ok'; readonly value: T }
  | { readonly status: 'missing'; readonly error: LfError }
  | { readonly status: 'unknown'; readonly why: string; readonly value?: T };

/** One check: a name for people, and the question. Checks don't depend on each other and run in parallel. */
export interface Check<T> {
  readonly name: string;
  check(context: CheckContext): Promise<Finding<T>>;
}

/** A tool that was found. */
export interface FoundTool {
  readonly path: string;
  /** `unknown` when the tool would not tell. */
  readonly version: string;
}
