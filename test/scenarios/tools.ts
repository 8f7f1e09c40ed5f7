import { join } from 'node:path';
import { SNAPSHOT } from './driver/places.js';
import type { ToolCommand } from './driver/tool.js';

/** This product, as it was built into dist when the suite was started. */
export const LEPTOS_FAST: ToolCommand = {
  name: 'leptos-fast',
  command: [process.execPath, join(SNAPSHOT, 'bin/leptos-fast.js'), 'dev'],
  pollArgs: ['--poll'],
};

/**
 * Plain `cargo leptos watch`. cargo replaces itself by `cargo-leptos leptos watch`; started so right away, because
 * rustup's cargo would put its own folder before the cargo that counts builds.
 */
export const CARGO_LEPTOS: ToolCommand = {
  name: 'cargo-leptos',
  command: ['cargo-leptos', 'leptos', 'watch'],
  pollArgs: [],
};

const KNOWN = [CARGO_LEPTOS, LEPTOS_FAST];

/** A tool by its name, or `NAME=COMMAND LINE` for any other command. */
export function parseTool(text: string): ToolCommand | null {
  const known = KNOWN.find((tool) => tool.name === text);
  if (known) return known;
  const [name, line] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
  const [program, ...args] = line.split(' ').filter((word) => word !== '');
  if (name === '' || program === undefined) return null;
  // Under a known name it is another build of the same tool.
  return { name, command: [program, ...args], pollArgs: KNOWN.find((tool) => tool.name === name)?.pollArgs ?? [] };
}
