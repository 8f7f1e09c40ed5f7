import { PRESET_NAMES, PROFILE_NAME } from '../../project/preset-names.js';

/** How `dev` names what it builds with (see FastMode.mode), taken apart. */
export type Profile =
  | { readonly kind: 'preset'; readonly name: string }
  /** `--no-fast`. */
  | { readonly kind: 'plain' }
  /** What the manifest says. */
  | { readonly kind: 'manifest'; readonly isOurs: boolean };

export function profileOf(mode: string): Profile | null {
  if (mode === 'plain dev profile') return { kind: 'plain' };
  const preset = PRESET_NAMES.find((name) => mode.startsWith(`${name} profile`));
  if (preset !== undefined) return { kind: 'preset', name: preset };
  const written = /^profiles? (.+) of Cargo\.toml$/.exec(mode)?.[1];
  return written === undefined ? null : { kind: 'manifest', isOurs: written === PROFILE_NAME };
}

/** The command that builds with a preset from now on, where the present way is this one. */
export function commandFor(preset: string, present: Profile | null): string {
  return present?.kind === 'manifest' ? `leptos-fast init --preset ${preset}` : `leptos-fast dev --preset ${preset}`;
}
