import type { WasmFunction } from './wasm-sections.js';

/** The code of one crate in a wasm file. */
export interface CrateCode {
  /** `(no name)` for functions that the names section does not know, `(other)` for those that are no Rust path. */
  readonly crate: string;
  readonly functions: number;
  /** Of the functions' bodies. */
  readonly bytes: number;
}

/** The words in types and paths that are no crates, though `::` may follow. */
const NOT_A_CRATE: ReadonlySet<string> = new Set([
  'as',
  'const',
  'dyn',
  'extern',
  'fn',
  'for',
  'impl',
  'mut',
  'unsafe',
]);

/**
 * Adds up the code by the crate that wrote each function, largest first. Generic code counts for the crate that it was written in, not
 * for the one that makes it needed: `Vec<app::Item>` is alloc's. Names are as wasm-bindgen writes them, demangled.
 */
export function codeByCrate(functions: readonly WasmFunction[]): readonly CrateCode[] {
  const groups = new Map<string, { functions: number; bytes: number }>();
  for (const { name, bytes } of functions) {
    const crate = name === null ? '(no name)' : crateOf(name);
    const group = groups.get(crate) ?? { functions: 0, bytes: 0 };
    group.functions += 1;
    group.bytes += bytes;
    groups.set(crate, group);
  }
  return [...groups].map(([crate, group]) => ({ crate, ...group })).toSorted((a, b) => b.bytes - a.bytes);
}

/** The crate of a function's name: `<alloc::vec::Vec<T> as core::clone::Clone>::clone` is alloc's. */
export function crateOf(name: string): string {
  for (const [, word = ''] of name.matchAll(/(?<![\w:}>])([A-Za-z_]\w*)(?:\[[0-9a-f]+\])?::/g)) {
    if (!NOT_A_CRATE.has(word)) return word;
  }
  return '(other)';
}
