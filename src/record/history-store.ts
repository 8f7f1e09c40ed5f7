import type { BuildRecord, HistoryLine, Incident } from './build-record.js';

/** All that a history holds, oldest first. */
export interface History {
  readonly builds: readonly BuildRecord[];
  readonly incidents: readonly Incident[];
  /** Lines that say nothing: torn, or not ours. */
  readonly unreadable: number;
  /** Lines of other versions of leptos-fast, which were left out. */
  readonly otherVersions: number;
}

/** Where the records of all sessions are kept. */
export interface HistoryStore {
  /** Adds a line. Returns at once; writing happens behind. */
  append(line: HistoryLine): void;
  /** Resolves when everything that was appended is written, or was lost: see `lost`. */
  flush(): Promise<void>;
  /** Why the last line that could not be written was lost; null when none was. */
  readonly lost: string | null;
  /** Reads what is not older than `since` (ms since the epoch). A history that isn't there is empty. */
  read(since?: number): Promise<History>;
}
