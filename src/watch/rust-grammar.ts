import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

let grammar: Promise<Language> | null = null;

/**
 * The grammar of Rust, loaded once: some 30 ms. web-tree-sitter 0.27 makes two WebAssembly modules when `Parser.init` is
 * called twice at a time, and a language of one crashes a parser of the other.
 */
export function rustGrammar(): Promise<Language> {
  grammar ??= load();
  return grammar;
}

async function load(): Promise<Language> {
  await Parser.init();
  return Language.load(createRequire(import.meta.url).resolve('tree-sitter-rust/tree-sitter-rust.wasm'));
}
