import { ok, type Result } from '../core/result.js';
import { readLockedCrates } from '../project/init-lockfile.js';
import type { InitTargets } from '../project/init-targets.js';
import { editManifest, presetFromManifest } from '../project/manifest-edit.js';
import type { ManifestChange } from '../project/manifest-write.js';
import type { Preset, PresetEntry } from '../project/preset.js';
import { TUNED_NAME } from '../project/preset-names.js';

/**
 * Plans how winners come into the manifests: into `[profile.dev-fast]`, with what stands there already or, in a project
 * without it, with the preset that was measured, so that the manifest holds what was measured as a whole. Each line is
 * marked, and `init --remove` takes all of it out. Values that a user set by hand are replaced where a winner says
 * otherwise; the mark keeps the old line. Errors: LF002, LF032.
 */
export async function planTuned(
  targets: InitTargets,
  preset: Preset | null,
  winners: readonly PresetEntry[],
): Promise<Result<readonly ManifestChange[]>> {
  const present = presetFromManifest(targets.root.text, targets.root.path);
  if (!present.ok) return present;
  const before = preset?.entries ?? present.value?.preset.entries ?? [];
  const tuned: Preset = { name: TUNED_NAME, entries: withEntries(before, winners) };
  const lockedCrates = await readLockedCrates(targets.workspaceRoot);
  const changes: ManifestChange[] = [];
  for (const file of [targets.root, ...targets.members]) {
    const own = file === targets.root ? { preset: tuned, lockedCrates } : {};
    const edit = editManifest(file.text, file.path, { ...own, knownPresets: [tuned], overrideUser: true });
    if (!edit.ok) return edit;
    if (edit.value.text !== file.text) changes.push({ file, text: edit.value.text });
  }
  return ok(changes);
}

/** Entries with others, of which those with the same path take the place. */
export function withEntries(before: readonly PresetEntry[], more: readonly PresetEntry[]): readonly PresetEntry[] {
  const entries = new Map([...before, ...more].map((entry) => [JSON.stringify(entry.path), entry]));
  return [...entries.values()];
}
