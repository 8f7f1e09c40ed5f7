import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { removeFromManifest } from '../../src/project/manifest-edit.js';
import { PRESET_NAMES } from '../../src/project/preset.js';
import { expectedData, init, LOCKED, missingLines, normalised, unwrap } from './manifest-support.js';

const comment = fc.constantFrom('', '', ' # mine', '# tight', '   # leptos-fast is fast', ' # größe 😀', '\t# tab');
const gap = fc.constantFrom(' = ', '=', '  =\t');
const indent = fc.constantFrom('', '', '  ', '\t');
const filler = fc.constantFrom('', '', '# note', '   ', '# [profile.dev-fast]', '# debug = 1 # leptos-fast');

const byHand = fc
  .record(
    {
      debug: fc.constantFrom('0', '1', 'true', 'false', '"line-tables-only"'),
      'opt-level': fc.constantFrom('0', '1', '"s"'),
      incremental: fc.boolean().map(String),
      strip: fc.constantFrom('"none"', "'symbols'"),
      'package.syn.opt-level': fc.constantFrom('0', '3'),
      'package.image.opt-level': fc.constantFrom('2', '3'),
      'build-override.opt-level': fc.constantFrom('0', '3'),
      'package."*".opt-level': fc.constantFrom('0', '1'),
    },
    { requiredKeys: [] },
  )
  .map((keys) => Object.entries({ inherits: '"dev"', ...keys }));

const leptosKeys = fc
  .record(
    {
      'lib-profile-dev': fc.constantFrom('"mine"', '"dev-fast"', "'mine'"),
      'bin-profile-dev': fc.constantFrom('"mine"', '"dev-fast"'),
      'site-root': fc.constant('"target/site"'),
      'bin-features': fc.constantFrom('["ssr"]', '[\n  "ssr", # on the server\n]'),
    },
    { requiredKeys: [] },
  )
  .map((keys) => Object.entries({ 'output-name': '"harbour"', ...keys }));

type Keys = readonly (readonly [string, string])[];

/** A table in one of the ways in which TOML can write it, as lines for its own place in the file. */
function table(path: readonly string[], keys: Keys, style: Style): { root: string[]; headers: string[] } {
  const [first = '', ...rest] = path;
  const line = (key: string, value: string) => `${style.indent}${key}${style.gap}${value}${style.comment}`;
  const flat = keys.map(([key, value]) => [key, value.replace(/\n */g, '').replace(/ #[^\]]*/, '')] as const);
  switch (style.form) {
    case 'header':
      return {
        root: [],
        headers: [`${style.indent}[${path.join('.')}]${style.comment}`, ...keys.map((key) => line(...key))],
      };
    case 'dotted-below-header':
      return {
        root: [],
        headers: [`[${first}]`, ...keys.map(([key, value]) => line([...rest, key].join('.'), value))],
      };
    case 'dotted-at-root':
      return { root: keys.map(([key, value]) => line([...path, key].join('.'), value)), headers: [] };
    case 'inline-below-header':
      return { root: [], headers: [`[${first}]`, line(rest.join('.'), inline(flat))] };
    case 'inline-at-root':
      return { root: [line(path.join('.'), inline(flat))], headers: [] };
    case 'inline-over-lines':
      return {
        root: [],
        headers: [
          `[${first}]`,
          `${rest.join('.')} = {`,
          ...flat.map(([key, value]) => `  ${key} = ${value},${style.comment}`),
          '}',
        ],
      };
    case 'sub-tables': {
      const nested = keys.filter(([key]) => key.includes('.'));
      const plain = keys.filter(([key]) => !key.includes('.'));
      const subs = nested.flatMap(([key, value]) => {
        const at = key.lastIndexOf('.');
        return ['', `[${path.join('.')}.${key.slice(0, at)}]`, line(key.slice(at + 1), value)];
      });
      return { root: [], headers: [`[${path.join('.')}]`, ...plain.map((key) => line(...key)), ...subs] };
    }
  }
}

const inline = (keys: Keys) => `{ ${keys.map(([key, value]) => `${key} = ${value}`).join(', ')} }`;

const style = fc.record({
  form: fc.constantFrom(
    'header' as const,
    'dotted-below-header' as const,
    'dotted-at-root' as const,
    'inline-below-header' as const,
    'inline-at-root' as const,
    'inline-over-lines' as const,
    'sub-tables' as const,
  ),
  indent,
  gap,
  comment,
});
type Style = typeof style extends fc.Arbitrary<infer S> ? S : never;

/** `[package]` may stand once only, so metadata below that header goes without keys of its own. */
const manifestText = fc
  .record({
    leptos: leptosKeys,
    leptosStyle: style,
    hand: fc.option(byHand),
    handStyle: style,
    crlf: fc.boolean(),
    bom: fc.boolean(),
    lastNewline: fc.boolean(),
    leptosFirst: fc.boolean(),
    fillers: fc.array(filler, { maxLength: 4 }),
    closing: fc.array(filler, { maxLength: 3 }),
  })
  .map((parts) => {
    const leptos = table(['package', 'metadata', 'leptos'], parts.leptos, parts.leptosStyle);
    const hand = parts.hand ? table(['profile', 'dev-fast'], parts.hand, parts.handStyle) : { root: [], headers: [] };
    const sections = parts.leptosFirst ? [leptos.headers, hand.headers] : [hand.headers, leptos.headers];
    const lines = [
      ...parts.fillers,
      ...leptos.root,
      ...hand.root,
      ...sections.flatMap((section) => [...section, ...parts.fillers]),
      '[dependencies]',
      'leptos = "0.8"',
      ...parts.closing,
    ];
    const eol = parts.crlf ? '\r\n' : '\n';
    const text = lines.join('\n').replaceAll('\n', eol);
    return `${parts.bom ? '\uFEFF' : ''}${text}${parts.lastNewline ? eol : ''}`;
  });

const presets = fc.constantFrom(...PRESET_NAMES);
const locks = fc.subarray([...LOCKED, 'convert_case']).map((names) => new Set(names));

describe('any manifest', () => {
  it('gets exactly our keys, keeps every line, and says nothing new the second time', () => {
    fc.assert(
      fc.property(manifestText, presets, fc.boolean(), locks, (text, preset, yes, locked) => {
        const after = init(text, preset, { yes, locked }).text;
        const data = parse(after.replace(/^\uFEFF/, ''));
        expect(normalised(data)).toEqual(normalised(expectedData(text, preset, yes, locked)));
        expect(missingLines(text, after)).toEqual([]);
        expect(init(after, preset, { yes, locked }).text).toBe(after);
        expect(init(after, preset, { locked }).text).toBe(after);
      }),
      { numRuns: 400 },
    );
  });

  it('comes back byte for byte, whatever presets came in between', () => {
    fc.assert(
      fc.property(manifestText, fc.array(fc.tuple(presets, fc.boolean(), locks), { maxLength: 4 }), (text, steps) => {
        let current = text;
        for (const [preset, yes, locked] of steps) current = init(current, preset, { yes, locked }).text;
        expect(unwrap(removeFromManifest(current, ''))).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps what was added after us', () => {
    fc.assert(
      fc.property(manifestText, presets, fc.boolean(), (text, preset, yes) => {
        const eol = text.includes('\r\n') ? '\r\n' : '\n';
        const added = `${eol}[features]${eol}later = []${eol}`;
        const after = init(text, preset, { yes }).text;
        const restored = unwrap(removeFromManifest(after + (after.endsWith('\n') ? '' : eol) + added, ''));
        expect(restored).toBe(text + (text.endsWith('\n') ? '' : eol) + added);
      }),
    );
  });
});
