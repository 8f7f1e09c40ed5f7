import type { PresetEntry } from '../project/preset.js';

/** What candidates are about; of each group at most one can win. */
export const GROUPS = [
  'linker',
  'codegen-units',
  'debug',
  'split-debuginfo',
  'macros',
  'names',
  'threads',
  'backend',
] as const;

export type Group = (typeof GROUPS)[number];

/**
 * What the first build with a setting has to do anew: link, build the crates of the project, or build the dependencies
 * too, since cargo keeps a profile's values in the name of what it builds.
 */
export type Rebuilds = 'link' | 'app' | 'all';

/** One setting, or several together, that `tune` measures against what the project builds with now. */
export interface Candidate {
  readonly id: string;
  readonly group: Group;
  /** For people: `mold as the linker`. */
  readonly title: string;
  /** Keys of the cargo profile; those of the base with the same path are replaced. */
  readonly entries: readonly PresetEntry[];
  /** Keys of the profile that count for the server alone. */
  readonly serverEntries?: readonly PresetEntry[];
  /** The profile's unstable `rustflags`. */
  readonly rustcFlags?: readonly string[];
  /** More arguments for cargo, such as `-Zprofile-rustflags`. */
  readonly cargoArgs?: readonly string[];
  /** What the C compiler that links the server is told besides. */
  readonly linkArgs?: readonly string[];
  readonly rebuilds: Rebuilds;
  /** What it costs, in words; undefined where it costs nothing but the first build. */
  readonly cost?: string;
  /** Lines for people to write where leptos-fast does not: absent where the profile in the manifest says it all. */
  readonly byHand?: { readonly file: string; readonly lines: readonly string[] };
}

/** Something that is not tried, and why. */
export interface NotTried {
  readonly group: Group;
  readonly what: string;
  readonly why: string;
}

/** Several candidates at once: of different groups, so that their keys do not meet. */
export interface Arm {
  /** Empty for the base. */
  readonly candidates: readonly Candidate[];
}

/** What the project builds with now. */
export const BASE: Arm = { candidates: [] };

/** The name of an arm in tables and as a key. */
export function nameOfArm({ candidates }: Arm): string {
  return candidates.length === 0 ? 'as it is' : candidates.map(({ title }) => title).join(' + ');
}

/** The most that one of them makes cargo build anew. */
export function rebuildsOf({ candidates }: Arm): Rebuilds {
  const order: readonly Rebuilds[] = ['link', 'app', 'all'];
  return order[Math.max(0, ...candidates.map(({ rebuilds }) => order.indexOf(rebuilds)))] ?? 'all';
}
