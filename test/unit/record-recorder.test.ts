import { describe, expect, it } from 'vitest';
import { CacheMeter } from '../../src/cache/cache-figures.js';
import { type EventBody, EventBus, type Side } from '../../src/core/events.js';
import type { BuildRecord, HistoryLine } from '../../src/record/build-record.js';
import { readLine } from '../../src/record/history-line.js';
import { Recorder } from '../../src/record/recorder.js';
import { flush, ManualClock } from '../support/manual-clock.js';

type Finished = Extract<EventBody, { event: 'build-finished' }>;
type ChangeBatch = Extract<EventBody, { event: 'change-batch' }>;

/** A recorder on a bus, and what it has written. */
class Rig {
  readonly clock = new ManualClock();
  readonly start = this.clock.now();
  readonly bus = new EventBus(this.clock);
  readonly lines: HistoryLine[] = [];
  rss = 50;
  readonly meter = new CacheMeter();
  readonly recorder = new Recorder({
    clock: this.clock,
    store: { append: (line) => void this.lines.push(line), flush: async () => undefined },
    versions: { leptosFast: '1', cargoLeptos: '2', rustc: '3' },
    revision: async () => ({ commit: '0123456789ab', branch: 'main' }),
    rss: () => this.rss,
    cacheFigures: () => this.meter.figures,
    builtWasm: async (path) => ({ built: path.length }),
    servedWasm: async () => 7,
  });

  constructor() {
    this.bus.on((event) => this.recorder.on(event));
    this.bus.emit({ event: 'starting', project: 'app', dir: '/app', mode: 'balanced profile' });
  }

  /** The first build is over; what it wrote is forgotten. */
  static async ready(): Promise<Rig> {
    const rig = new Rig();
    await rig.tell(0, { event: 'ready', url: '', startupMs: 0, mode: '', gate: true, filesWatched: 1 });
    rig.lines.length = 0;
    return rig;
  }

  /** Something happens so many ms later. */
  async tell(ms: number, ...bodies: readonly (EventBody | ((now: number) => EventBody))[]): Promise<void> {
    await this.clock.advance(ms);
    for (const body of bodies) this.bus.emit(typeof body === 'function' ? body(this.clock.now()) : body);
    await flush();
  }

  get builds(): readonly BuildRecord[] {
    return this.lines.filter((line) => line.type === 'build');
  }
}

const BOTH: readonly Side[] = ['front', 'server'];

/** A batch whose last save was 300 ms ago. */
function change(id: number, sides: readonly Side[] = BOTH): (now: number) => ChangeBatch {
  return (now) => ({
    event: 'change-batch',
    id,
    files: [`src/${id}.rs`],
    sides,
    reason: 'Rust source',
    savedAt: now - 300,
  });
}
const begin = (batch: number, side: Side): EventBody => ({ event: 'build-started', batch, side });
const end = (batch: number, side: Side, ms: number, ok = true): EventBody => ({
  event: 'build-finished',
  batch,
  side,
  ok,
  ms,
  diagnostics: [],
});
const stop = (batch: number, side: 'front' | 'server'): EventBody => ({
  event: 'build-stopped',
  batch,
  side,
  reason: 'the sources changed again',
});
const reloaded = (batch: number, ms: number, kind: 'full' | 'style' | 'none' = 'full'): EventBody => ({
  event: 'reloaded',
  batch,
  kind,
  ms,
  restarted: kind === 'full',
});
const content = (batch: number, ms: number): EventBody => ({
  event: 'reloaded',
  batch,
  kind: 'full',
  ms,
  restarted: true,
  contentOnly: true,
});
const step = (name: 'wasm-bindgen' | 'style', state: 'started' | 'finished'): EventBody => ({
  event: 'step',
  step: name,
  state,
});

