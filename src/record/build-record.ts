import type { BuildStep, ProcessUsage, ReloadKind, RustSide, Side } from '../core/events.js';

/** Version of the lines in the history. A reader leaves lines of other versions alone. */
export const RECORD_VERSION = 1;

/** A record names so many files, errors and crates; the rest is counted. */
export const LISTED = 12;

/** What became of a batch. */
export type BatchResult =
  /** It can be seen. */
  | 'arrived'
  /** It does not compile, or its server ended before it answered. */
  | 'failed'
  /** A later save came in between: what it shows is measured with that one. */
  | 'superseded'
  /** `dev` ended first, or nobody told. */
  | 'unfinished';

/** What became of one side of a batch. `ms` is the time from the start of its build to its end. */
export type SideResult =
  | { readonly result: 'built' | 'failed' | 'stopped'; readonly ms: number }
  | { readonly result: 'skipped'; readonly reason: string }
  /** No build of it was seen: not begun, or built by cargo-leptos itself. */
  | { readonly result: 'waiting' };

/** A stretch of a batch's way; `cargo` is named after its side. */
export type PhaseName = 'settle' | 'front' | 'wasm-bindgen' | 'style' | 'assets' | 'server' | 'boot';

/** From and to are in ms since the save. */
export interface Phase {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

/** The commit that was checked out. */
export interface Revision {
  /** The first 12 digits. */
  readonly commit: string;
  /** Absent when HEAD is detached. */
  readonly branch?: string;
}

/** With what it was built. */
export interface Versions {
  readonly leptosFast: string;
  readonly cargoLeptos: string;
  readonly rustc: string;
}

/** The wasm of a batch that built the front. Sizes in bytes. */
export interface WasmSize {
  /** As pages load it, after wasm-bindgen. */
  readonly served?: number;
  /** As rustc made it. */
  readonly built?: number;
  /** Of that, sections with debug info (`.debug_*`), and the one with names of functions. */
  readonly debugInfo?: number;
  readonly names?: number;
}

/** What the caches were asked for since the record before, and what their answers had taken the first time (ms). */
export interface CacheUse {
  readonly hits: number;
  readonly misses: number;
  readonly savedMs: number;
}

/** A step of cargo's, and on which side. */
export type SideStep = BuildStep & { readonly side: RustSide };

/** Names and how many there are in all; only the first LISTED are named. */
export interface Listed {
  readonly count: number;
  readonly first: readonly string[];
}

/** One batch of saves: what it was, what it cost and what became of it. Times are in ms, `at` since the epoch. */
export interface BuildRecord {
  readonly v: typeof RECORD_VERSION;
  readonly type: 'build';
  /** The last save, from which everything is measured; for batch 0, the first build, the start of `dev`. */
  readonly at: number;
  readonly session: string;
  /** Counts from 0 in each session. */
  readonly id: number;
  /** The Leptos project's name. */
  readonly project: string;
  /** Relative to the workspace. */
  readonly files: Listed;
  /** What kinds of files they are; `asked for` when somebody asked, `first build` for batch 0. */
  readonly why: string;
  readonly sides: Readonly<Partial<Record<Side, SideResult>>>;
  readonly phases: readonly Phase[];
  readonly result: BatchResult;
  /** How it came to the page; only when it arrived. */
  readonly reload?: ReloadKind;
  /** Until the server answered with it and open tabs were told. */
  readonly contentMs?: number;
  /** Until the wasm was there too, where it came after the content. */
  readonly interactiveMs?: number;
  /** Until a page had painted its view patch. */
  readonly patchedMs?: number;
  /** Until a page had loaded it and painted. */
  readonly paintedMs?: number;
  /** Different compile errors, and their codes (`E0308`). */
  readonly errors?: { readonly count: number; readonly codes: readonly string[] };
  /** Saves of it that did not parse. */
  readonly syntaxErrors?: number;
  /** How often something had to be tried again on its way; the incidents tell what. */
  readonly recoveries?: number;
  /** Crates that cargo compiled, on either side. */
  readonly compiled?: Listed;
  /** What cargo's builds that ended by themselves cost. Absent where the system does not tell. */
  readonly usage?: ProcessUsage;
  /** Crates, linkers and build scripts that took longest, the longest first. */
  readonly steps?: readonly SideStep[];
  /** How long its builds waited for another cargo in the same target directory. */
  readonly waitedMs?: number;
  readonly wasm?: WasmSize;
  /** Absent where nothing was asked for. */
  readonly cache?: CacheUse;
  /** The most memory that this process was seen to have meanwhile, in bytes. */
  readonly peakRss: number;
  readonly git?: Revision;
  readonly versions: Versions;
  /** As `dev` names its profile: `balanced profile`. */
  readonly mode: string;
}

/** Something that went wrong by itself, during a batch or between two. */
export interface Incident {
  readonly v: typeof RECORD_VERSION;
  readonly type: 'incident';
  /** In ms since the epoch. */
  readonly at: number;
  readonly session: string;
  /** The newest batch that was under way, or null. */
  readonly batch: number | null;
  /** `server exited`, or the kind of the recovery: `restart`, `retry`, `clean`, `orphans`. */
  readonly kind: string;
  readonly why: string;
}

export type HistoryLine = BuildRecord | Incident;

/** Names the first of them and counts all. */
export function listed(names: readonly string[]): Listed {
  return { count: names.length, first: names.slice(0, LISTED) };
}
