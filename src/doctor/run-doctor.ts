import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { examine } from './diagnose.js';
import type { Diagnosed, Repair } from './diagnosis.js';
import { carryOut, type RepairIo, type RepairOutcome } from './repair.js';
import { isRepairable, renderReport } from './report.js';
import { toJson } from './report-json.js';
import type { System } from './system.js';

export interface DoctorOptions {
  /** A folder in the project. */
  readonly dir: string;
  readonly fix: boolean;
  readonly json: boolean;
}

export interface DoctorIo {
  /** For the report. */
  readonly print: (text: string) => void;
  readonly columns: number;
  /** For what repairs tell while they run. */
  readonly repairs: RepairIo;
}

/** 0: nothing is wrong, though there may be warnings and unknowns. 1: there is a problem. */
export type DoctorExitCode = 0 | 1;

/** Examines machine and project, repairs what it may, and reports. Errors: LF001, LF003 (exit code 3). */
export async function runDoctor(
  options: DoctorOptions,
  system: System,
  io: DoctorIo,
): Promise<Result<DoctorExitCode, LfError>> {
  const first = await examine(options.dir, system);
  if (!first.ok) return err(first.error);
  const repairs = options.fix ? await repairAll(first.value.checks, io.repairs) : undefined;
  const second = repairs && repairs.length > 0 ? await examine(options.dir, system) : first;
  if (!second.ok) return err(second.error);
  const examination = second.value;
  io.print(
    options.json
      ? `${toJson(examination, repairs)}\n`
      : renderReport(examination, { cwd: io.repairs.cwd, columns: io.columns, isAfterRepair: options.fix }),
  );
  return ok(examination.checks.some(({ status }) => status === 'problem') ? 1 : 0);
}

/** One after the other: they use the same tools, and each is shown as it runs. */
async function repairAll(checks: readonly Diagnosed[], io: RepairIo): Promise<readonly RepairOutcome[]> {
  const outcomes: RepairOutcome[] = [];
  for (const check of checks) {
    if (isRepairable(check) && hasRepair(check)) outcomes.push(await carryOut(check, io));
  }
  if (outcomes.length === 0) io.write('\n  nothing here that leptos-fast could repair by itself\n');
  return outcomes;
}

function hasRepair(check: Diagnosed): check is Diagnosed & { readonly repair: Repair } {
  return check.repair !== undefined;
}
