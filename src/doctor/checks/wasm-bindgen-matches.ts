import { dirname, join } from 'node:path';
import { cargoHome, home } from '../cargo-home.js';
import type { Finding, FoundTool } from '../check.js';
import type { Diagnosis, DoctorCheck } from '../diagnosis.js';
import { canDownload, downloadedTool } from '../downloaded-tool.js';
import { fromFinding } from './from-finding.js';
import { wasmBindgenCheck } from './wasm-bindgen.js';

/** Does the wasm-bindgen that will be run fit the crate in Cargo.lock? The mismatch that stops people most. */
export const wasmBindgenMatchesCheck: DoctorCheck = {
  id: 'wasm-bindgen',
  of: 'project',
  codes: ['LF013'],
  check: async ({ system, workspace }) => {
    const finding = await wasmBindgenCheck.check({ workspace, env: system.env });
    const [locked] = workspace.lockedCrates.get('wasm-bindgen') ?? [];
    const version = system.env.LEPTOS_WASM_BINDGEN_VERSION ?? locked;
    return diagnoseWasmBindgen(finding, {
      locked,
      downloaded: version === undefined ? undefined : await downloadedTool('wasm-bindgen', version, system),
      canDownload: canDownload(system),
      cargoBin: join(cargoHome(system.env), 'bin'),
      folder: home(system.env),
    });
  },
};

interface BindgenFacts {
  /** The version in Cargo.lock. */
  readonly locked: string | undefined;
  /** The folder into which cargo-leptos has downloaded that version. */
  readonly downloaded: string | undefined;
  /** Are there downloads for this platform? */
  readonly canDownload: boolean;
  /** Where `cargo install` puts commands. */
  readonly cargoBin: string;
  /** Where to install from: not in the project, whose toolchain and cargo configuration are for the app. */
  readonly folder: string;
}

/** Without a command on PATH it depends on cargo-leptos's download. An install helps only where it replaces the one found. */
export function diagnoseWasmBindgen(finding: Finding<FoundTool | undefined>, facts: BindgenFacts): Diagnosis {
  const { locked, downloaded, cargoBin, folder } = facts;
  if (locked === undefined) {
    return {
      status: 'unknown',
      found: 'Cargo.lock names no wasm-bindgen yet',
      why: 'cargo writes Cargo.lock with the first build; which version is needed is known then.',
    };
  }
  const args = ['install', `wasm-bindgen-cli@${locked}`, '--locked'];
  const repair = { kind: 'install', program: 'cargo', args, cwd: folder } as const;
  if (finding.status === 'ok' && finding.value === undefined) {
    if (downloaded !== undefined) return { status: 'ok', found: `${locked}, downloaded by cargo-leptos` };
    if (facts.canDownload) {
      return {
        status: 'unknown',
        found: `no wasm-bindgen on PATH: cargo-leptos downloads ${locked} at the first build`,
        why: 'That needs a way to github.com; whether there is one was not tried.',
        fix: [`without one: cargo ${args.join(' ')}`],
      };
    }
    return {
      status: 'problem',
      found: 'no wasm-bindgen on PATH, and cargo-leptos has no download for this platform',
      code: 'LF013',
      fix: [`cargo ${args.join(' ')}`],
      repair,
    };
  }
  const diagnosis = fromFinding(finding, (tool) =>
    tool?.version === locked ? `${locked}, as in Cargo.lock` : `${tool?.version}, which fits ${locked} in Cargo.lock`,
  );
  const place = diagnosis.where?.file;
  const isReplaced = place !== undefined && dirname(place) === cargoBin;
  return diagnosis.status === 'problem' && isReplaced ? { ...diagnosis, repair } : diagnosis;
}
