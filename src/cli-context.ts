import type { BaseContext } from 'clipanion';

/** What commands get besides clipanion's own context. */
export interface CliContext extends BaseContext {
  /** Everything after `--`: the app's arguments. */
  readonly appArgs: readonly string[];
}
