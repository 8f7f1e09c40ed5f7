/**
 * Stable error codes. A code keeps its meaning for ever, since scripts and the troubleshooting guide hold on to it.
 * LF00x the project, LF01x the machine, LF02x usage, LF03x the manifest edit, LF04x the network, LF05x the running loop, LF06x measuring,
 * LF07x tuning.
 */
export const ERROR_CODES = {
  LF001: 'no Cargo.toml found',
  LF002: 'Cargo.toml is not valid',
  LF003: 'no Leptos metadata',
  LF004: 'Cargo.toml cannot be read',
  LF005: 'cargo metadata failed',
  LF006: 'the Leptos metadata is not valid',
  LF007: 'the target directory cannot be written',
  LF010: 'cargo is missing',
  LF011: 'cargo-leptos is missing',
  LF012: 'the wasm32 target is missing',
  LF013: 'wasm-bindgen is missing or does not match',
  LF014: 'Node.js is too old',
  LF020: 'unknown preset',
  LF021: 'no such Leptos project in the workspace',
  LF022: 'invalid option',
  LF023: 'leptos-fast.toml is not valid',
  LF030: 'the manifest cannot be written',
  LF031: 'cargo rejects the edited manifest',
  LF032: 'the manifest cannot be edited without changing more than was asked',
  LF040: 'the port is taken',
  LF041: 'leptos-fast dev already runs on this project',
  LF050: 'given up after the retries',
  LF052: 'the editor was not opened',
  LF054: 'the report was not written',
  LF059: 'leptos-fast itself failed',
  LF060: 'nothing can be measured',
  LF061: 'the baseline cannot be read',
  LF062: 'the results were not written',
  LF070: 'tune cannot measure this project',
  LF071: 'the budget is too short',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A place in a file. `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Exit codes of the command line: 1 a check said no, 2 wrong usage, 3 project or machine not fit, 4 given up. */
export type FailureExitCode = 1 | 2 | 3 | 4;

/** An expected failure: what happened, where, why, and what to do about it. */
export interface LfError {
  readonly code: ErrorCode;
  /** What happened, in one line, without a full stop. */
  readonly message: string;
  readonly where?: Place;
  /** The cause, one or several lines. */
  readonly why?: string;
  /** What to do: one line each; the first is the best way out. */
  readonly help: readonly string[];
  readonly exitCode: FailureExitCode;
}

/** `file:line:column`, as far as known, in the form that terminals and editors make clickable. */
export function formatPlace(place: Place): string {
  if (place.line === undefined) return place.file;
  return place.column === undefined ? `${place.file}:${place.line}` : `${place.file}:${place.line}:${place.column}`;
}
