import { ok, type Result } from '../core/result.js';
import { readLockedCrates } from './init-lockfile.js';
import type { InitTargets } from './init-targets.js';
import {
  editManifest,
  type KeptValue,
  presetFromManifest,
  presetInManifest,
  removeFromManifest,
} from './manifest-edit.js';
import type { ManifestChange, ManifestFile } from './manifest-write.js';
import { DEFAULT_PRESET, loadPreset, PRESET_NAMES, type Preset, packageOf } from './preset.js';

/** A value that a user set by hand and that stays, and where. */
export interface KeptInFile extends KeptValue {
  readonly file: ManifestFile;
}

/** What `init` would do. */
export interface InitPlan {
  /** Only the files that change. */
  readonly changes: readonly ManifestChange[];
  readonly kept: readonly KeptInFile[];
  /** Crates left out since the user has an entry for certain versions of them. */
  readonly skippedCrates: readonly string[];
  readonly preset: Preset;
  /** There is no lockfile, and cargo could not resolve: entries for single crates are left out for now. */
  readonly isLockUnknown: boolean;
}

export interface PlanOptions {
  /** A preset's name; undefined takes the one the manifest was written for, else the default. */
  readonly preset: string | undefined;
  /** Take the preset's values also where a user set other ones by hand. */
  readonly overrideUser: boolean;
  /** Called when there is no lockfile, to learn which crates there will be; absent where nobody wants to wait for that. */
  readonly resolveCrates?: (() => Promise<ReadonlySet<string> | undefined>) | undefined;
}

/** Plans the merge. Errors: LF020 for an unknown preset, LF002, LF032. */
export async function planInit(targets: InitTargets, options: PlanOptions): Promise<Result<InitPlan>> {
  const preset = await choosePreset(targets, options.preset);
  if (!preset.ok) return preset;
  const tuned = tunedPreset(targets);
  if (!tuned.ok) return tuned;
  const knownPresets: Preset[] = tuned.value ? [tuned.value] : [];
  for (const name of PRESET_NAMES) {
    const known = await loadPreset(name);
    if (!known.ok) return known;
    knownPresets.push(known.value);
  }
  const needsLock = preset.value.entries.some((entry) => ![undefined, '*'].includes(packageOf(entry)));
  const lockedCrates = needsLock
    ? ((await readLockedCrates(targets.workspaceRoot)) ?? (await options.resolveCrates?.()))
    : undefined;
  const plan = { changes: [] as ManifestChange[], kept: [] as KeptInFile[], skippedCrates: [] as string[] };
  for (const file of [targets.root, ...targets.members]) {
    const own = file === targets.root ? { preset: preset.value, lockedCrates } : {};
    const edit = editManifest(file.text, file.path, { ...own, knownPresets, overrideUser: options.overrideUser });
    if (!edit.ok) return edit;
    if (edit.value.text !== file.text) plan.changes.push({ file, text: edit.value.text });
    plan.kept.push(...edit.value.kept.map((kept) => ({ ...kept, file })));
    plan.skippedCrates.push(...edit.value.skippedCrates);
  }
  return ok({ ...plan, preset: preset.value, isLockUnknown: needsLock && lockedCrates === undefined });
}

/** Plans the way back. Error: LF002. */
export function planRemoval(targets: InitTargets): Result<readonly ManifestChange[]> {
  const changes: ManifestChange[] = [];
  for (const file of [targets.root, ...targets.members]) {
    const text = removeFromManifest(file.text, file.path);
    if (!text.ok) return text;
    if (text.value !== file.text) changes.push({ file, text: text.value });
  }
  return ok(changes);
}

async function choosePreset(targets: InitTargets, asked: string | undefined): Promise<Result<Preset>> {
  if (asked !== undefined) return loadPreset(asked);
  const tuned = tunedPreset(targets);
  if (!tuned.ok) return tuned;
  if (tuned.value) return ok(tuned.value);
  const present = presetInManifest(targets.root.text, targets.root.path);
  return present.ok ? loadPreset(present.value ?? DEFAULT_PRESET) : present;
}

/** What `tune` has written into the root's manifest: a project that was tuned keeps that, as it keeps its preset. */
function tunedPreset({ root }: InitTargets): Result<Preset | undefined> {
  const present = presetFromManifest(root.text, root.path);
  if (!present.ok) return present;
  return ok(present.value?.isTuned === true ? present.value.preset : undefined);
}
