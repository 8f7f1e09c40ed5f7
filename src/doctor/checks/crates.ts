import type { DoctorCheck } from '../diagnosis.js';

/** So many are named. */
const NAMED = 4;

/** Crates in several versions are compiled several times: worth knowing, nothing to mend at once. */
export const cratesCheck: DoctorCheck = {
  id: 'crates',
  of: 'project',
  check: async ({ workspace: { lockedCrates } }) => {
    if (lockedCrates.size === 0) return { status: 'unknown', found: 'there is no Cargo.lock yet' };
    const several = [...lockedCrates].filter(([, versions]) => versions.length > 1).map(([name]) => name);
    const named = several.slice(0, NAMED).join(', ') + (several.length > NAMED ? ', …' : '');
    const what = several.length === 0 ? 'none' : `${several.length} (${named})`;
    return {
      status: 'ok',
      found: `${lockedCrates.size} crates, ${what} in several versions; leptos-fast graph shows who wants which`,
    };
  },
};
