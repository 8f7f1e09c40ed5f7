import type { CargoOutcome } from '../../src/gate/cargo-run.js';
import { SideCompilations } from '../../src/plan/compilations.js';

/** How a run of cargo ended that said nothing. */
export const outcome = (code: number): CargoOutcome => ({
  ok: code === 0,
  code,
  stopped: false,
  diagnostics: [],
  output: '',
  compiled: [],
  packages: new Set(),
  compilations: new SideCompilations(),
  artifact: null,
  metered: null,
  waitedMs: 0,
});
