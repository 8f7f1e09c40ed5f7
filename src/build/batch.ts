import type { Side } from '../core/events.js';

/** A set of saves that settled together, and what must happen until it stands on the page. */
export interface Batch {
  /** 0 is the first build. */
  readonly id: number;
  readonly sides: ReadonlySet<Side>;
  /** The last save, in ms since the epoch. */
  readonly savedAt: number;
  /** When its assets were in the site, in ms since the epoch; absent where it has none. */
  readonly assetsAt?: number;
}

/** Shortens a list of files for people: `src/app.rs`, `src/app.rs and 3 more`. */
export function describeFiles(files: readonly string[]): string {
  const [first = 'nothing'] = files;
  return files.length <= 1 ? first : `${first} and ${files.length - 1} more`;
}
