import type { Check, FoundTool } from '../check.js';
import { checkTool } from './tool.js';

const HELP = ['Install Rust from https://rustup.rs and open a new terminal.'];

export const cargoCheck: Check<FoundTool> = {
  name: 'cargo',
  check: (context) => checkTool({ name: 'cargo', code: 'LF010', help: HELP }, context),
};

export const rustcCheck: Check<FoundTool> = {
  name: 'rustc',
  check: (context) => checkTool({ name: 'rustc', code: 'LF010', help: HELP }, context),
};
