import type { PresetEntry, ProfileValue } from '../project/preset.js';

/** What cargo's `dev` profile says where a manifest is silent (doc.rust-lang.org/cargo/reference/profiles.html#dev). */
const DEV_DEFAULTS: readonly PresetEntry[] = [
  { path: ['debug'], value: true },
  { path: ['opt-level'], value: 0 },
];

type Table = Readonly<Record<string, unknown>>;

/** A cargo profile's values, with what it inherits. */
export class ProfileView {
  readonly #values: ReadonlyMap<string, ProfileValue>;

  /** Entries in the order in which they were said: the later one counts. */
  constructor(entries: readonly PresetEntry[]) {
    this.#values = new Map([...DEV_DEFAULTS, ...entries].map(({ path, value }) => [keyOf(path), value]));
  }

  number(key: string): number | undefined {
    const value = this.#values.get(keyOf([key]));
    return typeof value === 'number' ? value : undefined;
  }

  string(key: string): string | undefined {
    const value = this.#values.get(keyOf([key]));
    return typeof value === 'string' ? value : undefined;
  }

  boolean(key: string): boolean | undefined {
    const value = this.#values.get(keyOf([key]));
    return typeof value === 'boolean' ? value : undefined;
  }

  /** How much debug info there is, in whichever of cargo's spellings. */
  debug(): 'none' | 'lines' | 'full' {
    const value = this.#values.get(keyOf(['debug']));
    if (value === false || value === 0 || value === 'none') return 'none';
    return value === true || value === 2 || value === 'full' ? 'full' : 'lines';
  }

  /** The optimisation of a crate of build scripts and macros: its own entry, else that of all, else `build-override`'s. */
  packageLevel(crate: string): number {
    const paths = [
      ['package', crate, 'opt-level'],
      ['package', '*', 'opt-level'],
      ['build-override', 'opt-level'],
    ];
    const level = paths.map((path) => this.#values.get(keyOf(path))).find((value) => value !== undefined);
    return typeof level === 'number' ? level : 0;
  }
}

/**
 * The entries of a profile in a parsed root manifest, those that it inherits first. Nothing for a profile that does not
 * stand there.
 */
export function profileEntries(manifest: Table, name: string): readonly PresetEntry[] {
  const entries: PresetEntry[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !seen.has(next); ) {
    seen.add(next);
    const profile: unknown = tableAt(manifest.profile, next);
    if (!isTable(profile)) break;
    entries.unshift(...flatten(profile, []));
    next = typeof profile.inherits === 'string' ? profile.inherits : undefined;
  }
  return entries;
}

function* flatten(table: Table, prefix: readonly string[]): Generator<PresetEntry> {
  for (const [key, value] of Object.entries(table)) {
    const path = [...prefix, key];
    if (isTable(value)) yield* flatten(value, path);
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      yield { path, value };
  }
}

function tableAt(value: unknown, key: string): unknown {
  return isTable(value) ? value[key] : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
