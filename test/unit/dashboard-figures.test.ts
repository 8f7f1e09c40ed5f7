import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/dashboard/data.js';
import { figuresOf, validUntil } from '../../src/dashboard/figures.js';
import { type FiguresAnswer, type FiguresQuestion, PARTIAL } from '../../src/dashboard/figures-source.js';
import { HistoryFigures } from '../../src/dashboard/history-figures.js';
import { HistoryFollower } from '../../src/dashboard/history-follower.js';
import type { BuildRecord, HistoryLine } from '../../src/record/build-record.js';
import { JsonLinesStore } from '../../src/record/json-lines-store.js';
import { recordedHistory } from '../support/recorded-history.js';
import { tempDir } from '../support/temp-dir.js';
import { history, incident, record, skipped } from './record-support.js';

const NOON = new Date(2026, 2, 10, 12).getTime();
const DAY = 86_400_000;

const text = (...lines: readonly HistoryLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

async function folderWith(...lines: readonly HistoryLine[]): Promise<string> {
  const folder = await tempDir('history');
  await writeFile(join(folder, 'builds-000001.jsonl'), text(...lines));
  return folder;
}

describe('a long history', () => {
  /** More than is read at once for the first screen: saves of three weeks, of 4 kB each. */
  const long = () =>
    Array.from({ length: 4_200 }, (_, id) =>
      record({ id: id + 1, at: NOON - (4_200 - id) * 432_000, why: 'x'.repeat(4_000) }),
    );
  const figuresIn = (answer: FiguresAnswer): Figures => {
    if (answer.kind !== 'figures') throw new Error(answer.kind);
    return JSON.parse(answer.json) as Figures;
  };

  it('is told of its newest days first, to who wants that, and then all of it', async () => {
    const figures = new HistoryFigures(await folderWith(...long()), null, () => NOON);
    const first = await figures.ask({ days: 30, known: null, mayBePartial: true });
    expect(figuresIn(first)).toMatchObject({ isPartial: true, summary: { days: 8, batches: 1_600 } });
    const then = await figures.ask({ days: 30, known: PARTIAL, mayBePartial: true });
    expect(figuresIn(then).isPartial).toBeUndefined();
    expect(figuresIn(then).summary).toMatchObject({ days: 30, batches: 4_200 });
    // A second page finds all of it read.
    expect(figuresIn(await figures.ask({ days: 30, known: null, mayBePartial: true })).summary.batches).toBe(4_200);
  });

  it('is whole for scripts, for short periods, and where it is short', async () => {
    const folder = await folderWith(...long());
    const ask = async (question: FiguresQuestion, from = folder) =>
      figuresIn(await new HistoryFigures(from, null, () => NOON).ask(question)).isPartial;
    expect(await ask({ days: 30, known: null })).toBeUndefined();
    expect(await ask({ days: 7, known: null, mayBePartial: true })).toBeUndefined();
    const short = await folderWith(record({ at: NOON - 1_000 }));
    expect(await ask({ days: 30, known: null, mayBePartial: true }, short)).toBeUndefined();
  });
});

describe('a history that is followed', () => {
  it('is read once, and then what was appended', async () => {
    const folder = await folderWith(record({ id: 1, at: NOON }));
    const follower = new HistoryFollower(folder, 0);
    expect(await follower.refresh()).toBe(true);
    expect(await follower.refresh()).toBe(false);
    await appendFile(join(folder, 'builds-000001.jsonl'), text(record({ id: 2, at: NOON - 5 }), incident()));
    expect(await follower.refresh()).toBe(true);
    expect(follower.history.builds.map(({ id }) => id)).toEqual([2, 1]);
    expect(follower.history.incidents).toHaveLength(1);
  });

  it('says the same as the store that wrote it, over several files, whatever is in the names', async () => {
    const folder = await tempDir('history');
    const store = new JsonLinesStore({ folder, fileBytes: 20_000 });
    const lines = recordedHistory({ until: NOON, days: 4, files: ['ä/ö\u2028.rs', '𝄞.rs'] });
    for (const line of lines) {
      store.append(line);
      await store.flush();
    }
    const follower = new HistoryFollower(folder, 0);
    await follower.refresh();
    expect(follower.history).toEqual(await store.read());
    expect(follower.history.builds.length).toBeGreaterThan(100);
  });

  it('waits for the rest of a line that is being written', async () => {
    const folder = await folderWith();
    const follower = new HistoryFollower(folder, 0);
    const whole = text(record({ files: { count: 1, first: ['ä.rs'] } }));
    const half = Buffer.from(whole).indexOf(Buffer.from('ä')) + 1;
    await appendFile(join(folder, 'builds-000001.jsonl'), Buffer.from(whole).subarray(0, half));
    await follower.refresh();
    expect(follower.history).toMatchObject({ builds: [], unreadable: 0 });
    await appendFile(join(folder, 'builds-000001.jsonl'), Buffer.from(whole).subarray(half));
    await follower.refresh();
    expect(follower.history.builds[0]?.files.first).toEqual(['ä.rs']);
  });

  it('begins anew after cargo clean', async () => {
    const folder = await folderWith(record({ id: 1 }), record({ id: 2 }));
    const follower = new HistoryFollower(folder, 0);
    await follower.refresh();
    await rm(folder, { recursive: true });
    expect(await follower.refresh()).toBe(true);
    expect(follower.history.builds).toEqual([]);
    await mkdir(folder);
    await writeFile(join(folder, 'builds-000001.jsonl'), text(record({ id: 3 })));
    await follower.refresh();
    expect(follower.history.builds.map(({ id }) => id)).toEqual([3]);
  });

  it('passes over what is too old, torn or of another version', async () => {
    const folder = await folderWith(record({ at: NOON - 2 * DAY }), record({ at: NOON }));
    await appendFile(join(folder, 'builds-000001.jsonl'), '{"torn\n{"v":9}\n\n');
    const follower = new HistoryFollower(folder, NOON - DAY);
    await follower.refresh();
    expect(follower.history).toMatchObject({ unreadable: 1, otherVersions: 1 });
    expect(follower.history.builds.map(({ at }) => at)).toEqual([NOON]);
  });
});

describe('the figures', () => {
  const of = (lines: ReturnType<typeof history>) => figuresOf(lines, NOON, 30, null);

  it('hold the newest batches, the newest first, with all that their way tells', () => {
    const builds = Array.from({ length: 30 }, (_, id) => record({ id, at: NOON - (30 - id) * 1_000 }));
    const { recent } = of(history(builds));
    expect(recent).toHaveLength(10);
    expect(recent[0]).toMatchObject({ key: 's:29', contentMs: 2_000, sides: { front: { result: 'built' } } });
    expect(recent[0]?.phases.map(({ name }) => name)).toEqual(['settle', 'front', 'server']);
  });

  it('count why sides were not built', () => {
    const skip = (reason: string) => record({ at: NOON - 1, sides: { front: skipped(reason) } });
    expect(of(history([skip('a'), skip('b'), skip('b')])).skipReasons).toEqual([
      { reason: 'b', count: 2 },
      { reason: 'a', count: 1 },
    ]);
  });

  it('are few, however many records there are', () => {
    const builds = Array.from({ length: 20_000 }, (_, index) =>
      record({ id: 1, at: NOON - (20_000 - index) * 60_000, contentMs: index < 10_000 ? 3_000 : 5_000 }),
    );
    const figures = of(history(builds));
    expect(JSON.stringify(figures).length).toBeLessThan(60_000);
    const [trend] = figures.trends;
    expect(trend?.count).toBe(20_000);
    expect(trend?.dots.length).toBeLessThanOrEqual(240);
    expect(trend?.dots[0]).toMatchObject({ ms: 3_000, label: 'median of 84 saves' });
    expect(trend?.dots.at(-1)?.ms).toBe(5_000);
  });

  it('keep the highest of each stretch of a curve', () => {
    const builds = Array.from({ length: 1_000 }, (_, index) =>
      record({ at: NOON - (1_000 - index) * 1_000, peakRss: index === 500 ? 900 : 100 }),
    );
    const memory = of(history(builds)).gauges.find(({ name }) => name === 'Memory of leptos-fast itself');
    expect(memory).toMatchObject({ unit: 'bytes', latest: 100, max: 900 });
    expect(memory?.values.filter((value) => value === 900)).toHaveLength(1);
  });

  it('have a curve of what builds cost only where records tell', () => {
    const names = (builds: readonly BuildRecord[]) => of(history(builds)).gauges.map(({ name }) => name);
    const plain = [record({ at: NOON - 2 }), record({ at: NOON - 1 })];
    expect(names(plain)).toEqual(['Memory of leptos-fast itself']);
    const telling = plain.map((build) => ({ ...build, usage: { cpuMs: 9_000 }, wasm: { served: 42_000_000 } }));
    expect(names(telling)).toEqual(['CPU time of the builds', 'Size of the wasm', 'Memory of leptos-fast itself']);
  });

  it('are those of today until midnight', () => {
    expect(new Date(validUntil(NOON)).toString()).toBe(new Date(2026, 2, 11).toString());
  });
});

describe("a folder's figures", () => {
  const parsed = (answer: FiguresAnswer): Figures => {
    if (answer.kind !== 'figures') throw new Error(JSON.stringify(answer));
    return JSON.parse(answer.json) as Figures;
  };

  it('are told once, and again when they are others', async () => {
    const folder = await folderWith(record({ at: NOON - 1_000 }));
    const figures = new HistoryFigures(folder, null, () => NOON);
    const first = await figures.ask({ days: 30, known: null });
    expect(parsed(first)).toMatchObject({ schema: 'leptos-fast dashboard', v: 1, missing: null });
    const known = first.kind === 'figures' ? first.generation : null;
    expect(await figures.ask({ days: 30, known })).toEqual({ kind: 'same' });
    await appendFile(join(folder, 'builds-000001.jsonl'), text(record({ id: 2, at: NOON - 500 })));
    expect(parsed(await figures.ask({ days: 30, known })).summary.batches).toBe(2);
  });

  it('are the same for all who ask at the same time', async () => {
    const figures = new HistoryFigures(await folderWith(record({ at: NOON - 1_000 })), null, () => NOON);
    const answers = await Promise.all([7, 30, 30, 90].map((days) => figures.ask({ days, known: null })));
    expect(answers.map((answer) => parsed(answer).summary.batches)).toEqual([1, 1, 1, 1]);
  });

  it('are others after midnight', async () => {
    let now = NOON;
    const figures = new HistoryFigures(await folderWith(record({ at: NOON - 1_000 })), null, () => now);
    const first = await figures.ask({ days: 30, known: null });
    expect(parsed(first).summary.today.batches).toBe(1);
    now += DAY;
    const known = first.kind === 'figures' ? first.generation : null;
    expect(parsed(await figures.ask({ days: 30, known })).summary.today.batches).toBe(0);
  });

  it('of a longer period hold more', async () => {
    const figures = new HistoryFigures(
      await folderWith(record({ at: NOON - 20 * DAY }), record({ id: 2, at: NOON - DAY })),
      null,
      () => NOON,
    );
    const batches = async (days: number) => parsed(await figures.ask({ days, known: null })).summary.batches;
    expect([await batches(7), await batches(30), await batches(7)]).toEqual([1, 2, 1]);
  });

  it('that are none say why', async () => {
    const missing = async (...lines: readonly HistoryLine[]) =>
      parsed(await new HistoryFigures(await folderWith(...lines), null, () => NOON).ask({ days: 7, known: null }))
        .missing;
    expect(await missing()).toEqual({ kind: 'nothing-recorded' });
    expect(await missing(record({ at: NOON - 40 * DAY }))).toEqual({
      kind: 'older',
      newest: NOON - 40 * DAY,
      days: 40,
    });
    expect(await missing(record({ at: NOON - 1 }))).toBeNull();
  });

  it('that cannot be read are a problem until they can', async () => {
    const folder = await folderWith(record({ at: NOON - 1 }));
    await rm(folder, { recursive: true });
    await writeFile(folder, 'no folder');
    const figures = new HistoryFigures(folder, null, () => NOON);
    expect(await figures.ask({ days: 30, known: null })).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining('ENOTDIR'),
    });
    await rm(folder);
    expect(parsed(await figures.ask({ days: 30, known: null })).missing).toEqual({ kind: 'nothing-recorded' });
  });
});
