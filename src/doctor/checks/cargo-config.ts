import { configValue, readCargoConfigs } from '../cargo-config.js';
import { type Diagnosis, type DoctorCheck, type ProjectContext, worstOf } from '../diagnosis.js';

/**
 * Does cargo's configuration break what cargo-leptos relies on? With a default target cargo puts the server into `target/TRIPLE/…`, while
 * cargo-leptos looks for it in `target/…` unless `bin-target-triple` says otherwise (0.3.11, config/bin_package.rs).
 */
export const cargoConfigCheck: DoctorCheck = { id: 'cargo-config', of: 'project', check };

async function check(context: ProjectContext): Promise<Diagnosis> {
  const { env } = context.system;
  const configs = await readCargoConfigs(context);
  const findings: Diagnosis[] = [];

  const fileTarget = configValue(configs, ['build', 'target']);
  const target = env.CARGO_BUILD_TARGET ?? fileTarget?.value;
  if (target !== undefined && !(await hasOwnTriple(context))) {
    const from = env.CARGO_BUILD_TARGET === undefined ? '[build] target' : 'CARGO_BUILD_TARGET';
    findings.push({
      status: 'problem',
      found: `${from} is ${String(target)}`,
      why: 'cargo then puts the server into a folder of that name, and cargo-leptos does not find it.',
      ...(env.CARGO_BUILD_TARGET === undefined && fileTarget ? { where: { file: fileTarget.file } } : {}),
      fix: [
        from === '[build] target' ? 'Take the line out' : 'unset CARGO_BUILD_TARGET',
        `or tell cargo-leptos too: bin-target-triple = "${String(target)}" in the Leptos metadata`,
      ],
    });
  }
  const incremental = configValue(configs, ['build', 'incremental']);
  const isOff = ['0', 'false'].includes(env.CARGO_INCREMENTAL ?? '');
  if (isOff || (env.CARGO_INCREMENTAL === undefined && incremental?.value === false)) {
    findings.push({
      status: 'warning',
      found: isOff ? 'CARGO_INCREMENTAL turns incremental builds off' : '[build] incremental is off',
      why: 'Each edit then compiles whole crates. leptos-fast leaves it as you set it.',
      ...(isOff || incremental === undefined ? {} : { where: { file: incremental.file } }),
      fix: [isOff ? 'unset CARGO_INCREMENTAL' : 'Take the line out'],
    });
  }
  const found = configs.length === 0 ? "no configuration of cargo's" : 'nothing in it that stands in the way';
  return worstOf(findings, { status: 'ok', found });
}

async function hasOwnTriple({ system, workspace }: ProjectContext): Promise<boolean> {
  if (system.env.LEPTOS_BIN_TARGET_TRIPLE !== undefined) return true;
  const manifests = await Promise.all(
    [workspace.manifestPath, ...workspace.packages.map(({ manifestPath }) => manifestPath)].map((file) =>
      system.readText(file),
    ),
  );
  return manifests.some((text) => /^\s*bin-target-triple\s*=/m.test(text ?? ''));
}
