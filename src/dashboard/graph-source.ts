import type { GraphFacts } from '../graph/graph-facts.js';

/** What became of the question for the graph. */
export type GraphAnswer =
  | { readonly kind: 'graph'; readonly facts: GraphFacts }
  /** The project cannot be read: words for people. */
  | { readonly kind: 'problem'; readonly message: string };

/** Who finds out what the crates and the wasm are made of. */
export interface GraphSource {
  ask(): Promise<GraphAnswer>;
  close(): Promise<void>;
}
