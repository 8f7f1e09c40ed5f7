import { planInit } from '../project/init-plan.js';
import { locateInitTargets } from '../project/init-targets.js';
import { presetFromManifest, presetInManifest } from '../project/manifest-edit.js';

/** What `leptos-fast init` has left in a project's manifests. */
export type InitState =
  /** Nothing: the profile comes in through the gate. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'up to date'; readonly preset: string }
  /** `init` would write these files. */
  | { readonly kind: 'outdated'; readonly preset: string; readonly files: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** The same question as `leptos-fast init --check`, but for projects without anything of ours too. Writes nothing. */
export async function initState(dir: string): Promise<InitState> {
  const targets = await locateInitTargets(dir);
  if (!targets.ok) return { kind: 'unknown', why: targets.error.message };
  const { root, members } = targets.value;
  const present = presetInManifest(root.text, root.path);
  if (!present.ok) return { kind: 'unknown', why: present.error.message };
  const marked = members.some((member) => {
    const own = presetInManifest(member.text, member.path);
    return own.ok && own.value !== undefined;
  });
  const own = presetFromManifest(root.text, root.path);
  const isTuned = own.ok && own.value?.isTuned === true;
  if (present.value === undefined && !isTuned && !marked) return { kind: 'absent' };
  const plan = await planInit(targets.value, { preset: undefined, overrideUser: false });
  if (!plan.ok) return { kind: 'unknown', why: plan.error.message };
  const { changes, preset } = plan.value;
  if (changes.length === 0) return { kind: 'up to date', preset: preset.name };
  return { kind: 'outdated', preset: preset.name, files: changes.map(({ file }) => file.path) };
}
