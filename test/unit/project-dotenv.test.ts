// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of .env files, not of templates
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDotenv } from '../../src/project/dotenv.js';

function values(text: string, env: NodeJS.ProcessEnv = {}): Record<string, string> {
  const parsed = parseDotenv(text, env);
  if (!parsed.ok) throw new Error(`line ${parsed.problem.line}: ${parsed.problem.why}`);
  return Object.fromEntries(parsed.entries.map(({ name, value }) => [name, value]));
}

function problemLine(text: string): number | undefined {
  const parsed = parseDotenv(text, {});
  return parsed.ok ? undefined : parsed.problem.line;
}

describe('values', () => {
  // Cases of dotenvy's own tests (parse.rs of 0.15.7).
  it.each([
    ['plain', 'KEY=1', { KEY: '1' }],
    ['double quotes', 'KEY="fi ve"', { KEY: 'fi ve' }],
    ['single quotes keep everything', `KEY='>\${A}\\n<'`, { KEY: '>${A}\\n<' }],
    ['an escaped blank', 'KEY=s\\ ix', { KEY: 's ix' }],
    ['an escaped line break', 'KEY="a\\nb"', { KEY: 'a\nb' }],
    ['nothing', 'KEY=', { KEY: '' }],
    ['only a comment', 'KEY=   # foo', { KEY: '' }],
    ['a comment behind', 'KEY="lol" # well', { KEY: 'lol' }],
    ['a # within', 'KEY=a#b', { KEY: 'a#b' }],
    ['blanks around =', 'KEY  =  "x"', { KEY: 'x' }],
    ['export', 'export   KEY=1', { KEY: '1' }],
    ['export as a name', 'export=1', { export: '1' }],
    ['a dot in the name', 'KEY.Value=V', { 'KEY.Value': 'V' }],
    ['CRLF', 'A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['several lines in quotes', 'A="one\ntwo"\nB=2', { A: 'one\ntwo', B: '2' }],
    ['comment lines and empty ones', '# a\n\n  # b\nA=1', { A: '1' }],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('substitutes what stands above', () => {
    expect(values('A=x\nB=$A-${A}\nC="${A}"')).toEqual({ A: 'x', B: 'x-x', C: 'x' });
  });

  it('prefers the environment when it substitutes', () => {
    expect(values('A=file\nB=${A}', { A: 'process' }).B).toBe('process');
  });

  it('substitutes nothing for an unknown name, and nothing after a backslash', () => {
    expect(values('A=>$X<>\\$X<')).toEqual({ A: '><>$X<' });
  });
});

describe('errors', () => {
  it.each([
    ['no =', 'A=1\nB', 2],
    ['a name with a blank', 'very bacon = yes', 1],
    ['a blank in a bare value', '\n\nA=my value', 3],
    ['an open quote', 'A=1\nB="why\nC=3', 2],
    ['an unknown escape', 'A=h\\8u', 1],
    ['an open ${', 'A=${B', 1],
    ['a byte order mark', '\uFEFFA=1', 1],
    ['after a value of two lines', 'A="1\n2"\n?', 3],
  ])('%s', (_, text, line) => {
    expect(problemLine(text)).toBe(line);
  });
});

describe('properties', () => {
  it('gives back any value that was written in quotes with its escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const written = value.replace(/[\\"$]/g, '\\$&');
        expect(values(`A="${written}"\nB=after`)).toEqual({ A: value, B: 'after' });
      }),
    );
  });

  it('never throws, and counts lines within the file', () => {
    const piece = fc.constantFrom(
      'A',
      '=',
      '"',
      "'",
      '\\',
      '$',
      '{',
      '}',
      '#',
      ' ',
      '\n',
      '\r\n',
      'export ',
      '\u00a0',
      'ä',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const parsed = parseDotenv(text, {});
        const lines = parsed.ok ? parsed.entries.map(({ line }) => line) : [parsed.problem.line];
        for (const line of lines) expect(line).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });
});