describe('a batch that arrives', () => {
  it('has every phase from the save on', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1));
    await rig.tell(10, begin(1, 'front'), begin(1, 'server'));
    rig.rss = 70;
    await rig.tell(1_000, end(1, 'front', 1_000), step('wasm-bindgen', 'started'));
    rig.rss = 60;
    await rig.tell(200, step('wasm-bindgen', 'finished'), end(1, 'server', 1_200));
    await rig.tell(400, { event: 'server-started', pid: 1, ms: 390 });
    await rig.tell(1, { event: 'patched', batch: 1, ms: 180 }, reloaded(1, 1_911));
    expect(rig.lines).toEqual([]);
    await rig.tell(500, { event: 'painted', batch: 1, kind: 'reload', ms: 2_411 });
    expect(rig.lines).toEqual([
      {
        v: 1,
        type: 'build',
        at: rig.start,
        session: rig.bus.session,
        id: 1,
        project: 'app',
        files: { count: 1, first: ['src/1.rs'] },
        why: 'Rust source',
        sides: { front: { result: 'built', ms: 1_000 }, server: { result: 'built', ms: 1_200 } },
        phases: [
          { name: 'settle', from: 0, to: 300 },
          { name: 'front', from: 310, to: 1_310 },
          { name: 'server', from: 310, to: 1_510 },
          { name: 'wasm-bindgen', from: 1_310, to: 1_510 },
          { name: 'boot', from: 1_520, to: 1_910 },
        ],
        result: 'arrived',
        reload: 'full',
        contentMs: 1_911,
        patchedMs: 180,
        paintedMs: 2_411,
        wasm: { served: 7 },
        peakRss: 70,
        git: { commit: '0123456789ab', branch: 'main' },
        versions: { leptosFast: '1', cargoLeptos: '2', rustc: '3' },
        mode: 'balanced profile',
      },
    ]);
    expect(readLine(JSON.stringify(rig.lines[0])).kind).toBe('line');
  });

  it('with its content ahead of its wasm has both times', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1), begin(1, 'front'), begin(1, 'server'));
    await rig.tell(700, end(1, 'server', 700), content(1, 1_000));
    await rig.tell(100, { event: 'painted', batch: 1, kind: 'reload', ms: 1_100 });
    expect(rig.lines).toEqual([]);
    await rig.tell(900, end(1, 'front', 1_700), { event: 'interactive', batch: 1, ms: 2_000 });
    await rig.recorder.close();
    const sides = { front: { result: 'built', ms: 1_700 }, server: { result: 'built', ms: 700 } };
    expect(rig.builds).toMatchObject([
      { result: 'arrived', reload: 'full', contentMs: 1_000, paintedMs: 1_100, interactiveMs: 2_000, sides },
    ]);
  });

  it('whose wasm does not compile after its content has failed', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1), begin(1, 'front'), begin(1, 'server'));
    await rig.tell(700, end(1, 'server', 700), content(1, 1_000));
    await rig.tell(900, end(1, 'front', 1_700, false));
    expect(rig.builds).toMatchObject([{ result: 'failed' }]);
  });

  it('that no page shows is written when none can be expected to tell any more', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1), reloaded(1, 300));
    await rig.tell(14_999);
    expect(rig.lines).toEqual([]);
    await rig.tell(1);
    expect(rig.builds).toMatchObject([{ id: 1, result: 'arrived', contentMs: 300 }]);
    await rig.tell(0, { event: 'painted', batch: 1, kind: 'reload', ms: 9 }, reloaded(1, 9));
    expect(rig.builds).toHaveLength(1);
  });

  it('adds up what its two builds cost', async () => {
    const rig = await Rig.ready();
    const cost = (side: 'front' | 'server', ms: number, more: Partial<Finished>): EventBody => ({
      ...(end(1, side, ms) as Finished),
      ...more,
    });
    await rig.tell(300, change(1), begin(1, 'front'), begin(1, 'server'));
    const front = cost('front', 900, {
      usage: { cpuMs: 1_200, peakMemory: 500 },
      steps: [{ name: 'app', kind: 'compile', ms: 800 }],
      artifact: '/app.wasm',
    });
    const server = cost('server', 900, {
      usage: { cpuMs: 300 },
      steps: [
        { name: 'app', kind: 'compile', ms: 850 },
        { name: 'app', kind: 'link', ms: 400, tool: 'ld' },
      ],
      waitedMs: 40,
      artifact: '/server',
    });
    await rig.tell(900, front, server);
    await rig.tell(1, reloaded(1, 1_501));
    await rig.recorder.close();
    expect(rig.builds).toMatchObject([
      {
        usage: { cpuMs: 1_500, peakMemory: 500 },
        steps: [
          { name: 'app', kind: 'compile', ms: 850, side: 'server' },
          { name: 'app', kind: 'compile', ms: 800, side: 'front' },
          { name: 'app', kind: 'link', ms: 400, tool: 'ld', side: 'server' },
        ],
        waitedMs: 40,
        wasm: { built: '/app.wasm'.length, served: 7 },
      },
    ]);
    expect(readLine(JSON.stringify(rig.builds[0])).kind).toBe('line');
  });

  it('has what the caches were asked for since the one before', async () => {
    const rig = new Rig();
    rig.meter.hit('metadata', { bytes: 9, costMs: 150, lookedMs: 2 });
    rig.meter.miss('wasm-bindgen');
    await rig.tell(0, { event: 'ready', url: '', startupMs: 0, mode: '', gate: true, filesWatched: 1 });
    await rig.tell(300, change(1), begin(1, 'front'));
    await rig.tell(1, reloaded(1, 500));
    rig.meter.hit('wasm-bindgen', { bytes: 9, costMs: 400, lookedMs: 20 });
    await rig.tell(300, change(2), begin(2, 'front'));
    await rig.tell(1, reloaded(2, 500));
    await rig.recorder.close();
    expect(rig.builds.map(({ cache }) => cache)).toEqual([
      { hits: 1, misses: 1, savedMs: 148 },
      { hits: 1, misses: 0, savedMs: 380 },
      undefined,
    ]);
    expect(readLine(JSON.stringify(rig.builds[0])).kind).toBe('line');
    expect(readLine(JSON.stringify({ ...rig.builds[0], cache: { hits: 'no' } })).kind).toBe('unreadable');
  });

  it('without a build names the reason', async () => {
    const rig = await Rig.ready();
    const skip = (side: Side): EventBody => ({ event: 'build-skipped', batch: 1, side, reason: `not ${side}` });
    await rig.tell(300, change(1), skip('front'), skip('server'), reloaded(1, 302, 'none'));
    expect(rig.builds).toMatchObject([
      {
        result: 'arrived',
        reload: 'none',
        sides: {
          front: { result: 'skipped', reason: 'not front' },
          server: { result: 'skipped', reason: 'not server' },
        },
      },
    ]);
  });

  it('keeps a side that was built when cargo-leptos asks for it once more', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1, ['server']), begin(1, 'server'), end(1, 'server', 5));
    await rig.tell(0, { event: 'build-skipped', batch: 1, side: 'server', reason: 'nothing changed' });
    await rig.tell(0, reloaded(1, 300, 'none'));
    expect(rig.builds).toMatchObject([{ sides: { server: { result: 'built', ms: 5 } } }]);
  });

  it('tells of a stylesheet that was through before the save had settled, not of an earlier one', async () => {
    const rig = await Rig.ready();
    await rig.tell(0, step('style', 'started'));
    await rig.tell(50, step('style', 'finished'));
    await rig.tell(310, change(1, ['style']), reloaded(1, 300, 'style'));
    await rig.tell(1_100, step('style', 'started'));
    await rig.tell(80, step('style', 'finished'));
    await rig.tell(120, change(2, ['style']), reloaded(2, 300, 'style'));
    await rig.recorder.close();
    expect(rig.builds.map(({ phases }) => phases)).toEqual([
      [{ name: 'settle', from: 0, to: 300 }],
      [
        { name: 'settle', from: 0, to: 300 },
        { name: 'style', from: 100, to: 180 },
      ],
    ]);
  });

  it('is measured from its save, also where an asset was there before the batch had settled', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1, ['assets']), reloaded(1, 40, 'style'));
    await rig.recorder.close();
    expect(rig.builds).toMatchObject([
      { at: rig.start, contentMs: 40, phases: [{ name: 'settle', from: 0, to: 300 }] },
    ]);
  });

  it('takes the save from the arrival where the batch does not tell it', async () => {
    const rig = await Rig.ready();
    const { savedAt: _, ...untold } = change(1)(0);
    await rig.tell(300, untold);
    await rig.tell(100, reloaded(1, 400, 'none'));
    expect(rig.builds).toMatchObject([{ at: rig.start, phases: [{ name: 'settle', from: 0, to: 300 }] }]);
  });
});

