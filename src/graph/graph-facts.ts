import type { CrateGraph, LocalCrate } from './crate-graph.js';
import type { CrateCode } from './wasm-crates.js';
import type { WasmSection } from './wasm-sections.js';

/** A local crate with what can be counted of it. `dir` is relative to the workspace. */
export interface SizedCrate extends LocalCrate {
  /** Of Rust, below its `src`. */
  readonly lines: number;
  /** From the history: builds that compiled it, and what saves that did took (median, ms). Absent without any. */
  readonly compiled?: { readonly builds: number; readonly medianMs: number };
}

/** The wasm of one Leptos project as the page loads it. Sizes in bytes. */
export type Bundle =
  | {
      readonly project: string;
      readonly bytes: number;
      readonly gzipBytes: number;
      readonly sections: readonly WasmSection[];
      readonly crates: readonly CrateCode[];
      /** The same file with its custom sections (names, producers) taken out. */
      readonly withoutCustom: { readonly bytes: number; readonly gzipBytes: number };
    }
  | { readonly project: string; readonly unreadable: string };

/** All that `leptos-fast graph` tells. */
export interface GraphFacts extends Omit<CrateGraph, 'local'> {
  readonly local: readonly SizedCrate[];
  /** Of the projects that were built. */
  readonly bundles: readonly Bundle[];
}
