/** What a piece of a Rust source is. Comments that rustc turns into attributes are `doc` and `inner-doc`. */
export type LexemeKind =
  | 'space'
  | 'comment'
  | 'doc'
  | 'inner-doc'
  | 'word'
  | 'number'
  | 'quoted'
  | 'lifetime'
  | 'open'
  | 'close'
  | 'punct';

export interface Lexeme {
  readonly kind: LexemeKind;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[\t\n\v\f\r \u0085\u200e\u200f\u2028\u2029]+/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const RAW_STRING = /(?:br|cr|r)(#*)"/y;
const STRING = /[bc]?"(?:[^"\\]|\\[\s\S])*"/y;
const CHARACTER = /b?'(?:\\(?:[nrt\\0'"]|x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]+\})|[^\\'\n\r\t])'/uy;
const LIFETIME = /'(?:r#)?[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const WORD = /(?:r#)?[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const NUMBER = /[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)?/y;

/**
 * Cuts a source into pieces without a gap (doc.rust-lang.org/reference/tokens.html). Every operator character is a piece
 * of its own, and exponents with a sign are several: who compares two sources must look at the gaps between pieces too.
 */
export function* lexRust(text: string): Generator<Lexeme> {
  let start = 0;
  while (start < text.length) {
    const [kind, end] = next(text, start);
    yield { kind, start, end };
    start = end;
  }
}

function next(text: string, at: number): readonly [LexemeKind, number] {
  const match = (pattern: RegExp): number | null => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : null;
  };
  const space = match(SPACE);
  if (space !== null) return ['space', space];
  if (text.startsWith('//', at)) {
    const end = match(LINE_COMMENT) ?? text.length;
    return [commentKind(text, at, '///', '////', '//!'), end];
  }
  if (text.startsWith('/*', at)) return [blockCommentKind(text, at), endOfBlockComment(text, at)];
  const raw = match(RAW_STRING);
  if (raw !== null) {
    const hashes = text.slice(at, raw).replace(/[^#]/g, '');
    const close = text.indexOf(`"${hashes}`, raw);
    return ['quoted', close < 0 ? text.length : close + 1 + hashes.length];
  }
  const quoted = match(STRING) ?? match(CHARACTER);
  if (quoted !== null) return ['quoted', quoted];
  const lifetime = match(LIFETIME);
  if (lifetime !== null) return ['lifetime', lifetime];
  const word = match(WORD);
  if (word !== null) return ['word', word];
  const number = match(NUMBER);
  if (number !== null) return ['number', number];
  const char = text[at] ?? '';
  return ['([{'.includes(char) ? 'open' : ')]}'.includes(char) ? 'close' : 'punct', at + 1];
}

function commentKind(text: string, at: number, outer: string, notOuter: string, inner: string): LexemeKind {
  if (text.startsWith(inner, at)) return 'inner-doc';
  return text.startsWith(outer, at) && !text.startsWith(notOuter, at) ? 'doc' : 'comment';
}

function blockCommentKind(text: string, at: number): LexemeKind {
  return text.startsWith('/**/', at) ? 'comment' : commentKind(text, at, '/**', '/***', '/*!');
}

function endOfBlockComment(text: string, start: number): number {
  let depth = 0;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  for (let found = edge.exec(text); found; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return text.length;
}
