import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import type { Workspace } from '../project/model.js';
import type { Finding } from './check.js';
import { cargoLeptosCheck } from './checks/cargo-leptos.js';
import { cargoCheck, rustcCheck } from './checks/rust.js';
import { wasmBindgenCheck } from './checks/wasm-bindgen.js';
import { wasmTargetCheck } from './checks/wasm-target.js';

/** The tools that a development run uses. A version that could not be found out is the word `unknown`. */
export interface ToolVersions {
  readonly rustc: string;
  readonly cargo: string;
  readonly cargoLeptos: string;
  /** Version of the wasm-bindgen on PATH; without one cargo-leptos takes or downloads its own. */
  readonly wasmBindgen?: string;
  /** Where that is; absolute. */
  readonly wasmBindgenPath?: string;
  /** rustup's name of the toolchain that is active in the workspace, if it is one of rustup's. */
  readonly toolchain?: string;
  readonly cargoLeptosPath: string;
  readonly cargoPath: string;
}

/**
 * Checks that the machine has what a development run needs: cargo and rustc (LF010), cargo-leptos (LF011), the wasm target of the
 * toolchain that is active in the workspace (LF012), a wasm-bindgen that fits (LF013). Returns everything that is missing at once.
 * The checks run in parallel, one or two short processes each. What could not be found out doesn't stop the run.
 */
export async function checkMachine(
  workspace: Workspace,
  env: NodeJS.ProcessEnv,
): Promise<Result<ToolVersions, readonly LfError[]>> {
  const context = { workspace, env };
  const findings = await Promise.all([
    cargoCheck.check(context),
    rustcCheck.check(context),
    cargoLeptosCheck.check(context),
    wasmTargetCheck.check(context),
    wasmBindgenCheck.check(context),
  ]);
  const missing = findings.flatMap((finding) => (finding.status === 'missing' ? [withDoctor(finding.error)] : []));
  if (missing.length > 0) return err(missing);

  const [cargo, rustc, cargoLeptos, wasmTarget, wasmBindgen] = findings;
  const { toolchain } = known(wasmTarget) ?? {};
  const bindgen = known(wasmBindgen);
  return ok({
    rustc: known(rustc)?.version ?? 'unknown',
    cargo: known(cargo)?.version ?? 'unknown',
    cargoLeptos: known(cargoLeptos)?.version ?? 'unknown',
    cargoPath: known(cargo)?.path ?? 'cargo',
    cargoLeptosPath: known(cargoLeptos)?.path ?? 'cargo-leptos',
    ...(bindgen ? { wasmBindgen: bindgen.version, wasmBindgenPath: bindgen.path } : {}),
    ...(toolchain === undefined ? {} : { toolchain }),
  });
}

/** What `doctor --fix` can install. */
const INSTALLABLE = /^(rustup target add|cargo install cargo-leptos) /;

function withDoctor(error: LfError): LfError {
  const [first = ''] = error.help;
  if (!INSTALLABLE.test(first)) return error;
  return { ...error, help: [...error.help, 'or let leptos-fast do it: leptos-fast doctor --fix'] };
}

function known<T>(finding: Finding<T>): T | undefined {
  return finding.status === 'missing' ? undefined : finding.value;
}
