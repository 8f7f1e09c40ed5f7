import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareRust } from '../../src/plan/compare-rust.js';
import { RustOutliner } from '../../src/plan/rust-outline.js';
import type { SideContext } from '../../src/plan/side-view.js';
import { tempDir } from '../support/temp-dir.js';

const run = promisify(execFile);

/** Pieces of a file; each is a whole item with something that is easy to get wrong. */
const ITEMS = [
  '#[cfg(feature = "ssr")]\npub fn server_only() -> u32 { 11 }',
  '#[cfg(feature = "hydrate")] pub fn front_only() -> &\'static str { "12 // no comment" }',
  '#[cfg(not(feature = "ssr"))]\npub mod inner { pub fn in_inner() -> u32 { 13 } }',
  '#[derive(Clone, Debug)]\n#[cfg_attr(feature = "ssr", derive(PartialEq, Default))]\npub struct Row { #[cfg(feature = "ssr")] pub secret: u64, /** id */ pub id: u32 }',
  '/// Documented.\npub fn documented(a: u32, b: u32) -> bool { a < b && a != 14 }',
  'pub fn mixed() -> u32 {\n    let mut sum = 15;\n    #[cfg(feature = "ssr")]\n    { sum += 16; }\n    #[cfg(feature = "hydrate")]\n    let sum = sum + 17;\n    sum\n}',
  "macro_rules! shown { ($($a:tt)*) => { stringify!($($a)*) } }\npub fn show() -> &'static str { shown!(a + b . c => 18 /* here */ x) }",
  'pub fn literals() -> (char, &\'static [u8], &\'static str, f64) { (\'/\', b"19//", r#"a "quote" // 20"#, 1.5e-3 + 2. * 3.0) }',
  "pub fn lifetimes<'a>(x: &'a str, _y: &'a mut u8) -> &'a str { if x.len() > 21 { x } else { &x[..1] } }",
  '#[cfg(any(feature = "ssr", test))]\nimpl Other { pub const A: u32 = 22; }\npub struct Other;',
  'pub enum Kind { #[cfg(feature = "ssr")] Server, Both = 0x23 }',
  '#[cfg(test)]\nmod tests { #[test] fn t() { assert_eq!(24, 24); } }',
  'pub fn generic<T: Into<Vec<Vec<u8>>>>(t: T) -> usize { t.into().len() >> 1 << 25 }',
] as const;

const FRONT: SideContext = {
  compilations: [{ features: new Set(['hydrate']), isWasm: false }],
  dropsServerBodies: true,
};
const SERVER: SideContext = { compilations: [{ features: new Set(['ssr']), isWasm: false }], dropsServerBodies: false };

/** What may be put between two characters, or in place of one. */
const insertion = fc.constantFrom(
  ' ',
  '\n',
  '/* x */',
  '// y\n',
  '/// doc\n',
  '/** doc */',
  '',
  '1',
  '+',
  '<',
  '#',
  '"',
  ';',
  'a',
);
const change = fc.record({
  at: fc.nat(9_999),
  text: insertion,
  cut: fc.nat(1),
});

/**
 * Plain rustc as the judge: whatever is put anywhere into a file, a side that need not be built has the same assembly.
 * Most random edits do not compile; those say nothing.
 */
it('finds nothing unchanged that rustc compiles to something else', { timeout: 300_000 }, async () => {
  const outliner = await RustOutliner.load();
  const dir = await tempDir();
  let judged = 0;
  const assembly = async (text: string, feature: string): Promise<string | null> => {
    const [source, out] = [join(dir, 'lib.rs'), join(dir, 'lib.s')];
    await writeFile(source, text);
    const flags = [
      '--crate-type=lib',
      '--edition=2021',
      '--emit=asm',
      '-Awarnings',
      '-Clink-dead-code',
      '-Zlocation-detail=none',
    ];
    const done = await run('rustc', [...flags, '--cfg', `feature="${feature}"`, '-o', out, source], {
      // The flag that leaves panics' places out is not for stable rustc.
      env: { ...process.env, RUSTC_BOOTSTRAP: '1' },
    }).catch(() => null);
    return (
      done &&
      createHash('sha1')
        .update(await readFile(out))
        .digest('hex')
    );
  };
  for (const feature of ['hydrate', 'ssr']) expect(await assembly(ITEMS.join('\n'), feature)).not.toBeNull();
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...ITEMS], { minLength: 3 }), change, async (items, { at, text, cut }) => {
      const before = `${items.join('\n\n')}\n`;
      const place = Math.floor((at / 10_000) * before.length);
      const after = before.slice(0, place) + text + before.slice(place + cut);
      const kinds = [FRONT, SERVER].map(
        (context) => compareRust(outliner, before, after, context, { skipComments: true }).kind,
      );
      for (const [index, feature] of ['hydrate', 'ssr'].entries()) {
        const kind = kinds[index] ?? '';
        if (kind === 'changed' || kind === 'same') continue;
        const now = await assembly(after, feature);
        // What no longer compiles must be seen by a side, except in code for tests, which neither has.
        const isSeen = kinds.includes('changed') || kinds.every((other) => other === 'elsewhere');
        if (now === null) expect(isSeen, `${feature} does not compile\n${after}`).toBe(true);
        else expect(now, `${feature}: ${kind}\n${after}`).toBe(await assembly(before, feature));
        judged += 1;
      }
    }),
    { numRuns: Number(process.env.PLAN_RUNS ?? 60) },
  );
  expect(judged).toBeGreaterThan(5);
});
