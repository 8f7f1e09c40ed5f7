import { readFile } from 'node:fs/promises';
import type { AST } from 'toml-eslint-parser';
import type { LfError, Place } from '../core/errors.js';
import { nearestName } from '../core/nearest-name.js';
import { err, ok, type Result } from '../core/result.js';
import type { Given, GivenValues, SettingRows } from './origin.js';
import type { Setting } from './setting.js';

/** The settings of a project: beside the workspace's Cargo.toml. */
export const SETTINGS_FILE = 'leptos-fast.toml';

/** What was read, and all that was wrong with it. */
type FileResult = Result<GivenValues, readonly LfError[]>;

/**
 * Reads the settings file (absolute); one that does not exist gives nothing. Errors: LF023 with the place, one for each
 * unknown name and each wrong value.
 */
export async function readSettingsFile(rows: SettingRows, file: string): Promise<FileResult> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok({});
    return err([unreadable(file, error)]);
  }
  return parseSettings(rows, file, text);
}

/** Reads the text of a settings file; see {@link readSettingsFile}. */
export async function parseSettings(rows: SettingRows, file: string, text: string): Promise<FileResult> {
  // Loaded here: most projects have no such file.
  const { getStaticTOMLValue, ParseError, parseTOML } = await import('toml-eslint-parser');
  const toml = text.replace(/^\uFEFF/, '');
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(toml, { tomlVersion: '1.1' });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return err([notToml(file, toml, error)]);
  }
  const values: Record<string, Given> = {};
  const errors: LfError[] = [];
  const take = ({ key, keyPlace, valuePlace, node }: Entry): void => {
    const found = rows.find(([, setting]) => setting.key === key);
    if (!found) {
      errors.push(unknownKey(rows, key, keyPlace));
      return;
    }
    const [name, setting] = found;
    const written: unknown = getStaticTOMLValue(node);
    const value = setting.kind.fromToml(written);
    if (value === undefined) errors.push(wrongValue(setting, written, valuePlace));
    else values[name] = { value, origin: { kind: 'file', place: valuePlace } };
  };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      for (const entry of entriesOf(file, [], node)) take(entry);
      continue;
    }
    const table = node.resolvedKey.join('.');
    if (tablesOf(rows).includes(table)) {
      for (const entry of node.body.flatMap((inner) => entriesOf(file, [table], inner))) take(entry);
    } else {
      errors.push(unknownTable(rows, table, placeOf(file, node.key)));
    }
  }
  return errors.length > 0 ? err(errors) : ok(values);
}

interface Entry {
  /** Its whole way, joined by dots. */
  readonly key: string;
  readonly keyPlace: Place;
  readonly valuePlace: Place;
  readonly node: AST.TOMLContentNode;
}

/** An inline table is many entries. */
function entriesOf(file: string, table: readonly string[], { key, value }: AST.TOMLKeyValue): readonly Entry[] {
  const way = [...table, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))];
  if (value.type === 'TOMLInlineTable') return value.body.flatMap((inner) => entriesOf(file, way, inner));
  return [{ key: way.join('.'), keyPlace: placeOf(file, key), valuePlace: placeOf(file, value), node: value }];
}

function placeOf(file: string, { loc }: AST.TOMLNode): Place {
  return { file, line: loc.start.line, column: loc.start.column + 1 };
}

/** The tables that settings stand in. */
function tablesOf(rows: SettingRows): readonly string[] {
  return [...new Set(rows.map(([, { key }]) => key.split('.').slice(0, -1).join('.')).filter((table) => table !== ''))];
}

function invalid(message: string, where: Place, help: readonly string[], why?: string): LfError {
  return { code: 'LF023', message, where, ...(why !== undefined && { why }), help, exitCode: 3 };
}

function unreadable(file: string, error: unknown): LfError {
  const why = error instanceof Error ? error.message : String(error);
  return invalid(`${SETTINGS_FILE} cannot be read`, { file }, ['this must be a file that you may read'], why);
}

function notToml(file: string, text: string, { index, message }: { index: number; message: string }): LfError {
  // What is missing at the end of a line is noticed in the next one.
  const read = /\S/.test(text[index] ?? '') ? text.slice(0, index) : text.slice(0, index).trimEnd();
  const lines = read.split('\n');
  const where = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  return invalid(
    `${SETTINGS_FILE} is not valid TOML`,
    where,
    [`correct line ${where.line} of this file`],
    `${message}.`,
  );
}

function unknownKey(rows: SettingRows, key: string, where: Place): LfError {
  const [first = '', ...others] = rows.map(([, setting]) => setting.key);
  return invalid(`there is no setting "${key}"`, where, [
    `did you mean ${nearestName([first, ...others], key)}?`,
    `the settings are ${[first, ...others].join(', ')}`,
  ]);
}

function unknownTable(rows: SettingRows, table: string, where: Place): LfError {
  const [first, ...others] = tablesOf(rows);
  const atTop = 'settings without a table stand at the top of the file';
  const help = first === undefined ? [atTop] : [atTop, `or did you mean [${nearestName([first, ...others], table)}]?`];
  return invalid(`there is no table [${table}]`, where, help);
}

function wrongValue({ key, kind }: Setting, written: unknown, where: Place): LfError {
  const shown = JSON.stringify(written);
  // `port = "4000"`: the value is right, its type is not.
  const meant = typeof written === 'string' ? kind.fromText(written) : undefined;
  const help =
    meant !== undefined
      ? `write ${key} = ${JSON.stringify(meant)}`
      : kind.choices && typeof written === 'string'
        ? `did you mean "${nearestName(kind.choices, written.toLowerCase())}"?`
        : `${key} = … with ${kind.expected}, or no such line`;
  return invalid(`${key} takes ${kind.expected}, not ${shown}`, where, [help]);
}
