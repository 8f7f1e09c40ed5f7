import { describe, expect, it } from 'vitest';
import { stringValue, tokenize } from '../../src/patch/rust-tokens.js';

const texts = (source: string) => tokenize(source)?.map(({ text }) => text);

describe('tokenize', () => {
  it.each([
    ['a /* b /* c */ " */ e', ['a', 'e']],
    ['a // "b\nc', ['a', 'c']],
    ['/// doc\n//// none\n/*! in */ x', ['/// doc', '/*! in */', 'x']],
    [`'a' 'a b '\\'' '\\u{1F30A}' '\\n'`, ["'a'", "'a", 'b', "'\\''", "'\\u{1F30A}'", "'\\n'"]],
    ["don't 'static '", null],
    ["f('{', b'}')", ['f', '(', "'{'", ',', "b'}'", ')']],
    ['r#"a"b"# br"c" c"d" b"e" r#type', ['r#"a"b"#', 'br"c"', 'c"d"', 'b"e"', 'r#type']],
    [
      '1..2 1.5e-3f64 1.max(2) 0xFFu8 t.0.1',
      ['1', '.', '.', '2', '1.5e-3f64', '1', '.', 'max', '(', '2', ')', '0xFFu8', 't', '.', '0.1'],
    ],
    ['"a\\"b" "c\nd"', ['"a\\"b"', '"c\nd"']],
    ['größe Ω', ['größe', 'Ω']],
    ['( [ ) ]', null],
    ['{ a', null],
    ['"open', null],
    ['/* open', null],
  ])('%j', (source, expected) => {
    expect(texts(source) ?? null).toEqual(expected);
  });

  it('counts lines, also within strings and comments', () => {
    const tokens = tokenize('a\n"x\ny" b /*\n\n*/ c');
    expect(tokens?.map(({ text, line }) => [text, line])).toEqual([
      ['a', 1],
      ['"x\ny"', 2],
      ['b', 3],
      ['c', 5],
    ]);
  });
});

it.each([
  [String.raw`"a\n\t\\\"\x41\u{1F_30A}\0"`, 'a\n\t\\"A\u{1F30A}\0'],
  ['"one \\\n     two"', 'one two'],
  ['"a\r\nb"', 'a\nb'],
  ['r##"a"#b\\n"##', 'a"#b\\n'],
  [String.raw`"\q"`, null],
])('the value of %s', (literal, value) => {
  expect(stringValue(literal)).toBe(value);
});
