import { nearestName } from '../core/nearest-name.js';

/** The presets, each a file `templates/profiles/<name>.toml`. */
export const PRESET_NAMES = ['balanced', 'debuggable', 'minimal', 'roadmap'] as const;

export type PresetName = (typeof PRESET_NAMES)[number];

/** What `init` and `dev` take when nothing else was asked for. */
export const DEFAULT_PRESET: PresetName = 'balanced';

/** What `tune` calls its own values in a manifest's marks: a preset that stands in the manifest alone. */
export const TUNED_NAME = 'tuned';

/** The cargo profile that every preset describes. */
export const PROFILE_NAME = 'dev-fast';

/** Whether a name is one of {@link PRESET_NAMES}. */
export function isPresetName(name: string): name is PresetName {
  return (PRESET_NAMES as readonly string[]).includes(name);
}

/** The preset that was probably meant by `name`. */
export function nearestPresetName(name: string): PresetName {
  return nearestName(PRESET_NAMES, name.toLowerCase());
}
