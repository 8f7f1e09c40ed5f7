import { describe, expect, it } from 'vitest';
import { PackedText, textId } from '../../src/core/packed-text.js';

describe('a packed text', () => {
  it.each(['', 'fn main() {}\n', 'ünïcödé \u{1F30A}\r\n', 'let x = 1;\n'.repeat(50_000)])(
    'comes back whole',
    (text) => {
      expect(new PackedText(text).unpack()).toBe(text);
    },
  );

  it('is known by its content', () => {
    expect(new PackedText('a').id).toBe(textId('a'));
    expect(new PackedText('a').id).not.toBe(textId('b'));
  });
});
