import { fileURLToPath } from 'node:url';
import type { ToolFacts } from './results.js';

/** The command line that is running now, so that no other version is measured. */
const OWN_CLI = fileURLToPath(new URL('../../bin/leptos-fast.js', import.meta.url));

/** One of the ways to run an app that are compared. */
export interface Tool extends ToolFacts {
  /** Part of the names of its folders. */
  readonly slug: string;
  readonly isPlain: boolean;
  /** Null: the one that the tool takes by itself. */
  readonly preset: string | null;
  /** The command for a project. `cargoLeptos` is the program itself (absolute). */
  start(
    project: { readonly dir: string; readonly leptosProject: string | null },
    cargoLeptos: string,
  ): [string, ...string[]];
}

/**
 * Plain `cargo leptos watch`. cargo replaces itself by `cargo-leptos leptos watch`; it is started so right away, because
 * rustup's cargo would put its own folder before the cargo that counts builds.
 */
export const PLAIN: Tool = {
  name: 'plain',
  slug: 'plain',
  command: 'cargo leptos watch',
  isPlain: true,
  preset: null,
  start: ({ leptosProject }, cargoLeptos) => [cargoLeptos, 'leptos', 'watch', ...selecting(leptosProject)],
};

/** `leptos-fast dev`, with its default profile or with a preset. */
export function leptosFast(preset: string | null): Tool {
  const args = preset === null ? [] : ['--preset', preset];
  return {
    name: preset === null ? 'leptos-fast' : `leptos-fast ${preset}`,
    slug: preset === null ? 'leptos-fast' : `leptos-fast-${preset}`,
    command: ['leptos-fast dev', ...args].join(' '),
    isPlain: false,
    preset,
    start: ({ dir, leptosProject }) => [process.execPath, OWN_CLI, 'dev', dir, ...args, ...selecting(leptosProject)],
  };
}

function selecting(leptosProject: string | null): string[] {
  return leptosProject === null ? [] : ['--project', leptosProject];
}
