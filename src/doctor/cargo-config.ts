import { join } from 'node:path';
import { parse } from 'smol-toml';
import { foldersUpwards } from '../core/paths.js';
import { cargoHome } from './cargo-home.js';
import type { MachineContext } from './diagnosis.js';
import type { System } from './system.js';

/** One of cargo's configuration files. */
export interface CargoConfigFile {
  readonly file: string;
  /** `undefined` when it is not valid TOML: cargo stops at it then. */
  readonly values: Readonly<Record<string, unknown>> | undefined;
}

/** Flags for rustc and where they stand. */
export interface SourcedFlags {
  readonly flags: readonly string[];
  /** For people: a file, or the name of a variable. */
  readonly from: string;
  readonly file?: string;
  /** The table in the file, such as `build` or `target.x86_64-unknown-linux-gnu`. */
  readonly table?: string;
}

/**
 * cargo's configuration files for a folder, the strongest first: `.cargo/config.toml` (or `config`) in it and in each folder above, then
 * the one in cargo's home (https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure).
 */
export async function readCargoConfigs({ system, root }: MachineContext): Promise<readonly CargoConfigFile[]> {
  const folders = foldersUpwards(root).map((dir) => join(dir, '.cargo'));
  const home = cargoHome(system.env);
  const files: CargoConfigFile[] = [];
  for (const folder of [...folders.filter((dir) => dir !== home), home]) {
    const found = await readConfig(folder, system);
    if (found) files.push(found);
  }
  return files;
}

/** The strongest file's value at this path of keys. */
export function configValue(
  configs: readonly CargoConfigFile[],
  path: readonly string[],
): { readonly value: unknown; readonly file: string } | undefined {
  for (const { file, values } of configs) {
    const value = path.reduce<unknown>((at, key) => (isTable(at) ? at[key] : undefined), values);
    if (value !== undefined) return { value, file };
  }
  return undefined;
}

/** Every `rustflags` of the tables `build` and `target.…`, each with its place. */
export function rustflagsInConfigs(configs: readonly CargoConfigFile[]): readonly SourcedFlags[] {
  return configs.flatMap(({ file, values = {} }) => {
    const targets = isTable(values.target) ? Object.entries(values.target) : [];
    const tables: readonly (readonly [string, unknown])[] = [
      ['build', values.build],
      ...targets.map(([name, table]) => [`target.${name}`, table] as const),
    ];
    return tables.flatMap(([table, content]) => {
      const flags = isTable(content) ? flagsOf(content.rustflags) : [];
      return flags.length === 0 ? [] : [{ flags, from: `[${table}] rustflags`, file, table }];
    });
  });
}

/** A value of `rustflags`, which may be a list or one string (or, in a variable, only a string). */
export function flagsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((flag) => flag !== '');
  return Array.isArray(value) ? value.filter((flag) => typeof flag === 'string') : [];
}

async function readConfig(folder: string, system: System): Promise<CargoConfigFile | undefined> {
  // The one without the ending wins where both exist.
  for (const name of ['config', 'config.toml']) {
    const file = join(folder, name);
    const text = await system.readText(file);
    if (text === undefined) continue;
    try {
      return { file, values: parse(text) };
    } catch {
      return { file, values: undefined };
    }
  }
  return undefined;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
