import { parse as parseStrictly, TomlError } from 'smol-toml';
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { type Line, splitLines } from './manifest-edit-lines.js';

/** Keys and places in arrays from the root of a document. */
export type TomlPath = readonly (string | number)[];

/** Something in the text that holds keys: the space before the first header, a header's body, or an inline table. */
export interface Container {
  readonly kind: 'root' | 'header' | 'inline';
  readonly path: TomlPath;
  readonly node: AST.TOMLTopLevelTable | AST.TOMLTable | AST.TOMLInlineTable;
  readonly keys: KeySite[];
}

/** A `key = value` in the text. `path` is absolute, with the parts of a dotted key. */
export interface KeySite {
  readonly path: TomlPath;
  readonly node: AST.TOMLKeyValue;
  readonly container: Container;
}

/** A manifest's text with everything that edits need to know about it. Offsets and lines are those of `text`. */
export interface Manifest {
  /** The text without its byte order mark. */
  readonly text: string;
  readonly bom: string;
  readonly lines: readonly Line[];
  readonly program: AST.TOMLProgram;
  readonly containers: readonly Container[];
  readonly keys: readonly KeySite[];
}

/**
 * Parses a manifest as TOML 1.1, which cargo accepts (seen with 1.95: multi-line inline tables, trailing commas).
 * Error: LF002 with line and column.
 */
export function parseManifest(source: string, file: string): Result<Manifest> {
  const bom = source.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = source.slice(bom.length);
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: '1.1' });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return err(invalidToml(text, file, error));
  }
  const containers: Container[] = [];
  const keys: KeySite[] = [];
  collect(program, containers, keys);
  return ok({ text, bom, lines: splitLines(text), program, containers, keys });
}

/** Whether `path` begins with `prefix` (or is it). */
export function startsWith(path: TomlPath, prefix: TomlPath): boolean {
  return prefix.length <= path.length && prefix.every((part, index) => part === path[index]);
}

/** Whether two paths are the same. */
export function samePath(a: TomlPath, b: TomlPath): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** A path as a key of maps and sets. */
export function pathId(path: TomlPath): string {
  return JSON.stringify(path);
}

/** smol-toml names the first wrong place more exactly than toml-eslint-parser, which remains the fallback. */
function invalidToml(text: string, file: string, error: ParseError): LfError {
  let place = { line: error.lineNumber, column: error.column + 1, why: error.message };
  try {
    parseStrictly(text);
  } catch (strict) {
    if (!(strict instanceof TomlError)) throw strict;
    const [first = ''] = strict.message.split('\n');
    place = { line: strict.line, column: strict.column, why: first.replace(/^Invalid TOML document: /, '') };
  }
  return {
    code: 'LF002',
    message: 'Cargo.toml is not valid TOML',
    where: { file, line: place.line, column: place.column },
    why: place.why,
    help: ['mend that line; cargo cannot read the file either'],
    exitCode: 3,
  };
}

function collect(program: AST.TOMLProgram, containers: Container[], keys: KeySite[]): void {
  const open = (kind: Container['kind'], path: TomlPath, node: Container['node']): Container => {
    const container: Container = { kind, path, node, keys: [] };
    containers.push(container);
    return container;
  };
  const visitKey = (container: Container, node: AST.TOMLKeyValue): void => {
    const path = [...container.path, ...node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))];
    const site = { path, node, container };
    container.keys.push(site);
    keys.push(site);
    visitValue(path, node.value);
  };
  const visitValue = (path: TomlPath, node: AST.TOMLContentNode): void => {
    if (node.type === 'TOMLInlineTable') {
      const inner = open('inline', path, node);
      for (const key of node.body) visitKey(inner, key);
    } else if (node.type === 'TOMLArray') {
      node.elements.forEach((element, index) => void visitValue([...path, index], element));
    }
  };
  const [top] = program.body;
  const root = open('root', [], top);
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') {
      visitKey(root, node);
    } else {
      const body = open('header', node.resolvedKey, node);
      for (const key of node.body) visitKey(body, key);
    }
  }
}