describe('a batch that fails', () => {
  it('is written when both sides have told their errors, each error once', async () => {
    const rig = await Rig.ready();
    const rendered = (text: string, code: string | null = 'E0308') => ({
      level: 'error' as const,
      code,
      message: text,
      file: null,
      line: null,
      column: null,
      rendered: text,
    });
    const failed = (side: 'front' | 'server', ...texts: readonly string[]): EventBody => ({
      ...(end(1, side, 100, false) as Extract<EventBody, { event: 'build-finished' }>),
      diagnostics: texts.map((text) => rendered(text)),
    });
    await rig.tell(300, change(1), begin(1, 'front'), begin(1, 'server'), failed('front', 'a', 'b'));
    expect(rig.lines).toEqual([]);
    await rig.tell(10, failed('server', 'b', 'c'));
    expect(rig.builds).toMatchObject([{ result: 'failed', errors: { count: 3, codes: ['E0308'] } }]);
    expect(rig.builds[0]).not.toHaveProperty('contentMs');
  });

  it('is failed also when the next save comes while its other side is being built', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1), begin(1, 'front'), begin(1, 'server'), end(1, 'front', 1, false));
    await rig.tell(300, change(2), stop(2, 'server'), begin(2, 'front'));
    expect(rig.builds).toMatchObject([{ id: 1, result: 'failed', sides: { server: { result: 'stopped', ms: 300 } } }]);
  });

  it('is failed when its server ended and the next save had to mend it', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1, ['server']), begin(1, 'server'), end(1, 'server', 1));
    await rig.tell(5, { event: 'server-exited', pid: 1, reason: 'exit code 101' });
    await rig.tell(60_000, change(2, ['server']), begin(2, 'server'));
    expect(rig.builds).toMatchObject([{ id: 1, result: 'failed' }]);
    expect(rig.lines).toMatchObject([{ type: 'incident', kind: 'server exited', batch: 1 }, { type: 'build' }]);
  });
});

