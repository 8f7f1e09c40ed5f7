import type { Finding } from '../check.js';
import type { Diagnosis } from '../diagnosis.js';

/** A finding of the checks that `dev` makes too, in the doctor's words. `found` tells what is fine. */
export function fromFinding<T>(finding: Finding<T>, found: (value: T) => string): Diagnosis {
  switch (finding.status) {
    case 'ok':
      return { status: 'ok', found: found(finding.value) };
    case 'unknown':
      return { status: 'unknown', found: finding.why };
    case 'missing': {
      const { message, code, where, why, help } = finding.error;
      return { status: 'problem', found: message, code, fix: help, ...(where && { where }), ...(why && { why }) };
    }
  }
}
