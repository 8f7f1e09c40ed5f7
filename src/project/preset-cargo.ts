import { renderPath, renderValue } from './manifest-edit-render.js';
import type { Preset, PresetEntry } from './preset.js';
import { PROFILE_NAME } from './preset-names.js';

/**
 * The preset as `--config` arguments, which give a cargo call the profile without it standing in any file:
 * `['--config', 'profile.dev-fast.inherits="dev"', …]`. Cargo does not warn about a package entry from `--config` that
 * matches nothing, but two specs that match the same package are an error there too.
 * A manifest's profile of the same name would be mixed in, so `profile` gives it another one there.
 * Source: the cargo book, "Configuration: --config", and seen with cargo 1.95.
 */
export function presetToCargoConfigArgs(preset: Preset, profile: string = PROFILE_NAME): string[] {
  return preset.entries.flatMap(({ path, value }) => [
    '--config',
    `${renderPath(['profile', profile, ...path])}=${renderValue(value)}`,
  ]);
}

/**
 * The preset's plain values as variables that change cargo's own `dev` profile: `CARGO_PROFILE_DEV_DEBUG=false`.
 * `inherits` has no meaning there. Entries by package and for build scripts are left out: of those, cargo's documentation
 * has variables only for names that a variable can hold.
 * Source: the cargo book, "Configuration: profile".
 */
export function presetToDevEnv(preset: Preset): Record<string, string> {
  return Object.fromEntries(
    preset.entries.filter(isPlainKey).map(({ path: [key = ''], value }) => [envName(key), String(value)]),
  );
}

function isPlainKey({ path }: PresetEntry): boolean {
  return path.length === 1 && path[0] !== 'inherits';
}

function envName(key: string): string {
  return `CARGO_PROFILE_DEV_${key.replaceAll('-', '_').toUpperCase()}`;
}
