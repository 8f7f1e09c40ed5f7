import type { ErrorCode } from '../core/errors.js';
import type { SettingKind } from './setting-kinds.js';

/** One setting: a row of the table from which the file, the variables, the flags, `--help`, the schema and the docs come. */
export interface Setting<T = unknown, Default = unknown> {
  /** Its name in the file; `cache.max-size` is `max-size` in `[cache]`. Flag and variable are made from it. */
  readonly key: string;
  readonly kind: SettingKind<T>;
  readonly default: Default;
  /** What the setting does; of a switch that is on by default, what turning it off does. One line, for all readers. */
  readonly doc: string;
  /** What the flag's value is called in `--help`; of a setting without one, that there is no flag. */
  readonly flag: string | null;
  /** What counts while it is not set, where that is no value of its own. */
  readonly unset?: string;
  /** The error code of a wrong value on the command line or in the environment; LF022 unless it says another. */
  readonly code?: ErrorCode;
}

/** What a setting is, whichever source it comes from. */
export type ValueOf<S> = S extends Setting<infer T, infer Default> ? T | Default : never;

/** `LEPTOS_FAST_MAX_RETRIES` for `max-retries`. */
export function variableOf({ key }: Pick<Setting, 'key'>): string {
  return `LEPTOS_FAST_${key.replace(/[-.]/g, '_').toUpperCase()}`;
}

/** `--max-retries`, as it is typed to give the setting a value or turn it on. */
export function flagOf({ key }: Pick<Setting, 'key'>): string {
  return `--${key.replaceAll('.', '-')}`;
}

/** The flag as `--help` and the docs show it, such as `--port N`, `--no-gate`, `--poll[=MS]`; null when there is none. */
export function flagSynopsis(setting: Setting): string | null {
  const { flag, kind } = setting;
  if (flag === null) return null;
  switch (kind.flagForm) {
    case 'switch':
      return isOnByDefault(setting) ? flagOf(setting).replace('--', '--no-') : flagOf(setting);
    case 'optional-value':
      return `${flagOf(setting)}[=${flag}]`;
    case 'value':
    case 'repeated':
      return `${flagOf(setting)} ${flag}`;
  }
}

/** True for a switch that one turns off: its `doc` is about that. */
export function isOnByDefault(setting: Setting): boolean {
  return setting.kind.flagForm === 'switch' && setting.default === true;
}
