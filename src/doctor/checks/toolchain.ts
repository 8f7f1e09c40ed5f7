import type { Finding, FoundTool } from '../check.js';
import { type Diagnosis, type DoctorCheck, worstOf } from '../diagnosis.js';
import { fromFinding } from './from-finding.js';
import { cargoCheck, rustcCheck } from './rust.js';

/** Are rustc and cargo there, do they run, and do they belong together? */
export const toolchainCheck: DoctorCheck = {
  id: 'toolchain',
  of: 'machine',
  codes: ['LF010'],
  check: async ({ system, root }) => {
    const context = { workspace: { root, lockedCrates: new Map() }, env: system.env };
    const [rustc, cargo] = await Promise.all([rustcCheck.check(context), cargoCheck.check(context)]);
    return diagnoseToolchain(rustc, cargo);
  },
};

/** Puts the two findings together. */
export function diagnoseToolchain(rustc: Finding<FoundTool>, cargo: Finding<FoundTool>): Diagnosis {
  const parts = [
    fromFinding(rustc, ({ version }) => `rustc ${version}`),
    fromFinding(cargo, ({ version }) => `cargo ${version}`),
  ];
  const fine: Diagnosis = { status: 'ok', found: parts.map(({ found }) => found).join(', ') };
  if (rustc.status !== 'ok' || cargo.status !== 'ok') return worstOf(parts, fine);
  if (minorOf(rustc.value.version) === minorOf(cargo.value.version)) return fine;
  return {
    status: 'warning',
    found: `rustc ${rustc.value.version} and cargo ${cargo.value.version} are not of one toolchain`,
    why: `They come from ${rustc.value.path} and ${cargo.value.path}: two installations of Rust, of which PATH mixes the parts.`,
    fix: [
      'Put rustup\'s folder first on PATH: export PATH="$HOME/.cargo/bin:$PATH"',
      'or remove the Rust that you do not use',
    ],
  };
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
