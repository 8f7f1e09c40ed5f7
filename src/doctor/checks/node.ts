import type { DoctorCheck } from '../diagnosis.js';
import { compareVersions } from '../versions.js';

/** As in package.json's `engines`. */
const OLDEST = '20.19.0';

/** Is Node.js new enough? `bin/leptos-fast.js` refuses to start with an older one. */
export const nodeCheck: DoctorCheck = {
  id: 'node',
  of: 'machine',
  codes: ['LF014'],
  check: async ({ system: { nodeVersion } }) => {
    if (compareVersions(nodeVersion, OLDEST) >= 0) return { status: 'ok', found: `Node.js ${nodeVersion}` };
    return {
      status: 'problem',
      found: `Node.js ${nodeVersion} is older than ${OLDEST}`,
      code: 'LF014',
      fix: ['Install Node.js 20.19 or newer: https://nodejs.org'],
    };
  },
};
