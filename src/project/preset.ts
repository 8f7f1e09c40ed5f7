import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, type TomlTable } from 'smol-toml';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import {
  isPresetName,
  nearestPresetName,
  PRESET_NAMES,
  PROFILE_NAME,
  type PresetName,
  type TUNED_NAME,
} from './preset-names.js';

export { presetToCargoConfigArgs, presetToDevEnv } from './preset-cargo.js';
export { DEFAULT_PRESET, isPresetName, PRESET_NAMES, PROFILE_NAME, type PresetName } from './preset-names.js';

/** What a profile key can hold. */
export type ProfileValue = string | number | boolean;

/** One key of the profile: its path below `profile.dev-fast`, e.g. `['package', 'syn', 'opt-level']`. */
export interface PresetEntry {
  readonly path: readonly string[];
  readonly value: ProfileValue;
}

/** A preset's keys in the order of its file. */
export interface Preset {
  readonly name: PresetName | typeof TUNED_NAME;
  readonly entries: readonly PresetEntry[];
}

/**
 * Reads a preset from `templates/profiles`, which lies two folders above this module both in the sources and in the
 * installed package. Error: LF020 for a name that is no preset. A broken template is a bug and throws.
 */
export async function loadPreset(name: string): Promise<Result<Preset>> {
  if (!isPresetName(name)) return err(unknownPreset(name));
  const file = fileURLToPath(new URL(`../../templates/profiles/${name}.toml`, import.meta.url));
  return ok(parsePreset(name, await readFile(file, 'utf8')));
}

/** Reads a preset from its template's text. Throws when the text is not a `[profile.dev-fast]` of plain values. */
export function parsePreset(name: PresetName, text: string): Preset {
  const profiles = parse(text).profile;
  if (!isTable(profiles)) throw new Error(`preset ${name} has no [profile]`);
  const profile = profiles[PROFILE_NAME];
  if (!isTable(profile)) throw new Error(`preset ${name} has no [profile.${PROFILE_NAME}]`);
  return { name, entries: [...flatten(profile, [])] };
}

/**
 * Leaves out the entries of crates that the lockfile does not have: cargo warns about a `[profile.x.package.y]` that
 * matches nothing. An entry by plain name matches every locked version of that crate, and `"*"` always stays.
 */
export function filterByLockfile(preset: Preset, lockedCrateNames: ReadonlySet<string>): Preset {
  const entries = preset.entries.filter((entry) => {
    const crate = packageOf(entry);
    return crate === undefined || crate === '*' || lockedCrateNames.has(crate);
  });
  return { ...preset, entries };
}

/** The package spec that an entry is about (`syn`, `*`), or undefined for a key of the profile as a whole. */
export function packageOf(entry: PresetEntry): string | undefined {
  return entry.path[0] === 'package' ? entry.path[1] : undefined;
}

function unknownPreset(name: string): LfError {
  return {
    code: 'LF020',
    message: `there is no preset "${name}"`,
    help: [`did you mean --preset ${nearestPresetName(name)}?`, `the presets are ${PRESET_NAMES.join(', ')}`],
    exitCode: 2,
  };
}

function* flatten(table: TomlTable, prefix: readonly string[]): Generator<PresetEntry> {
  for (const [key, value] of Object.entries(table)) {
    const path = [...prefix, key];
    if (isTable(value)) yield* flatten(value, path);
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      yield { path, value };
    else throw new Error(`a preset cannot hold the value of ${path.join('.')}`);
  }
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
