import { readFile } from 'node:fs/promises';
import type { Place } from '../core/errors.js';

type Keys = readonly (string | number)[];

/**
 * The place of a key in a TOML file, such as `['package', 'metadata', 'leptos', 'site-addr']`; a number counts the
 * tables of a `[[…]]` from 0. When the key isn't there, the nearest table around it; without one, the file alone.
 */
export async function locateKey(file: string, keys: Keys): Promise<Place> {
  const starts = await keyStarts(file);
  for (let length = keys.length; length > 0; length--) {
    const start = starts.get(pathOf(keys.slice(0, length)));
    if (start) return { file, line: start.line, column: start.column + 1 };
  }
  return { file };
}

interface Start {
  readonly line: number;
  /** From 0. */
  readonly column: number;
}

async function keyStarts(file: string): Promise<ReadonlyMap<string, Start>> {
  const starts = new Map<string, Start>();
  // Loaded here, since only an error needs it.
  const { parseTOML } = await import('toml-eslint-parser');
  try {
    const program = parseTOML(await readFile(file, 'utf8'), { tomlVersion: '1.1' });
    for (const node of program.body[0].body) {
      if (node.type === 'TOMLKeyValue') {
        addKeyValue(starts, [], node);
      } else {
        addFirst(starts, node.resolvedKey, node.loc.start);
        for (const keyValue of node.body) addKeyValue(starts, node.resolvedKey, keyValue);
      }
    }
  } catch {
    // A place is a courtesy; the error itself is reported without one.
  }
  return starts;
}

function addKeyValue(starts: Map<string, Start>, table: Keys, node: KeyValue): void {
  const keys = [...table, ...node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))];
  addFirst(starts, keys, node.loc.start);
  addValue(starts, keys, node.value);
}

function addValue(starts: Map<string, Start>, keys: Keys, value: Value): void {
  if (value.type === 'TOMLInlineTable') {
    for (const inner of value.body) addKeyValue(starts, keys, inner);
  } else if (value.type === 'TOMLArray') {
    value.elements.forEach((element, index) => {
      addFirst(starts, [...keys, index], element.loc.start);
      addValue(starts, [...keys, index], element);
    });
  }
}

function addFirst(starts: Map<string, Start>, keys: Keys, start: Start): void {
  // A dotted key also opens the tables on its way, and the first mention of a table is where a reader looks.
  for (let length = 1; length <= keys.length; length++) {
    const path = pathOf(keys.slice(0, length));
    if (!starts.has(path)) starts.set(path, start);
  }
}

const pathOf = (keys: Keys) => JSON.stringify(keys);

type KeyValue = import('toml-eslint-parser').AST.TOMLKeyValue;
type Value = import('toml-eslint-parser').AST.TOMLContentNode;
