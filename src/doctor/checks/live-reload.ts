import type { DoctorCheck } from '../diagnosis.js';
import { compareVersions } from '../versions.js';

/** The first leptos whose live-reload script connects again after the server was restarted. */
const FIRST_RECONNECTING = '0.8.16';

/** Do open tabs find back by themselves? leptos-fast's own script in the page does so with any version. */
export const liveReloadCheck: DoctorCheck = {
  id: 'live-reload',
  of: 'project',
  check: async ({ workspace }) => {
    const versions = workspace.lockedCrates.get('leptos') ?? [];
    const oldest = [...versions].sort(compareVersions)[0];
    if (oldest === undefined) return { status: 'unknown', found: 'Cargo.lock names no leptos yet' };
    if (compareVersions(oldest, FIRST_RECONNECTING) >= 0) {
      return { status: 'ok', found: `leptos ${oldest}: open tabs connect again by themselves` };
    }
    return {
      status: 'warning',
      found: `leptos ${oldest} does not connect again after a restart`,
      why: 'With --no-proxy, and with plain cargo-leptos, open tabs stay as they are; behind the proxy of leptos-fast they find back.',
      fix: [
        oldest.startsWith('0.8.')
          ? 'cargo update leptos'
          : `leptos ${FIRST_RECONNECTING} or newer: see its migration notes, https://github.com/leptos-rs/leptos/releases`,
      ],
    };
  },
};
