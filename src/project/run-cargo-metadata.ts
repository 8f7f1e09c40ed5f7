import { dirname } from 'node:path';
import { execa } from 'execa';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { explainCargoError } from './cargo-error.js';
import { type CargoMetadata, parseCargoMetadata } from './cargo-metadata.js';
import type { LoadOptions } from './model.js';

/**
 * Runs `cargo metadata --format-version 1` for a manifest, in that manifest's folder: cargo takes its configuration
 * and rustup its toolchain from the working directory, not from `--manifest-path`.
 * A missing Cargo.lock is written by cargo, as it is by any build.
 * `noDeps` leaves the dependencies out and never needs the network.
 * Errors: LF010 without a cargo, else what `explainCargoError` makes of cargo's words. Throws the reason of an abort.
 */
export async function runCargoMetadata(
  manifestPath: string,
  options: LoadOptions,
  { noDeps = false } = {},
): Promise<Result<CargoMetadata>> {
  const cwd = dirname(manifestPath);
  const args = ['metadata', '--format-version', '1', '--manifest-path', manifestPath];
  if (noDeps) args.push('--no-deps', '--offline');
  const run = await execa(options.cargo ?? 'cargo', args, {
    cwd,
    env: { ...options.env, CARGO_TERM_COLOR: 'never' },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  options.signal?.throwIfAborted();
  if (run.exitCode === undefined) return err(noCargo(options, run.originalMessage ?? run.shortMessage));
  if (run.exitCode !== 0) return err(explainCargoError(run.stderr, { cwd, manifestPath }));

  const parsed = parseCargoMetadata(run.stdout);
  if ('metadata' in parsed) return ok(parsed.metadata);
  return err({
    code: 'LF005',
    message: 'cargo metadata gave an answer that leptos-fast does not understand',
    where: { file: manifestPath },
    why: parsed.problem,
    help: ['Check that `cargo metadata --format-version 1` runs a real cargo, and please report this.'],
    exitCode: 3,
  });
}

function noCargo(options: LoadOptions, why: string | undefined): LfError {
  return {
    code: 'LF010',
    message: options.cargo === undefined ? 'there is no cargo on PATH' : `cargo cannot be started: ${options.cargo}`,
    ...(why === undefined ? {} : { why }),
    help: ['Install Rust from https://rustup.rs and open a new terminal.'],
    exitCode: 3,
  };
}
