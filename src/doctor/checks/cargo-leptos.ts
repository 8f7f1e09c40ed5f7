import { join } from 'node:path';
import { cargoHome } from '../cargo-home.js';
import type { Check, FoundTool } from '../check.js';
import { checkTool } from './tool.js';

/** cargo-leptos itself, also in cargo's own bin folder: `cargo leptos` finds it there even when that isn't on PATH. */
export const cargoLeptosCheck: Check<FoundTool> = {
  name: 'cargo-leptos',
  check: (context) =>
    checkTool(
      {
        name: 'cargo-leptos',
        code: 'LF011',
        help: ['cargo install cargo-leptos --locked'],
        extraDirs: [join(cargoHome(context.env), 'bin')],
      },
      context,
    ),
};
