import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildRecord } from '../../src/record/build-record.js';
import { isOlder, readLine } from '../../src/record/history-line.js';
import { JsonLinesStore } from '../../src/record/json-lines-store.js';
import { tempDir } from '../support/temp-dir.js';
import { incident, record } from './record-support.js';

const FIRST = 'builds-000001.jsonl';
const ids = ({ builds }: { readonly builds: readonly BuildRecord[] }): readonly number[] => builds.map(({ id }) => id);

describe('the history', () => {
  it('gives back what was appended, oldest save first', async () => {
    const folder = join(await tempDir(), 'a', 'history');
    const store = new JsonLinesStore({ folder });
    const lines = [record({ id: 2, at: 20 }), record({ id: 1, at: 10 })];
    for (const line of lines) store.append(line);
    store.append(incident({ at: 5 }));
    await store.flush();
    const read = await new JsonLinesStore({ folder }).read();
    expect(read).toEqual({
      builds: lines.reverse(),
      incidents: [incident({ at: 5 })],
      unreadable: 0,
      otherVersions: 0,
    });
    expect(store.lost).toBeNull();
  });

  it('that is not there is empty', async () => {
    const store = new JsonLinesStore({ folder: join(await tempDir(), 'none') });
    expect(await store.read()).toEqual({ builds: [], incidents: [], unreadable: 0, otherVersions: 0 });
    await store.flush();
  });

  it('leaves out what is older than asked for', async () => {
    const store = new JsonLinesStore({ folder: await tempDir() });
    for (const at of [10, 20, 30]) store.append(record({ id: at, at }));
    store.append(incident({ at: 10 }));
    await store.flush();
    const read = await store.read(20);
    expect(ids(read)).toEqual([20, 30]);
    expect(read.incidents).toEqual([]);
  });

  it('does not read lines that say at once that they are older', async () => {
    const folder = await tempDir();
    const [old, now] = [record({ id: 1, at: 1_000 }), record({ id: 2, at: 3_000 })];
    const { at: _, ...timeless } = record();
    const foreign = JSON.stringify({ ...timeless, at: 1_000 });
    // It could not be read, which is how it can be told that it was not.
    const broken = JSON.stringify(old).slice(0, -1);
    await writeFile(join(folder, FIRST), `${[broken, JSON.stringify(old), foreign, JSON.stringify(now)].join('\n')}\n`);
    expect(await new JsonLinesStore({ folder }).read(2_000)).toMatchObject({ builds: [{ id: 2 }], unreadable: 0 });
    expect(await new JsonLinesStore({ folder }).read()).toMatchObject({ unreadable: 1 });
    expect(isOlder(JSON.stringify(now), 3_000)).toBe(false);
    expect(isOlder(JSON.stringify(now), 3_001)).toBe(true);
  });

  it('loses only the line that a crash has torn', async () => {
    const folder = await tempDir();
    const torn = JSON.stringify(record({ id: 2 })).slice(0, 200);
    await writeFile(join(folder, FIRST), `${JSON.stringify(record({ id: 1 }))}\n${torn}`);
    const store = new JsonLinesStore({ folder });
    // It may be another process that is just writing it.
    expect(await store.read()).toMatchObject({ unreadable: 0 });
    store.append(record({ id: 3 }));
    await store.flush();
    const read = await store.read();
    expect(ids(read)).toEqual([1, 3]);
    expect(read.unreadable).toBe(1);
  });

  it('leaves lines of other versions alone and counts them', async () => {
    const folder = await tempDir();
    await writeFile(join(folder, FIRST), `{"v":2,"type":"build","new":true}\n${JSON.stringify(record())}\n`);
    const store = new JsonLinesStore({ folder });
    expect(await store.read()).toMatchObject({ builds: [{ id: 1 }], otherVersions: 1, unreadable: 0 });
    store.append(record());
    await store.flush();
    expect(await readFile(join(folder, FIRST), 'utf8')).toContain('"new":true');
  });

  it('goes on after cargo clean', async () => {
    const base = await tempDir();
    const store = new JsonLinesStore({ folder: join(base, 'target', 'history') });
    store.append(record({ id: 1 }));
    await store.flush();
    await rm(join(base, 'target'), { recursive: true });
    store.append(record({ id: 2 }));
    await store.flush();
    expect(ids(await store.read())).toEqual([2]);
  });

  it('tells why a line was lost, and writes the next one', async () => {
    const base = await tempDir();
    const folder = join(base, 'history');
    await writeFile(folder, 'a file in its place');
    const store = new JsonLinesStore({ folder });
    store.append(record({ id: 1 }));
    await store.flush();
    expect(store.lost).toMatch(/EEXIST|ENOTDIR/);
    await rm(folder);
    store.append(record({ id: 2 }));
    await store.flush();
    expect(ids(await store.read())).toEqual([2]);
  });

  it('goes on in another file when one is full, and lets the oldest go', async () => {
    const folder = await tempDir();
    const store = new JsonLinesStore({ folder, fileBytes: 1, keptFiles: 3 });
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    for (let id = 1; id <= 5; id++) {
      store.append(record({ id, at: id }));
      await store.flush();
    }
    const files = (await readdir(folder)).sort();
    expect(files).toEqual(['builds-000003.jsonl', 'builds-000004.jsonl', 'builds-000005.jsonl', 'notes.txt']);
    expect(ids(await store.read())).toEqual([3, 4, 5]);
  });

  it('takes the lines of several writers at once', async () => {
    const folder = await tempDir();
    const stores = Array.from({ length: 4 }, () => new JsonLinesStore({ folder, fileBytes: 20_000 }));
    for (let id = 0; id < 200; id++) {
      stores[id % 4]?.append(record({ id, at: id, files: { count: 1, first: [`ü${'x'.repeat(id * 5)}`] } }));
      if (id % 20 === 0) await stores[0]?.flush();
    }
    await Promise.all(stores.map((store) => store.flush()));
    const read = await stores[0]?.read();
    expect(read?.unreadable).toBe(0);
    expect(read?.builds.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, id) => id));
  });

  it('reads on past a file that cannot be read', async () => {
    const folder = await tempDir();
    await mkdir(join(folder, 'builds-000001.jsonl'));
    await appendFile(join(folder, 'builds-000002.jsonl'), `${JSON.stringify(record({ id: 7 }))}\n`);
    expect(ids(await new JsonLinesStore({ folder }).read())).toEqual([7]);
  });
});

