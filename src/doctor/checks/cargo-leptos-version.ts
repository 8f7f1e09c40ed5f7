import { FIRST_WITH_BINDGEN_COMMAND, FIRST_WITH_CHANGE_TYPES } from '../../gate/cargo-leptos-abilities.js';
import { home } from '../cargo-home.js';
import type { Finding, FoundTool } from '../check.js';
import type { Diagnosis, DoctorCheck } from '../diagnosis.js';
import { compareVersions } from '../versions.js';
import { cargoLeptosCheck } from './cargo-leptos.js';
import { fromFinding } from './from-finding.js';

/** The cargo-leptos whose source leptos-fast follows. */
export const TRIED_CARGO_LEPTOS = '0.3.11';

const INSTALL = ['install', `cargo-leptos@${TRIED_CARGO_LEPTOS}`, '--locked'] as const;

/** Is cargo-leptos there, and one that leptos-fast knows? */
export const cargoLeptosVersionCheck: DoctorCheck = {
  id: 'cargo-leptos',
  of: 'machine',
  codes: ['LF011'],
  check: async ({ system, root }) => {
    const context = { workspace: { root, lockedCrates: new Map() }, env: system.env };
    return diagnoseCargoLeptos(await cargoLeptosCheck.check(context), home(system.env));
  },
};

/** Older ones lack something, newer series may differ: that is told, and only the first is repaired. */
export function diagnoseCargoLeptos(finding: Finding<FoundTool>, folder: string): Diagnosis {
  const diagnosis = fromFinding(finding, ({ version }) => version);
  // Not in the project, whose toolchain and cargo configuration are for the app.
  const repair = { kind: 'install', program: 'cargo', args: INSTALL, cwd: folder } as const;
  if (diagnosis.status === 'problem') return { ...diagnosis, fix: [`cargo ${INSTALL.join(' ')}`], repair };
  if (finding.status !== 'ok') return diagnosis;
  const { version } = finding.value;
  if (seriesOf(version) > seriesOf(TRIED_CARGO_LEPTOS)) {
    return {
      status: 'unknown',
      found: `cargo-leptos ${version} is newer than any that leptos-fast was tried with (${TRIED_CARGO_LEPTOS})`,
      fix: [`where something goes wrong: cargo ${INSTALL.join(' ')}`],
    };
  }
  if (compareVersions(version, FIRST_WITH_CHANGE_TYPES) >= 0) return diagnosis;
  const why =
    compareVersions(version, FIRST_WITH_BINDGEN_COMMAND) < 0
      ? 'It has one version of wasm-bindgen built in, which must be the one in Cargo.lock, and knows no wasm-bindgen command.'
      : 'Newer ones can be asked for one side; this one is started anew where it misses a change of a stylesheet.';
  return {
    status: 'warning',
    found: `cargo-leptos ${version} is older than ${FIRST_WITH_CHANGE_TYPES}`,
    why,
    fix: [`cargo ${INSTALL.join(' ')}`],
    repair,
  };
}

/** `0.3` as a number that can be compared: a new minor of a 0.x version may change anything. */
function seriesOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1_000 + minor;
}
