import type { DoctorCheck } from '../diagnosis.js';

/** Pins a tool's version; meant to be set. */
const PINS = /^LEPTOS_(TAILWIND|SASS|WASM_OPT|WASM_BINDGEN)_VERSION$/;
/** For an app behind a reverse proxy; meant to be set. */
const DELIBERATE = new Set(['LEPTOS_RELOAD_EXTERNAL_PORT', 'LEPTOS_RELOAD_WS_PROTOCOL']);

/**
 * Are variables of cargo-leptos or of the app left over in the environment, from a deployment script or from another project's? They win
 * over `.env` and Cargo.toml (cargo-leptos 0.3.11, config/dotenvs.rs).
 */
export const leptosEnvCheck: DoctorCheck = {
  id: 'leptos-env',
  of: 'machine',
  check: async ({ system: { env } }) => {
    const left = Object.keys(env)
      .filter((name) => name.startsWith('LEPTOS_') && !name.startsWith('LEPTOS_FAST_'))
      .filter((name) => !PINS.test(name) && !DELIBERATE.has(name))
      .sort();
    if (left.length === 0) return { status: 'ok', found: 'none that would win over Cargo.toml' };
    return {
      status: 'warning',
      found: `set in this terminal: ${left.map((name) => `${name}=${env[name]}`).join(', ')}`,
      why: `${left.length === 1 ? 'It wins' : 'They win'} over .env and over Cargo.toml.`,
      fix: [`unless you want that: unset ${left.join(' ')}`],
    };
  },
};
