import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { expect } from 'vitest';
import type { Result } from '../../src/core/result.js';
import { editManifest, leptosTables, type ManifestEdit } from '../../src/project/manifest-edit.js';
import { parseManifest, pathId, type TomlPath } from '../../src/project/manifest-edit-parse.js';
import { loadPreset, PRESET_NAMES, type Preset, type PresetName } from '../../src/project/preset.js';

const ZOO = fileURLToPath(new URL('../../fixtures/manifests/', import.meta.url));

/** The real-world shapes of manifests in `fixtures/manifests`. */
export const zoo = readdirSync(ZOO)
  .filter((name) => name.endsWith('.toml'))
  .map((name) => ({ name: name.replace('.toml', ''), text: readFileSync(ZOO + name, 'utf8') }));

/** Unwraps a success; a failure fails the test with its message. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) expect.fail(`${result.error.code} ${result.error.message}: ${result.error.why ?? ''}`);
  return result.value;
}

const loaded = await Promise.all(PRESET_NAMES.map(async (name) => unwrap(await loadPreset(name))));

export function presetNamed(name: PresetName): Preset {
  const preset = loaded.find((candidate) => candidate.name === name);
  if (!preset) throw new Error(name);
  return preset;
}

/** As if the lockfile had these; some of the preset's crates are missing on purpose. */
export const LOCKED = new Set(['syn', 'quote', 'proc-macro2', 'leptos_macro', 'rstml', 'serde_derive']);

export function init(
  text: string,
  name: PresetName,
  options: { readonly yes?: boolean; readonly locked?: ReadonlySet<string> | undefined } = {},
): ManifestEdit {
  return unwrap(
    editManifest(text, 'Cargo.toml', {
      preset: presetNamed(name),
      lockedCrates: 'locked' in options ? options.locked : LOCKED,
      knownPresets: loaded,
      overrideUser: options.yes === true,
    }),
  );
}

/** What a manifest must hold after `init`, computed from the parsed original without a look at the editor's ways. */
export function expectedData(
  text: string,
  name: PresetName,
  yes: boolean,
  locked: ReadonlySet<string> = LOCKED,
): unknown {
  const data = parse(text.replace(/^\uFEFF/, ''));
  const skipped = new Set(text.includes('"syn@1.0.109"') ? ['syn'] : []);
  const set = (path: TomlPath, value: unknown): void => {
    let table = data as Record<string | number, unknown>;
    for (const part of path.slice(0, -1)) {
      table[part] ??= {};
      table = table[part] as Record<string | number, unknown>;
    }
    const key = path.at(-1) ?? '';
    if (yes || table[key] === undefined) table[key] = value;
  };
  for (const { path, value } of presetNamed(name).entries) {
    const [first, crate = ''] = path;
    if (first === 'package' && crate !== '*' && (!locked.has(crate) || skipped.has(crate))) continue;
    set(['profile', 'dev-fast', ...path], value);
  }
  for (const table of leptosTables(unwrap(parseManifest(text, '')))) {
    set([...table, 'lib-profile-dev'], 'dev-fast');
    set([...table, 'bin-profile-dev'], 'dev-fast');
  }
  return data;
}

/** Spellings of the same debug level are one. */
export function normalised(data: unknown): unknown {
  return JSON.parse(
    JSON.stringify(data, (key, value) =>
      key === 'debug' && value === 0 ? false : key === 'debug' && value === 2 ? true : value,
    ),
  );
}

/** Every line of `part` stands in `whole` in the same order; lines that were changed in place may be named in a mark. */
export function missingLines(part: string, whole: string): string[] {
  const lines = whole.split('\n').map((line) => line.replace(/\r$/, ''));
  let from = 0;
  return part.split('\n').flatMap((raw) => {
    const line = raw.replace(/\r$/, '');
    const found = lines.findIndex(
      (candidate, index) => index >= from && (candidate === line || candidate.endsWith(`, was: ${line.trimStart()}`)),
    );
    if (found === -1) return [line];
    from = found + 1;
    return [];
  });
}

export { pathId };
