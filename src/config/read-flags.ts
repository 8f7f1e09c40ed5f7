import type { LfError } from '../core/errors.js';
import { nearestName } from '../core/nearest-name.js';
import { err, ok, type Result } from '../core/result.js';
import type { Given, GivenValues, SettingRows } from './origin.js';
import { flagOf, type Setting, variableOf } from './setting.js';
import type { TypedFlag } from './setting-kinds.js';

/** What the command line gave, by the setting's name in the code. */
export type TypedFlags = Readonly<Record<string, TypedFlag>>;

/** Reads the flags. Errors: LF022, or the row's own code, for each one that takes something else. */
export function readFlags(rows: SettingRows, typed: TypedFlags): Result<GivenValues, readonly LfError[]> {
  return read(rows, (name, setting) => {
    const given = typed[name];
    if (given === undefined) return undefined;
    const flag = flagOf(setting);
    const value = setting.kind.fromFlag(given);
    const shown = given === false ? flag.replace('--', '--no-') : flag;
    if (value !== undefined) return ok({ value, origin: { kind: 'flag', flag: shown } });
    return err(wrong(setting, flag, String(given), (choice) => `${flag} ${choice}`));
  });
}

/**
 * Reads the variables; one that is set to nothing counts as not set, since that is how many tools unset one.
 * Errors: LF022, or the row's own code, for each one that takes something else.
 */
export function readVariables(rows: SettingRows, env: NodeJS.ProcessEnv): Result<GivenValues, readonly LfError[]> {
  return read(rows, (_name, setting) => {
    const variable = variableOf(setting);
    const given = env[variable];
    if (given === undefined || given === '') return undefined;
    const value = setting.kind.fromText(given);
    if (value !== undefined) return ok({ value, origin: { kind: 'environment', variable } });
    return err(wrong(setting, variable, given, (choice) => `${variable}=${choice}`));
  });
}

function read(
  rows: SettingRows,
  readOne: (name: string, setting: Setting) => Result<Given> | undefined,
): Result<GivenValues, readonly LfError[]> {
  const values: Record<string, Given> = {};
  const errors: LfError[] = [];
  for (const [name, setting] of rows) {
    const given = readOne(name, setting);
    if (given === undefined) continue;
    if (given.ok) values[name] = given.value;
    else errors.push(given.error);
  }
  return errors.length > 0 ? err(errors) : ok(values);
}

function wrong(
  { kind, code = 'LF022' }: Setting,
  name: string,
  given: string,
  write: (choice: string) => string,
): LfError {
  const meant = kind.choices && `did you mean ${write(nearestName(kind.choices, given.toLowerCase()))}?`;
  return {
    code,
    message: `${name} takes ${kind.expected}, not "${given}"`,
    help: [...(meant === undefined ? [] : [meant]), 'leptos-fast dev --help'],
    exitCode: 2,
  };
}
