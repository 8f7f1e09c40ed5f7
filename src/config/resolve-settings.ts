import { relative } from 'node:path';
import { formatPlace } from '../core/errors.js';
import type { ConfigEntry } from '../core/events.js';
import { editDistance, nearestName } from '../core/nearest-name.js';
import { DEV_ROWS, type DevSettings } from './dev-settings.js';
import type { GivenValues, Origin, SettingRows } from './origin.js';
import { type Setting, variableOf } from './setting.js';

/** So many edits make a variable's name a slip of another's. */
const SLIP = 2;

/** The settings of one run, and where each comes from. */
export interface ResolvedSettings {
  readonly settings: DevSettings;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** Puts the sources together, the strongest first: command line, environment, file; then the defaults. */
export function resolveSettings(strongestFirst: readonly GivenValues[]): ResolvedSettings {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [name, setting] of DEV_ROWS) {
    const given = strongestFirst.find((source) => source[name] !== undefined)?.[name];
    values[name] = given === undefined ? setting.default : given.value;
    origins[name] = given?.origin ?? { kind: 'default' };
  }
  // Each value was read by its own row's kind, or is that row's default.
  return { settings: values as unknown as DevSettings, origins };
}

/** What `--print-config` shows: one entry a setting, in the table's order. Places are shown as seen from `cwd`. */
export function configEntries({ settings, origins }: ResolvedSettings, cwd: string): readonly ConfigEntry[] {
  return DEV_ROWS.map(([name, setting]) => {
    const value = settings[name];
    const origin = origins[name] ?? { kind: 'default' };
    return {
      name: setting.key,
      value: value ?? null,
      ...(isUnset(setting, value) && { unset: setting.unset }),
      source: origin.kind,
      from: describeOrigin(origin, cwd),
      ...(origin.kind === 'file' && { where: origin.place }),
    };
  });
}

function isUnset(setting: Setting, value: unknown): setting is Setting & { readonly unset: string } {
  return setting.unset !== undefined && value === setting.default;
}

function describeOrigin(origin: Origin, cwd: string): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'environment':
      return origin.variable;
    case 'flag':
      return origin.flag;
    case 'file':
      return formatPlace({ ...origin.place, file: relative(cwd, origin.place.file) });
  }
}

/** Variables of ours that are no settings: where `bench` works, and its browser. */
const OTHER_VARIABLES = ['LEPTOS_FAST_CACHE', 'LEPTOS_FAST_CHROMIUM'];

/** Variables whose name is nearly that of a setting, and what was probably meant. */
export function misspeltVariables(rows: SettingRows, env: NodeJS.ProcessEnv): readonly (readonly [string, string])[] {
  const [first = '', ...others] = rows.map(([, setting]) => variableOf(setting));
  const known = [first, ...others] as const;
  return Object.keys(env)
    .filter((name) => name.startsWith('LEPTOS_FAST_') && ![...known, ...OTHER_VARIABLES].includes(name))
    .map((name) => [name, nearestName(known, name)] as const)
    .filter(([name, nearest]) => editDistance(name, nearest) <= SLIP);
}

/** The names, as the file has them, of settings that one reading of it gives otherwise than the other. */
export function changedSettings(rows: SettingRows, before: GivenValues, now: GivenValues): readonly string[] {
  const valueIn = (values: GivenValues, name: string) => JSON.stringify(values[name]?.value);
  return rows.filter(([name]) => valueIn(before, name) !== valueIn(now, name)).map(([, { key }]) => key);
}
