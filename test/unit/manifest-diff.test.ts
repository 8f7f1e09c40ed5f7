import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines, renderDiff } from '../../src/project/diff.js';

describe('a diff', () => {
  it('shows the table, what goes and what comes', () => {
    const shown = renderDiff(
      '[a]\nx = 1\ny = 2\n\n[b]\nz = 1\n',
      '[a]\nx = 1\ny = 3\n\n[b]\nz = 1\nw = 1\n\n[c]\nv = 1\n',
    );
    expect(stripVTControlCharacters(shown)).toBe(
      '    [a]\n  - y = 2\n  + y = 3\n    [b]\n  + w = 1\n  +\n  + [c]\n  + v = 1\n',
    );
  });

  it('is empty for the same text, whatever its line ends', () => {
    expect(renderDiff('a = 1\n', 'a = 1\r\n')).toBe('');
  });

  it('holds both texts in full', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''));
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        const without = (kind: string) => diff.filter((line) => line.kind !== kind).map(({ text }) => text);
        expect(without('added')).toEqual(before);
        expect(without('removed')).toEqual(after);
      }),
    );
  });
});
