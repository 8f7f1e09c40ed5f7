import { renderAssignment } from '../../project/manifest-edit-render.js';
import type { PresetEntry } from '../../project/preset.js';

/** Settings of the release profile that are measured together. */
export interface Variant {
  /** For people. */
  readonly name: string;
  readonly entries: readonly PresetEntry[];
}

const S: PresetEntry = { path: ['opt-level'], value: 's' };
const Z: PresetEntry = { path: ['opt-level'], value: 'z' };
const LTO: readonly PresetEntry[] = [
  { path: ['lto'], value: 'fat' },
  { path: ['codegen-units'], value: 1 },
];

/** The profile as it is comes first: the others are compared with it. */
export const VARIANTS: readonly [Variant, ...Variant[]] = [
  { name: 'as it is', entries: [] },
  { name: 'opt-level "s"', entries: [S] },
  { name: 'opt-level "z"', entries: [Z] },
  { name: 'fat LTO', entries: LTO },
  { name: 'fat LTO and opt-level "z"', entries: [Z, ...LTO] },
];

/** How a variant is had for good: lines of the workspace's Cargo.toml, for a profile of the wasm alone. */
export function manifestLines({ entries }: Variant, profile: string): readonly string[] {
  const own = profile === 'release' ? 'wasm-release' : profile;
  return [
    `[profile.${own}]`,
    ...(own === profile ? [] : [`inherits = "${profile}"`]),
    ...entries.map(({ path, value }) => renderAssignment(path, value)),
    ...(own === profile ? [] : ['', '# in the Leptos metadata', `lib-profile-release = "${own}"`]),
  ];
}