describe('a batch that a later save overtakes', () => {
  it('is superseded when its build is stopped for it', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1), begin(1, 'front'), begin(1, 'server'));
    await rig.tell(400, change(2), stop(2, 'front'), stop(2, 'server'));
    expect(rig.builds).toMatchObject([
      { id: 1, result: 'superseded', sides: { front: { result: 'stopped', ms: 400 } } },
    ]);
    await rig.tell(10, begin(2, 'front'), begin(2, 'server'), end(2, 'front', 5), end(2, 'server', 5));
    await rig.tell(10, reloaded(1, 1_020), reloaded(2, 320));
    await rig.recorder.close();
    expect(rig.builds).toMatchObject([{ id: 1 }, { id: 2, result: 'arrived', contentMs: 320 }]);
  });

  it('is superseded when its build had not begun', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1), change(2), begin(2, 'front'));
    expect(rig.builds).toMatchObject([{ id: 1, result: 'superseded' }]);
  });

  it('of other sides goes on', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1), begin(1, 'front'), change(2, ['style']), begin(2, 'style'));
    expect(rig.lines).toEqual([]);
  });

  it('goes on when its own build begins anew', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1, ['front']), begin(1, 'front'));
    await rig.tell(50, stop(1, 'front'), begin(1, 'front'));
    await rig.tell(70, end(1, 'front', 70), reloaded(1, 420));
    await rig.recorder.close();
    expect(rig.builds).toMatchObject([{ result: 'arrived', sides: { front: { result: 'built', ms: 70 } } }]);
  });

  it('without the gate is superseded when both arrive together', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1));
    await rig.tell(400, change(2));
    await rig.tell(900, reloaded(1, 1_600), reloaded(2, 1_200));
    await rig.recorder.close();
    expect(rig.builds).toMatchObject([
      { id: 1, result: 'superseded' },
      { id: 2, result: 'arrived' },
    ]);
  });
});

describe('the first build', () => {
  it('is batch 0, measured from the start of dev', async () => {
    const rig = new Rig();
    await rig.tell(5_000, begin(0, 'front'), end(0, 'front', 10));
    await rig.tell(0, { event: 'ready', url: '', startupMs: 6_000, mode: '', gate: true, filesWatched: 1 });
    expect(rig.builds).toMatchObject([{ id: 0, at: rig.start - 1_000, why: 'first build', contentMs: 6_000 }]);
  });
});

describe('incidents', () => {
  it('are lines of their own, and count in the batch that they delay', async () => {
    const rig = await Rig.ready();
    await rig.tell(0, { event: 'server-exited', pid: 1, reason: 'signal 9' });
    await rig.tell(300, change(1), { event: 'recovery', kind: 'retry', attempt: 1, why: 'front: killed' });
    await rig.tell(0, reloaded(1, 300, 'none'));
    expect(rig.lines).toMatchObject([
      { type: 'incident', kind: 'server exited', batch: null, why: 'signal 9' },
      { type: 'incident', kind: 'retry', batch: 1 },
      { type: 'build', recoveries: 1 },
    ]);
    for (const line of rig.lines) expect(readLine(JSON.stringify(line)).kind).toBe('line');
  });
});

describe('the end', () => {
  it('writes what is open as it is', async () => {
    const rig = await Rig.ready();
    await rig.tell(300, change(1, ['style']), reloaded(1, 300, 'style'), change(2));
    await rig.tell(0, change(3, ['server']), begin(3, 'server'));
    await rig.recorder.close();
    expect(rig.builds.map(({ id, result }) => [id, result])).toEqual([
      [2, 'superseded'],
      [1, 'arrived'],
      [3, 'unfinished'],
    ]);
    expect(rig.clock.pending).toBe(0);
    expect(rig.recorder.builds.map(({ id }) => id)).toEqual([0, 2, 1, 3]);
  });

  it('never keeps more than 50 open', async () => {
    const rig = await Rig.ready();
    for (let id = 1; id <= 60; id++) await rig.tell(300, change(id));
    expect(rig.builds.map(({ id, result }) => [id, result])).toEqual(
      Array.from({ length: 10 }, (_, index) => [index + 1, 'unfinished']),
    );
  });
});
