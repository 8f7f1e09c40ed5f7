/** A token of Rust source. Brackets are single tokens; operators are cut into their characters. */
export interface Token {
  readonly kind: 'word' | 'lifetime' | 'string' | 'literal' | 'punct' | 'open' | 'close' | 'doc';
  /** As it stands in the source. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Stands directly behind the token before it. */
  readonly glued: boolean;
}

const SPACE = /\s+/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const RAW_STRING = /(?:[bc]?r)(#*)"/y;
const STRING = /[bc]?"(?:[^"\\]|\\[\s\S])*"/y;
const CHARACTER = /b?'(?:[^'\\\n]|\\u\{[^}]*\}|\\x..|\\[^ux])'/uy;
const LIFETIME = /'(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/uy;
const NUMBER = /\d(?:[\w]*)(?:\.(?!\.|[\p{XID_Start}_])\d*(?:[eE][+-]?[\d_]+)?\w*)?/uy;
const WORD = /(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/uy;

/**
 * Cuts Rust source into tokens; comments are left out, doc comments are not, for they are attributes.
 * Null when the text is no Rust: an unfinished string or comment, brackets that do not pair.
 */
export function tokenize(source: string): readonly Token[] | null {
  const tokens: Token[] = [];
  const closers: string[] = [];
  let at = source.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  let end = -1;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const advance = (length: number): void => {
    for (let i = at; i < at + length; i++) if (source.charCodeAt(i) === 10) line++;
    at += length;
  };
  const take = (kind: Token['kind'], text: string): void => {
    tokens.push({ kind, text, line, glued: end === at });
    advance(text.length);
    end = at;
  };

  while (at < source.length) {
    const space = match(SPACE);
    if (space) {
      advance(space[0].length);
      continue;
    }
    if (source.startsWith('//', at)) {
      const [text = ''] = match(LINE_COMMENT) ?? [];
      if (isDoc(text)) take('doc', text);
      else advance(text.length);
      continue;
    }
    if (source.startsWith('/*', at)) {
      const length = blockCommentLength(source, at);
      if (length === null) return null;
      const text = source.slice(at, at + length);
      if (isDoc(text)) take('doc', text);
      else advance(length);
      continue;
    }
    const raw = match(RAW_STRING);
    if (raw) {
      const close = source.indexOf(`"${raw[1]}`, at + raw[0].length);
      if (close < 0) return null;
      const text = source.slice(at, close + 1 + (raw[1]?.length ?? 0));
      take(text.startsWith('r') ? 'string' : 'literal', text);
      continue;
    }
    const string = match(STRING);
    if (string) {
      take(string[0].startsWith('"') ? 'string' : 'literal', string[0]);
      continue;
    }
    const literal = match(CHARACTER) ?? match(NUMBER);
    if (literal) {
      take('literal', literal[0]);
      continue;
    }
    const lifetime = match(LIFETIME);
    if (lifetime) {
      take('lifetime', lifetime[0]);
      continue;
    }
    const word = match(WORD);
    if (word) {
      take('word', word[0]);
      continue;
    }
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    if (character === '"' || character === "'") return null;
    const closer = CLOSERS.get(character);
    if (closer !== undefined) {
      closers.push(closer);
      take('open', character);
    } else if (character === ')' || character === ']' || character === '}') {
      if (closers.pop() !== character) return null;
      take('close', character);
    } else {
      take('punct', character);
    }
  }
  return closers.length === 0 ? tokens : null;
}

const CLOSERS = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** What a string literal stands for, by the rules of the Rust reference; null for an escape that is not known. */
export function stringValue(literal: string): string | null {
  const text = literal.replaceAll('\r\n', '\n');
  const raw = /^r(#*)"([\s\S]*)"\1$/.exec(text);
  if (raw) return raw[2] ?? '';
  let known = true;
  const value = text
    .slice(1, -1)
    .replace(/\\(?:u\{([0-9a-fA-F_]+)\}|x([0-7][0-9a-fA-F])|(\n)[ \t\n\r]*|([\s\S]))/g, (...groups: unknown[]) => {
      const [, unicode, byte, newline, single] = groups as (string | undefined)[];
      if (unicode !== undefined) {
        const code = Number.parseInt(unicode.replaceAll('_', ''), 16);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
      } else if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16));
      else if (newline !== undefined) return '';
      else if (single !== undefined) {
        const character = ESCAPES.get(single);
        if (character !== undefined) return character;
      }
      known = false;
      return '';
    });
  return known ? value : null;
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
]);

function isDoc(comment: string): boolean {
  return /^(?:\/\/\/(?!\/)|\/\/!|\/\*\*(?![*/])|\/\*!)/.test(comment);
}

/** Block comments nest in Rust. */
function blockCommentLength(source: string, start: number): number | null {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(source); found; found = edge.exec(source)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex - start;
  }
  return null;
}
