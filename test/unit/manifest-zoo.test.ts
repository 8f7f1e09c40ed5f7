import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { removeFromManifest } from '../../src/project/manifest-edit.js';
import { PRESET_NAMES } from '../../src/project/preset.js';
import { expectedData, init, missingLines, normalised, unwrap, zoo } from './manifest-support.js';

describe('the zoo', () => {
  it('has real CRLF and BOM bytes', () => {
    const text = zoo.find(({ name }) => name === 'bom-crlf-no-last-newline')?.text ?? '';
    expect(text.startsWith('\uFEFF[package]\r\n')).toBe(true);
    expect(text.endsWith('"target/site"')).toBe(true);
    expect(zoo.length).toBeGreaterThanOrEqual(25);
  });
});

describe.each(PRESET_NAMES)('preset %s', (preset) => {
  describe.each(zoo)('$name', ({ text }) => {
    it.each([false, true])('adds exactly our keys (--yes: %s)', (yes) => {
      const after = init(text, preset, { yes }).text;
      expect(normalised(parse(after.replace(/^\uFEFF/, '')))).toEqual(normalised(expectedData(text, preset, yes)));
    });

    it('keeps every other byte', () => {
      const after = init(text, preset).text;
      expect(missingLines(text, after)).toEqual([]);
      expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
      expect(/\n$/.test(after)).toBe(/\n$/.test(text));
      if (!text.includes('\n') || !/[^\r]\n/.test(text)) expect(after).not.toMatch(/[^\r]\n/);
    });

    it.each([false, true])('changes nothing the second time (--yes: %s)', (yes) => {
      const once = init(text, preset, { yes }).text;
      expect(init(once, preset, { yes }).text).toBe(once);
      expect(init(once, preset).text).toBe(once);
    });

    it.each([false, true])('is undone byte for byte (--yes: %s)', (yes) => {
      const after = init(text, preset, { yes }).text;
      expect(unwrap(removeFromManifest(after, ''))).toBe(text);
    });

    it('leaves nothing of the earlier preset when another follows', () => {
      for (const next of PRESET_NAMES) {
        for (const yes of [false, true]) {
          const direct = init(text, next, { yes }).text;
          expect(init(init(text, preset, { yes }).text, next, { yes }).text).toBe(direct);
        }
      }
    });

    it('is not there to remove before it was added', () => {
      expect(unwrap(removeFromManifest(text, ''))).toBe(text);
    });
  });
});
