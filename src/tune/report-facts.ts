import type { ToolVersions } from '../doctor/machine.js';
import type { SearchResult } from './search.js';

/** Under which circumstances was measured. */
export interface Facts {
  readonly project: string;
  /** What the project builds with now, in words. */
  readonly mode: string;
  readonly cpus: number;
  readonly tools: ToolVersions;
  readonly budgetMs: number;
  /** What is edited, in words. */
  readonly edit: string;
  readonly scratch: string;
  readonly freeBytes: number;
  /** The first build began with copies of what the project's own target directory holds. */
  readonly isSeeded: boolean;
  /** In ms since the epoch. */
  readonly startedAt: number;
}

/** A run of `tune` as reports tell of it. */
export interface Report {
  readonly facts: Facts;
  readonly result: SearchResult;
  readonly endedAt: number;
}
