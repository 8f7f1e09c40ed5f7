import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { insertSettings, type Setting } from './manifest-edit-insert.js';
import { findOwnedLines, METADATA_KEYS, type OwnedKey, ownedKeys, PROFILE_PATH } from './manifest-edit-owned.js';
import { type Manifest, parseManifest, pathId, samePath, startsWith, type TomlPath } from './manifest-edit-parse.js';
import type { ManifestValue } from './manifest-edit-render.js';
import { stripOwned } from './manifest-edit-strip.js';
import { existsTable, findKey, plainValue, rawValue, sameValue, valuesOf } from './manifest-edit-values.js';
import { type Preset, packageOf } from './preset.js';
import { isPresetName, PROFILE_NAME, type PresetName, TUNED_NAME } from './preset-names.js';

/** What a manifest shall hold. */
export interface ManifestRequest {
  /** The profile's keys, for the workspace root's manifest; absent for a member's. */
  readonly preset?: Preset;
  /** The crates that cargo resolves; undefined when nobody knows: entries by package that stand already then stay. */
  readonly lockedCrates?: ReadonlySet<string> | undefined;
  /** All presets of this version, to tell a value that an earlier preset wrote from one that a user wrote since. */
  readonly knownPresets: readonly Preset[];
  /** Take the preset's values also where a user set other ones by hand. */
  readonly overrideUser: boolean;
}

/** A value that a user set by hand and that stays. */
export interface KeptValue {
  readonly path: TomlPath;
  /** As the user wrote it. */
  readonly value: string;
  /** What the preset would have. */
  readonly wanted: ManifestValue;
  /** Counts from 1. */
  readonly line: number;
}

export interface ManifestEdit {
  /** The new text; the old one when nothing is to do. */
  readonly text: string;
  readonly kept: readonly KeptValue[];
  /** Crates left out because the user has an entry for certain versions of them: cargo accepts only one that matches. */
  readonly skippedCrates: readonly string[];
}

/**
 * Brings a manifest to hold the profile and, in each table of Leptos metadata, the two keys that choose it. Only these
 * keys change; a manifest that holds them already comes back as it is. Errors: LF002 for invalid TOML, LF032 where whole
 * lines do not suffice.
 */
export function editManifest(source: string, file: string, request: ManifestRequest): Result<ManifestEdit> {
  const parsed = parseManifest(source, file);
  if (!parsed.ok) return parsed;
  const manifest = parsed.value;
  const { wanted, skippedCrates } = wantedSettings(manifest, request);
  const owned = ownedKeys(findOwnedLines(manifest)).map((key) => ({
    ...key,
    isEdited: isEdited(manifest, key, request),
  }));
  const ownedAt = new Map(owned.map((key) => [pathId(key.path), key]));
  if (isUpToDate(manifest, wanted, ownedAt, request)) {
    return ok({ text: source, kept: keptValues(manifest, wanted), skippedCrates });
  }
  const userKeeps = (path: TomlPath) => !request.overrideUser && ownedAt.get(pathId(path))?.isEdited === true;
  const base = parseManifest(stripOwned(manifest, userKeeps), file);
  if (!base.ok) return base;
  const mayReplace = (path: TomlPath) => {
    const before = ownedAt.get(pathId(path));
    return request.overrideUser || (before?.isReplacement === true && !before.isEdited);
  };
  const due = wanted.filter(({ path, value }) => {
    const site = findKey(base.value, path);
    return !site || (!sameValue(path, plainValue(site), value) && mayReplace(path));
  });
  const text = insertSettings(base.value, file, due);
  if (!text.ok) return text;
  const checked = checkOnlyTheseChanged(base.value, text.value, file, due);
  if (!checked.ok) return checked;
  return ok({ text: text.value, kept: keptValues(checked.value, wanted), skippedCrates });
}

/** Takes everything back that {@link editManifest} wrote. Error: LF002 for invalid TOML. */
export function removeFromManifest(source: string, file: string): Result<string> {
  const parsed = parseManifest(source, file);
  return parsed.ok ? ok(stripOwned(parsed.value, () => false)) : parsed;
}

