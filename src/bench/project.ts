import type { Edit, LeftOut } from './edits.js';

/** What is to be known of the running app before its edits can be chosen. */
export interface SeenApp {
  readonly page: string;
  readonly wasm: Buffer | null;
}

/** A project that can be measured, wherever it comes from. */
export interface BenchProject {
  readonly name: string;
  readonly about: string;
  /** Lines of Rust. */
  readonly lines: number;
  /** Crates of the project itself. */
  readonly crates: readonly string[];
  /** Changes with the dependencies: what stands in Cargo.lock but these crates. */
  readonly dependencies: string;
  /** The Leptos project to be named to the tools; null where there is but one. */
  readonly leptosProject: string | null;
  /** A text of its first page; null where none is known. */
  readonly pageText: string | null;
  /** Its edits depend on what the running app shows. */
  readonly needsPage: boolean;
  /** Makes a fresh copy in a folder, and nothing beside it. */
  lay(dir: string): Promise<void>;
  /** The edits that can be made in a copy, and those that cannot. */
  edits(
    dir: string,
    seen: SeenApp | null,
  ): Promise<{ readonly edits: readonly Edit[]; readonly leftOut: readonly LeftOut[] }>;
  /** The environment for the tools. */
  env(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
}
