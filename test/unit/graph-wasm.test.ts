import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeByCrate, crateOf } from '../../src/graph/wasm-crates.js';
import { readWasm } from '../../src/graph/wasm-sections.js';

const leb = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...leb(Math.floor(value / 128))];
const sized = (bytes: readonly number[]): number[] => [...leb(bytes.length), ...bytes];
const text = (word: string): number[] => sized([...Buffer.from(word)]);
const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
const custom = (name: string, content: readonly number[]): number[] => section(0, [...text(name), ...content]);
const wasm = (...sections: readonly number[][]): Uint8Array =>
  Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);

/** Two imports, one of them a function; three functions, whose bodies are 2, 130 and 5 bytes long, their sizes left out. */
const code = section(10, [...leb(3), ...[2, 130, 5].flatMap((bytes) => sized(Array<number>(bytes).fill(0x0b)))]);
const imports = section(2, [
  ...leb(2),
  ...text('js'),
  ...text('mem'),
  2,
  1,
  1,
  200,
  1,
  ...text('js'),
  ...text('log'),
  0,
  0,
]);
const names = custom('name', [
  ...[0, ...sized(text('app'))],
  1,
  ...sized([
    ...leb(3),
    0,
    ...text('log'),
    1,
    ...text('app::home::h1'),
    2,
    ...text('<alloc::vec::Vec<T> as core::X>::f'),
  ]),
]);
const file = wasm(section(1, [0]), imports, code, names, custom('producers', [1, 2, 3]));

describe('a wasm file', () => {
  it('is told by section, with their headers', () => {
    const read = readWasm(file);
    expect(read).toMatchObject({
      bytes: file.length,
      sections: [
        { name: 'type', custom: false, bytes: 3 },
        { name: 'import', custom: false, bytes: imports.length },
        { name: 'code', custom: false, bytes: code.length },
        { name: 'name', custom: true, bytes: names.length },
        { name: 'producers', custom: true, bytes: 15 },
      ],
    });
    if (typeof read === 'string') throw new Error(read);
    expect(read.sections.reduce((sum, { bytes }) => sum + bytes, 8)).toBe(file.length);
    expect(Buffer.from(read.stripped)).toEqual(Buffer.from(wasm(section(1, [0]), imports, code)));
  });

  it('is told by function: those that are imported have numbers too, but no code', () => {
    expect(readWasm(file)).toMatchObject({
      functions: [
        { name: 'app::home::h1', bytes: 3 },
        { name: '<alloc::vec::Vec<T> as core::X>::f', bytes: 132 },
        { name: null, bytes: 6 },
      ],
    });
  });

  it('that is none, or torn, is told as such', () => {
    expect(readWasm(Buffer.from('<html>'))).toBe('it does not begin as a wasm file does');
    for (let length = 9; length < file.length; length += 1) {
      const read = readWasm(file.subarray(0, length));
      // At the end of a section it is a whole file again.
      if (typeof read !== 'string') expect(read.sections.reduce((sum, { bytes }) => sum + bytes, 8)).toBe(length);
    }
    expect(readWasm(file.subarray(0, -1))).toBe('it ends in the middle of a section');
  });

  it('of any bytes does not throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        readWasm(wasm([...bytes]));
      }),
    );
  });
});

describe('the crate of a function', () => {
  it.each([
    ['app::pages::Home::h7960c98b4c4e0124', 'app'],
    ['<alloc::sync::Weak<T,A> as core::ops::drop::Drop>::drop::h288c', 'alloc'],
    ['tachys::reactive_graph::<impl tachys::html::Value for F>::hydrate::hf5', 'tachys'],
    ['<F as core::future::into_future::IntoFuture>::into_future::h6f', 'core'],
    ['<&mut serde_json::de::Deserializer<R> as serde::Deserializer>::f', 'serde_json'],
    ['<dyn core::any::Any>::downcast_ref', 'core'],
    ['<(A,B) as leptos::IntoView>::into_view', 'leptos'],
    ['app[1a2b]::run', 'app'],
    ['__wbindgen_malloc', '(other)'],
    ['memcpy', '(other)'],
  ])('%s is %s', (name, crate) => {
    expect(crateOf(name)).toBe(crate);
  });

  it('adds up, the largest first', () => {
    expect(
      codeByCrate([
        { name: 'app::a', bytes: 5 },
        { name: 'core::b', bytes: 8 },
        { name: 'app::c', bytes: 4 },
        { name: null, bytes: 1 },
      ]),
    ).toEqual([
      { crate: 'app', functions: 2, bytes: 9 },
      { crate: 'core', functions: 1, bytes: 8 },
      { crate: '(no name)', functions: 1, bytes: 1 },
    ]);
  });
});