/** The preset that a manifest says it was written for, if it says so. Error: LF002 for invalid TOML. */
export function presetInManifest(source: string, file: string): Result<PresetName | undefined> {
  const parsed = parseManifest(source, file);
  if (!parsed.ok) return parsed;
  const names = findOwnedLines(parsed.value).flatMap(({ mark }) => mark.preset ?? []);
  return ok(names.find(isPresetName));
}

/**
 * The profile's values that stand in a manifest with a mark of ours, as a preset of their own; undefined when there are none.
 * `isTuned` tells whether `tune` wrote them. Error: LF002 for invalid TOML.
 */
export function presetFromManifest(
  source: string,
  file: string,
): Result<{ readonly preset: Preset; readonly isTuned: boolean } | undefined> {
  const parsed = parseManifest(source, file);
  if (!parsed.ok) return parsed;
  const manifest = parsed.value;
  const owned = findOwnedLines(manifest);
  const entries = ownedKeys(owned).flatMap(({ path }) => {
    const site = startsWith(path, PROFILE_PATH) ? findKey(manifest, path) : undefined;
    const value = site && plainValue(site);
    return value === undefined ? [] : [{ path: path.slice(PROFILE_PATH.length).map(String), value }];
  });
  if (entries.length === 0) return ok(undefined);
  const isTuned = owned.some(({ mark }) => mark.preset === TUNED_NAME);
  return ok({ preset: { name: TUNED_NAME, entries }, isTuned });
}

/** The tables of Leptos metadata as cargo-leptos 0.3.11 looks for them: the package's, and the entries of the workspace's array. */
export function leptosTables(manifest: Manifest): TomlPath[] {
  const ofPackage = ['package', 'metadata', 'leptos'];
  const ofWorkspace = ['workspace', 'metadata', 'leptos'];
  const entries = new Map<string, TomlPath>();
  for (const { path } of manifest.containers) {
    const entry = path.slice(0, ofWorkspace.length + 1);
    if (startsWith(path, ofWorkspace) && typeof entry.at(-1) === 'number') entries.set(pathId(entry), entry);
  }
  return [...(existsTable(manifest, ofPackage) ? [ofPackage] : []), ...entries.values()];
}

type OwnedWithState = OwnedKey & { readonly isEdited: boolean };

function wantedSettings(
  manifest: Manifest,
  { preset, lockedCrates }: ManifestRequest,
): { wanted: Setting[]; skippedCrates: string[] } {
  const wanted: Setting[] = leptosTables(manifest).flatMap((table) =>
    METADATA_KEYS.map((key) => ({ path: [...table, key], value: PROFILE_NAME })),
  );
  const skipped = new Set<string>();
  const taken = cratesWithVersionedSpec(manifest);
  for (const entry of preset?.entries ?? []) {
    const path = [...PROFILE_PATH, ...entry.path];
    const crate = packageOf(entry);
    if (crate !== undefined && crate !== '*') {
      if (lockedCrates ? !lockedCrates.has(crate) : !findKey(manifest, path)) continue;
      if (taken.has(crate)) {
        skipped.add(crate);
        continue;
      }
    }
    wanted.push({ path, value: entry.value, ...(preset ? { preset: preset.name } : {}) });
  }
  return { wanted, skippedCrates: [...skipped] };
}

/**
 * Crates for which some profile has an entry such as `"syn@1.0.109"` or one with a URL. Cargo stops with "multiple package
 * overrides in profile match" when an entry by plain name stands beside it (seen with 1.95).
 */
function cratesWithVersionedSpec(manifest: Manifest): Set<string> {
  const crates = new Set<string>();
  for (const { path } of [...manifest.keys, ...manifest.containers]) {
    const spec = path[0] === 'profile' && path[2] === 'package' ? path[3] : undefined;
    if (typeof spec === 'string' && spec !== '*' && !/^[\w-]+$/.test(spec)) crates.add(crateOfSpec(spec));
  }
  return crates;
}