describe('a line', () => {
  it('is never more than a line, whatever is in the names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 12 }),
        fc.string({ unit: 'binary' }),
        (first, why) => {
          const line = record({ files: { count: first.length, first }, why });
          const text = JSON.stringify(line);
          expect(text).not.toContain('\n');
          expect(readLine(text)).toEqual({ kind: 'line', line });
        },
      ),
    );
  });

  it('that anybody wrote does no harm', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(['unreadable', 'other-version']).toContain(readLine(text).kind);
      }),
    );
  });

  it.each([
    ['a field that is missing', { mode: undefined }],
    ['a time that is none', { at: '5' }],
    ['a negative time', { contentMs: -1 }],
    ['a side that is none', { sides: { middle: { result: 'built', ms: 1 } } }],
    ['an unknown result of a side', { sides: { front: { result: 'lost' } } }],
    ['a phase that is none', { phases: [{ name: '__proto__', from: 0, to: 1 }] }],
    ['files that are no names', { files: { count: 1, first: [{}] } }],
    ['an unknown result', { result: 'great' }],
    ['a commit that is no text', { git: { commit: 5 } }],
    ['a cost that is none', { usage: { cpuMs: 'much' } }],
    ['a size that is none', { wasm: { served: -1 } }],
    ['a step that is none', { steps: [{ name: 'app', kind: 'compile', ms: 1, side: 'middle' }] }],
    ['a wait that is none', { waitedMs: '1' }],
  ])('with %s counts as unreadable', (_what, broken) => {
    expect(readLine(JSON.stringify({ ...record(), ...broken }))).toEqual({ kind: 'unreadable' });
  });
});
