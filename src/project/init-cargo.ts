import { execa } from 'execa';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';

/** What `cargo metadata` said. */
export interface CargoAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `cargo metadata --format-version 1` with more arguments. `cwd` decides which toolchain rustup takes. A non-zero
 * exit is an answer, not an error; 124 stands for one that took longer than `timeout` (milliseconds). Error: LF010.
 */
export async function runCargoMetadata(
  cwd: string,
  args: readonly string[],
  timeout = 0,
): Promise<Result<CargoAnswer>> {
  const run = await execa('cargo', ['metadata', '--format-version', '1', ...args], {
    cwd,
    timeout,
    reject: false,
    stdin: 'ignore',
    maxBuffer: 1 << 30,
    env: { CARGO_TERM_COLOR: 'never' },
  });
  if (run.code === 'ENOENT') return err(cargoMissing());
  return ok({ exitCode: run.timedOut ? 124 : (run.exitCode ?? 1), stdout: run.stdout, stderr: run.stderr });
}

function cargoMissing(): LfError {
  return {
    code: 'LF010',
    message: 'cargo is not installed, or not on PATH',
    help: ['install Rust with rustup: https://rustup.rs'],
    exitCode: 3,
  };
}
