import { readdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DiskCache } from '../../src/cache/disk-cache.js';
import { tempDir } from '../support/temp-dir.js';

let folder: string;

beforeEach(async () => {
  folder = join(await tempDir(), 'cache');
});

/** As another process sees it: with nothing in memory. */
const fresh = (maxBytes = 1_000_000) => new DiskCache({ folder, maxBytes });

async function onlyFile(): Promise<string> {
  const [name] = await readdir(folder);
  return join(folder, name ?? '');
}

describe('an entry', () => {
  it('is found again by the next process, with what it had cost', async () => {
    await fresh().set('hashes', 'key', 'valüe\n', 120.4);
    expect(await fresh().get('hashes', 'key')).toEqual({ value: 'valüe\n', costMs: 120 });
    expect(await fresh().get('hashes', 'other')).toBeNull();
  });

  it('is replaced by a newer one', async () => {
    const cache = fresh();
    await cache.set('hashes', 'key', 'old', 1);
    await cache.set('hashes', 'key', 'new', 1);
    expect((await cache.get('hashes', 'key'))?.value).toBe('new');
    expect((await fresh().get('hashes', 'key'))?.value).toBe('new');
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('counts as missing when a byte of it is another, and goes', async () => {
    await fresh().set('hashes', 'key', 'a long enough value', 1);
    const file = await onlyFile();
    await writeFile(file, (await readFile(file, 'utf8')).replace('enough', 'enougH'));
    expect(await fresh().get('hashes', 'key')).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([0, 1, 30, 95])('counts as missing when only %i bytes of it were written', async (bytes) => {
    await fresh().set('hashes', 'key', 'a long enough value', 1);
    await truncate(await onlyFile(), bytes);
    expect(await fresh().get('hashes', 'key')).toBeNull();
  });

  it('counts as missing when another version wrote it', async () => {
    await fresh().set('hashes', 'key', 'value', 1);
    const file = await onlyFile();
    await writeFile(file, (await readFile(file, 'utf8')).replace('leptos-fast-cache 1', 'leptos-fast-cache 2'));
    expect(await fresh().get('hashes', 'key')).toBeNull();
  });

  it('is whole though many processes write it at a time', async () => {
    const values = Array.from({ length: 20 }, (_, n) => `${n} `.repeat(20_000));
    await Promise.all(values.map((value) => fresh().set('hashes', 'key', value, 1)));
    expect(values).toContain((await fresh().get('hashes', 'key'))?.value);
    expect(await readdir(folder)).toHaveLength(1);
  });
});

describe('the size on the disk', () => {
  const value = 'x'.repeat(1_000);

  it('is kept by removing what was not used for the longest time', async () => {
    const cache = fresh(3_600);
    for (const key of ['a', 'b', 'c']) await cache.set('hashes', key, value, 1);
    // All written in the same moment: the order of use is what is set here.
    const names = await readdir(folder);
    for (const name of names) await utimes(join(folder, name), 1_000, 1_000);
    expect(await fresh().get('hashes', 'a')).not.toBeNull();
    await cache.set('hashes', 'd', value, 1);
    expect(await fresh().get('hashes', 'a')).not.toBeNull();
    expect(await fresh().get('hashes', 'd')).not.toBeNull();
    const { entries, bytes } = await fresh().content();
    expect(entries).toBe(3);
    expect(bytes).toBeLessThanOrEqual(3_600);
  });

  it('is not exceeded for a single entry', async () => {
    await fresh(500).set('hashes', 'key', value, 1);
    expect(await fresh().get('hashes', 'key')).toBeNull();
  });

  it('does not grow with what killed processes leave behind', async () => {
    const cache = fresh();
    await cache.set('hashes', 'a', value, 1);
    const left = join(folder, '.hashes-1234.entry.1.0.tmp');
    const beingWritten = join(folder, '.hashes-5678.entry.2.0.tmp');
    await writeFile(left, 'half');
    await writeFile(beingWritten, 'half');
    await utimes(left, 1_000, 1_000);
    await cache.set('hashes', 'b', value, 1);
    expect(await readdir(folder)).not.toContain('.hashes-1234.entry.1.0.tmp');
    expect(await readdir(folder)).toContain('.hashes-5678.entry.2.0.tmp');
  });
});

describe('the figures', () => {
  it('count hits, misses and what they saved', async () => {
    await fresh().set('hashes', 'key', 'value', 10_000);
    const cache = fresh();
    await cache.get('hashes', 'nothing');
    await cache.get('hashes', 'key');
    const { hits, misses, bytes, savedMs } = cache.figures.hashes;
    expect({ hits, misses, bytes }).toEqual({ hits: 1, misses: 1, bytes: 5 });
    expect(savedMs).toBeLessThan(10_000);
    expect(savedMs).toBeGreaterThan(0);
  });

  it('tell what is on the disk, and what was cleared', async () => {
    const cache = fresh();
    await cache.set('hashes', 'a', 'value', 1);
    await cache.set('hashes', 'b', 'value', 1);
    const content = await cache.content();
    expect(content).toMatchObject({ entries: 2, byKind: { hashes: { entries: 2 } } });
    expect(await cache.clear()).toEqual(content);
    expect(await cache.get('hashes', 'a')).toBeNull();
    expect(await fresh().content()).toEqual({ entries: 0, bytes: 0, byKind: {} });
  });
});

it('is not missed where nothing can be written', async () => {
  await writeFile(folder, 'a file in its place');
  const cache = fresh();
  await cache.set('hashes', 'key', 'value', 1);
  expect((await cache.get('hashes', 'key'))?.value).toBe('value');
  expect(await fresh().get('hashes', 'key')).toBeNull();
});
