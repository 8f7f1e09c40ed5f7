import type { RustSide } from '../core/events.js';
import type { LeptosProject } from '../project/model.js';

/** What cargo-leptos wants of a call of cargo. */
export type CargoCall =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'build'; readonly side: RustSide }
  | { readonly kind: 'other' };

/**
 * Recognises cargo-leptos's calls: `cargo build --package=LIB --lib … --target=wasm32-unknown-unknown` is the front,
 * `cargo build --package=BIN --bin=TARGET …` the server (cargo-leptos 0.3.11, compile/front.rs and compile/server.rs;
 * a server for a wasm target is built with `--lib` too, but for another package or triple).
 */
export function recogniseCall(args: readonly string[], project: LeptosProject): CargoCall {
  if (args[0] === 'metadata') return { kind: 'metadata' };
  // `bin-cargo-command` may put a toolchain or a subcommand in front: `cargo +nightly build`, `cargo component build`.
  if (!args.slice(0, 2).includes('build')) return { kind: 'other' };
  const front = args.includes('--lib') && args.includes('--target=wasm32-unknown-unknown');
  if (front && args.includes(`--package=${project.libPackage.name}`)) return { kind: 'build', side: 'front' };
  if (args.includes(`--package=${project.binPackage.name}`)) return { kind: 'build', side: 'server' };
  return { kind: 'other' };
}
