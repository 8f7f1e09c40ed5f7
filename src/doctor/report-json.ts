import { ownVersion } from '../core/version.js';
import { countStatuses, type Examination } from './diagnose.js';
import type { RepairOutcome } from './repair.js';
import { isRepairable } from './report.js';

/** The object that `doctor --json` prints. Fields are added, never changed; a change would raise `version`. */
export function toJson(examination: Examination, repairs: readonly RepairOutcome[] | undefined): string {
  const { root, projects, checks } = examination;
  return JSON.stringify(
    {
      version: 1,
      leptosFast: ownVersion(),
      root,
      projects,
      checks: checks.map((check) => {
        const { id, status, found, why, where, fix, code } = check;
        return { id, status, message: found, why, where, fix: fix ?? [], code, fixable: isRepairable(check) };
      }),
      ...(repairs && { repairs }),
      summary: countStatuses(checks),
    },
    undefined,
    2,
  );
}
