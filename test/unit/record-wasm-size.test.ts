import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtWasmSize, servedWasmSize } from '../../src/record/wasm-size.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A section with so many bytes behind its name, if it has one; its length takes two bytes where one would do for few. */
function section(id: number, bytes: number, name?: string): number[] {
  const named = name === undefined ? [] : [name.length, ...Buffer.from(name)];
  const length = named.length + bytes;
  return [id, (length & 0x7f) | 0x80, length >> 7, ...named, ...new Array<number>(bytes).fill(7)];
}

async function sizeOf(bytes: readonly number[], name = 'app.wasm') {
  const path = join(await tempDir(), name);
  await writeFile(path, Buffer.from(bytes));
  return builtWasmSize(path);
}

describe('the wasm that rustc wrote', () => {
  it('has its debug info and names in sections of their own', async () => {
    const bytes = [
      ...HEADER,
      ...section(1, 30),
      ...section(0, 500, '.debug_info'),
      ...section(0, 40, 'producers'),
      ...section(0, 300, '.debug_str'),
      ...section(0, 200, 'name'),
    ];
    expect(await sizeOf(bytes)).toEqual({ built: bytes.length, debugInfo: 500 + 12 + 300 + 11, names: 205 });
  });

  it.each([
    ['is cut off in a length', [...HEADER, 0, 0x80]],
    ['is no wasm', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['is empty', []],
  ])('that %s has a size alone', async (_what, bytes) => {
    expect(await sizeOf(bytes)).toEqual({ built: bytes.length });
  });

  it('that is not there, or is no wasm by its name, has none', async () => {
    expect(await builtWasmSize(join(await tempDir(), 'no.wasm'))).toEqual({});
    expect(await sizeOf(HEADER, 'server')).toEqual({});
  });
});

describe('the wasm that pages load', () => {
  it('is found by its name, also with a hash in it', async () => {
    const siteRoot = await tempDir();
    const config = { siteRoot, sitePkgDir: 'pkg', outputName: 'app', hashFiles: false };
    expect(await servedWasmSize(config)).toBeNull();
    await writeFiles(siteRoot, { 'pkg/app.wasm': 'four', 'pkg/app.A1b2.wasm': 'sixsix', 'pkg/apple.x.wasm': 'other' });
    expect(await servedWasmSize(config)).toBe(4);
    await rm(join(siteRoot, 'pkg/app.wasm'));
    expect(await servedWasmSize({ ...config, hashFiles: true })).toBe(6);
  });
});
