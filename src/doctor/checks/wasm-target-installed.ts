import type { Finding } from '../check.js';
import type { Diagnosis, DoctorCheck } from '../diagnosis.js';
import { fromFinding } from './from-finding.js';
import { type WasmTarget, wasmTargetCheck } from './wasm-target.js';

/** Has the toolchain of this folder the standard library for wasm? */
export const wasmTargetInstalledCheck: DoctorCheck = {
  id: 'wasm-target',
  of: 'machine',
  codes: ['LF012'],
  check: async ({ system, root }) => {
    const context = { workspace: { root, lockedCrates: new Map() }, env: system.env };
    return diagnoseWasmTarget(await wasmTargetCheck.check(context), root);
  },
};

/** rustup is asked to add the target where it is one of rustup's toolchains that lacks it. */
export function diagnoseWasmTarget(finding: Finding<WasmTarget>, root: string): Diagnosis {
  const diagnosis = fromFinding(finding, ({ toolchain }) => `installed for ${toolchain ?? 'this Rust'}`);
  const [command = ''] = diagnosis.fix ?? [];
  const [program = '', ...args] = command.split(' ');
  if (diagnosis.status !== 'problem' || program !== 'rustup') return diagnosis;
  return { ...diagnosis, repair: { kind: 'install', program, args, cwd: root } };
}
