import type { Metric, ScenarioName } from './scenarios.js';

/** What came of one measurement. */
export type Outcome =
  /** Milliseconds from the save, or from the command. */
  | { readonly kind: 'time'; readonly ms: number }
  /** Nothing had to be built, and nothing was. */
  | { readonly kind: 'no-build' }
  | { readonly kind: 'failed'; readonly why: string };

/** One edit or start with one tool. */
export interface Measurement {
  readonly project: string;
  readonly tool: string;
  readonly scenario: ScenarioName;
  /** From 1; 0 is the warm-up, which no figure is made of. */
  readonly round: number;
  readonly outcomes: Readonly<Partial<Record<Metric, Outcome>>>;
  /** Processor time of the tool and all below it, from the save until it is at rest again; null where the system does not tell. */
  readonly cpuSeconds: number | null;
  /** The largest sum of resident memory of these processes that was seen meanwhile. */
  readonly peakBytes: number | null;
  /** How often cargo was told to build something. */
  readonly builds: number;
}

/** A project that is measured. */
export interface ProjectFacts {
  readonly name: string;
  /** For people: `120 pages, 10,947 lines`. */
  readonly about: string;
  /** Lines of Rust. */
  readonly lines: number;
  /** Scenarios that were asked for and cannot be measured with it. */
  readonly leftOut: readonly { readonly scenario: ScenarioName; readonly why: string }[];
}

/** One of the ways to run the app that are compared. */
export interface ToolFacts {
  readonly name: string;
  /** As a person would type it. */
  readonly command: string;
}

/** The machine, as far as figures depend on it. */
export interface MachineFacts {
  readonly processors: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly system: string;
  /** Load averages over 1, 5 and 15 minutes, before and after. */
  readonly loadAtStart: readonly number[];
  readonly loadAtEnd: readonly number[];
}

/** All that a run of `bench` found out. */
export interface BenchRun {
  readonly startedAt: string;
  readonly endedAt: string;
  /** False when it was cut off. */
  readonly isComplete: boolean;
  readonly command: string;
  readonly runs: number;
  readonly machine: MachineFacts;
  /** Program or crate → version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly projects: readonly ProjectFacts[];
  readonly tools: readonly ToolFacts[];
  readonly measurements: readonly Measurement[];
  /** What deserves a word besides the figures: processes left behind, what was killed. */
  readonly notes: readonly string[];
}
