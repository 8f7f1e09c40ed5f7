import type { CargoOutcome } from '../../src/gate/cargo-run.js';

/** How a run of cargo ended that said nothing. */
export const outcome = (code: number): CargoOutcome => ({
  ok: code === 0,
  code,
  stopped: false,
  diagnostics: [],
  output: '',
  compiled: [],
  artifact: null,
});
