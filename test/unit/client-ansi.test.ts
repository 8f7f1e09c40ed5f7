import { describe, expect, it } from 'vitest';
import { type AnsiSpan, parseAnsi } from '../../src/client/ansi.js';

const E = '\u001b';

describe('parseAnsi', () => {
  it('reads the sixteen colours, the palette and true colours', () => {
    expect(
      foregrounds(`${E}[31ma${E}[91mb${E}[38;5;9mc${E}[38;5;196md${E}[38;5;244me${E}[38;2;1;2;3mf${E}[39mg`),
    ).toEqual([
      ['a', 1],
      ['b', 9],
      ['c', 9],
      ['d', 'rgb(255, 0, 0)'],
      ['e', 'rgb(128, 128, 128)'],
      ['f', 'rgb(1, 2, 3)'],
      ['g', null],
    ]);
  });

  it('reads backgrounds, and several codes at once', () => {
    const [span] = parseAnsi(`${E}[1;4;42;38;5;4mx`);
    expect(span?.style).toMatchObject({
      bold: true,
      underline: true,
      background: { kind: 'named', number: 2 },
      foreground: { kind: 'named', number: 4 },
    });
  });

  it('switches off what was switched on', () => {
    const spans = parseAnsi(`${E}[1;2;3;4;7ma${E}[22;23;24;27mb${E}[1mc${E}[md`);
    const on = spans.map(({ style }) => [style.bold, style.dim, style.italic, style.underline, style.inverse].join());
    const none = 'false,false,false,false,false';
    expect(on).toEqual(['true,true,true,true,true', none, 'true,false,false,false,false', none]);
  });

  it('drops what is no colour: links, moves, an escape at the end', () => {
    const text = `a${E}]8;;https://example.com${E}\\b${E}]8;;${E}\\c${E}[2Kd${E}]0;title\u0007e${E}(Bf${E}`;
    expect(
      parseAnsi(text)
        .map((span) => span.text)
        .join(''),
    ).toBe('abcdef');
  });

  it('keeps every character of a text without escapes', () => {
    expect(parseAnsi('a\n  <b> & "c"\n').map(({ text }) => text)).toEqual(['a\n  <b> & "c"\n']);
    expect(parseAnsi('')).toEqual([]);
  });
});

function foregrounds(text: string): [string, number | string | null][] {
  return parseAnsi(text).map(({ text, style: { foreground } }: AnsiSpan) => {
    if (foreground === null) return [text, null];
    return [text, foreground.kind === 'named' ? foreground.number : foreground.css];
  });
}