/** The crate of a package id spec: `name@version`, `name:version`, `url#name@version`, `url#version` or `url/name`. */
function crateOfSpec(spec: string): string {
  const [source = '', fragment] = spec.split('#');
  const named = fragment ?? (source.includes('://') ? '' : source);
  if (/^[a-z_]/i.test(named)) return named.split(/[@:]/)[0] ?? '';
  return source.split('/').at(-1) ?? '';
}

/** Whether a user has changed the value on a line that still carries our mark. */
function isEdited(manifest: Manifest, { path, mark }: OwnedKey, { knownPresets, preset }: ManifestRequest): boolean {
  const site = findKey(manifest, path);
  if (!site) return false;
  const value = plainValue(site);
  if (!startsWith(path, PROFILE_PATH)) return value !== PROFILE_NAME;
  const name = mark.preset ?? firstPresetName(manifest) ?? preset?.name;
  const writers = knownPresets.filter((known) => known.name === name);
  const written = (writers.length > 0 ? writers : knownPresets)
    .flatMap(({ entries }) => entries)
    .filter((entry) => samePath([...PROFILE_PATH, ...entry.path], path));
  return written.length > 0 && !written.some((entry) => sameValue(path, entry.value, value));
}

function firstPresetName(manifest: Manifest): string | undefined {
  return findOwnedLines(manifest).find(({ mark }) => mark.preset !== undefined)?.mark.preset;
}

function isUpToDate(
  manifest: Manifest,
  wanted: readonly Setting[],
  ownedAt: ReadonlyMap<string, OwnedWithState>,
  { preset, overrideUser }: ManifestRequest,
): boolean {
  const wantedIds = new Set(wanted.map(({ path }) => pathId(path)));
  const isFine = wanted.every(({ path, value }) => {
    const site = findKey(manifest, path);
    if (!site) return false;
    if (sameValue(path, plainValue(site), value)) return true;
    const owned = ownedAt.get(pathId(path));
    return !overrideUser && (!owned || owned.isEdited);
  });
  const isStale = [...ownedAt].some(([id, { isEdited }]) => !isEdited && !wantedIds.has(id));
  const isOfOtherPreset = findOwnedLines(manifest).some(
    ({ mark }) => mark.preset !== undefined && preset !== undefined && mark.preset !== preset.name,
  );
  return isFine && !isStale && !isOfOtherPreset;
}

function keptValues(manifest: Manifest, wanted: readonly Setting[]): KeptValue[] {
  return wanted.flatMap(({ path, value }) => {
    const site = findKey(manifest, path);
    if (!site || sameValue(path, plainValue(site), value)) return [];
    return [{ path, value: rawValue(manifest, site), wanted: value, line: site.node.loc.start.line }];
  });
}

/** Reads the result back: an edit that says anything else than what was asked for never reaches the disk. */
function checkOnlyTheseChanged(
  before: Manifest,
  text: string,
  file: string,
  settings: readonly Setting[],
): Result<Manifest> {
  const after = parseManifest(text, file);
  if (!after.ok) return err(miswritten(file, `the edited text would not be valid TOML: ${after.error.why}`));
  const expected = new Map(valuesOf(before));
  for (const { path, value } of settings) expected.set(pathId(path), JSON.stringify(value));
  const actual = valuesOf(after.value);
  const wrong = [...new Set([...expected.keys(), ...actual.keys()])].find((id) => expected.get(id) !== actual.get(id));
  if (wrong !== undefined) return err(miswritten(file, `the edited text would change ${wrong}`));
  return ok(after.value);
}

function miswritten(file: string, why: string): LfError {
  return {
    code: 'LF032',
    message: 'this manifest cannot be edited without changing more than the keys that were asked for',
    where: { file },
    why,
    help: ['write [profile.dev-fast] as a plain table with one key a line, and run init again'],
    exitCode: 3,
  };
}
