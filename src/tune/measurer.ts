import type { Arm } from './candidate.js';

/** What one edit took with one arm. Times in ms. */
export interface EditTimes {
  /** Front with wasm-bindgen, and server, side by side as `cargo leptos watch` builds them. */
  readonly ms: number;
  readonly frontMs: number;
  readonly bindgenMs: number;
  readonly serverMs: number;
  /** The wasm that the page gets; null where none was made. */
  readonly wasmBytes: number | null;
}

/** How something ended that takes time. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly why: string }
  /** It was ended at the time that was given. */
  | { readonly kind: 'late' }
  /** The user ended the run. */
  | { readonly kind: 'stopped' };

/**
 * What the search has done with it: builds on a copy of the app. Each is of an edit of its own: cargo does not see which linker
 * it links with, and would find built what an arm without that linker has built before.
 */
export interface Measurer {
  /** The first build with an arm, ended at `until` (ms since the epoch); its time in ms. */
  warmUp(arm: Arm, until: number): Promise<Outcome<number>>;
  /** Makes the next edit and builds it with an arm. */
  build(arm: Arm, until: number): Promise<Outcome<EditTimes>>;
}
