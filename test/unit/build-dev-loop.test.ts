import { beforeEach, describe, expect, it } from 'vitest';
import type { Brought } from '../../src/assets/asset-mirror.js';
import { describeFiles } from '../../src/build/batch.js';
import type { LogFact } from '../../src/build/cargo-leptos-log.js';
import { DevLoop, type DevLoopOptions, type Verdicts, type WasmState } from '../../src/build/dev-loop.js';
import { type Deferred, deferred } from '../../src/core/deferred.js';
import { type Event, EventBus, type RustSide, type Side } from '../../src/core/events.js';
import type { SideBuilder } from '../../src/gate/side-builder.js';
import { Classifier } from '../../src/watch/classify.js';
import { outcome } from '../support/cargo-outcome.js';
import { singleCrate } from '../support/leptos-model.js';
import { flush, ManualClock } from '../support/manual-clock.js';

/** How long after a settled set cargo-leptos's own request is overdue. */
const FIRST_TRIGGER_MS = 150;
const NEXT_TRIGGER_MS = 1_000;

/** What the loop sees of a side's builder. */
class FakeBuilder {
  isUpToDate = false;
  hasFailed = false;
  isRequested = false;
  wasRequested = true;
  isDelivered = true;
  isBusy = false;
  isBuildingOn = false;
  isOwed = false;

  markUpToDate(): void {
    this.isUpToDate = true;
    this.hasFailed = false;
  }

  markDirty(): void {
    this.isUpToDate = false;
    this.hasFailed = false;
  }
}

const verdicts = (front: boolean, server: boolean): Verdicts => ({
  front: { needed: front, reason: 'a reason for the front' },
  server: { needed: server, reason: 'a reason for the server' },
});

const SIDES: readonly Side[] = ['front', 'server', 'style', 'assets'];
const folder = (side: Side) => `/p/target/leptos-fast/trigger/${side}`;

let clock: ManualClock;
let events: Event[];
let builders: Record<RustSide, FakeBuilder> | null;
let triggered: Side[];
let restarts: string[];
let serverAnswer: Deferred<boolean> | null;
let ready: number;
let reviewed: string[];
let wasm: WasmState[];
let judged: string[][];
let placed: { readonly paths: readonly string[]; readonly since: number }[];
let placing: Deferred<Brought> | null;
let options: DevLoopOptions;
let loop: DevLoop;

beforeEach(() => {
  clock = new ManualClock();
  events = [];
  builders = { front: new FakeBuilder(), server: new FakeBuilder() };
  triggered = [];
  restarts = [];
  serverAnswer = null;
  ready = 0;
  reviewed = [];
  wasm = [];
  judged = [];
  placed = [];
  placing = null;
  const bus = new EventBus(clock);
  bus.on((event) => events.push(event));
  const { workspace, project } = singleCrate('/p', { styleFile: '/p/style/main.css', assetsDir: '/p/public' });
  const classifier = new Classifier(workspace, project);
  options = {
    bus,
    clock,
    root: '/p',
    classifier: () => classifier,
    builders: () => builders as unknown as Record<RustSide, SideBuilder> | null,
    trigger: (side) => triggered.push(side),
    triggerFolders: SIDES.map(folder),
    restart: (why) => restarts.push(why),
    serverAnswers: () => serverAnswer?.promise ?? Promise.resolve(true),
    onReady: () => {
      ready += 1;
    },
    onBuilt: () => undefined,
    onWasm: (state) => wasm.push(state),
    placeAssets: (paths, since) => {
      placed.push({ paths, since });
      return placing?.promise ?? Promise.resolve({ at: clock.now(), savedAt: since });
    },
    onFiles: (changes) => reviewed.push(...changes.map(({ path }) => path)),
  };
  loop = new DevLoop(options);
});

function save(...paths: readonly string[]): void {
  const changes = paths.map((path) => ({ path: `/p/${path}`, kind: 'changed' as const }));
  loop.onChangeSet({ changes, firstEventAt: clock.now() - 300, lastEventAt: clock.now() - 300 });
}

function facts(...list: readonly (LogFact | LogFact['kind'])[]): Promise<void> {
  for (const fact of list) loop.onFact(typeof fact === 'string' ? ({ kind: fact } as LogFact) : fact);
  return flush();
}

/** A side's build ends and its outcome reaches cargo-leptos. */
function built(side: RustSide, code = 0): void {
  const builder = builders?.[side];
  if (builder) Object.assign(builder, { isUpToDate: code === 0, hasFailed: code !== 0, isDelivered: true });
  loop.onFinished(side, outcome(code), 10);
}

const updated = {
  server: { kind: 'updated', server: true, onlyStyle: false },
  style: { kind: 'updated', server: false, onlyStyle: true },
  assets: { kind: 'updated', server: false, onlyStyle: false },
} as const satisfies Record<string, LogFact>;

/** cargo-leptos has built everything and watches; our triggers work. */
async function started(): Promise<void> {
  built('front');
  built('server');
  await facts('idle', ...SIDES.map((side) => ({ kind: 'watching', path: folder(side) }) as const));
  await clock.advance(FIRST_TRIGGER_MS);
  events.length = 0;
}

const reloads = () => events.filter((event) => event.event === 'reloaded');

describe('the first build', () => {
  it('is ready when cargo-leptos waits and the server answers', async () => {
    serverAnswer = deferred<boolean>();
    built('front');
    built('server');
    await facts('idle');
    expect(ready).toBe(0);
    serverAnswer.resolve(true);
    await flush();
    expect(ready).toBe(1);
    expect(reloads()).toEqual([]);
  });

  it('that fails is not ready; the batch that mends it is', async () => {
    built('front');
    built('server', 101);
    await facts('idle', ...SIDES.map((side) => ({ kind: 'watching', path: folder(side) }) as const));
    expect(ready).toBe(0);
    save('src/app.rs');
    built('front');
    built('server');
    await facts(updated.server);
    expect(ready).toBe(1);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'full' }]);
  });
});

describe('a batch', () => {
  beforeEach(started);

  it('is announced with its files, sides and reason', () => {
    save('src/app.rs', 'style/main.css');
    expect(events[0]).toMatchObject({
      event: 'change-batch',
      id: 1,
      files: ['src/app.rs', 'style/main.css'],
      sides: ['front', 'server', 'style'],
      reason: 'Rust source, style',
    });
  });

  it('of files that no side is built from is none', () => {
    save('tests/api.rs');
    expect(events).toEqual([]);
  });

  it('makes the sides that it touches out of date, and no other', () => {
    save('style/main.css');
    expect(builders?.front.isUpToDate).toBe(true);
    save('src/app.rs');
    expect(builders?.front.isUpToDate).toBe(false);
    expect(builders?.server.isUpToDate).toBe(false);
  });

  it('is on the page only when the server answers; the time counts from the save', async () => {
    serverAnswer = deferred<boolean>();
    save('src/app.rs');
    built('front');
    built('server');
    await clock.advance(100);
    await facts(updated.server);
    expect(reloads()).toEqual([]);
    await clock.advance(600);
    serverAnswer.resolve(true);
    await flush();
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'full', ms: 1_000 }]);
  });

  it('is not on the page when the server died', async () => {
    serverAnswer = deferred<boolean>();
    serverAnswer.resolve(false);
    save('src/app.rs');
    built('front');
    built('server');
    await facts(updated.server);
    expect(reloads()).toEqual([]);
  });

  it('waits for the side that is still behind when a run ends', async () => {
    save('src/app.rs');
    built('server');
    await facts(updated.server);
    expect(reloads()).toEqual([]);
    built('front');
    await facts(updated.server);
    expect(reloads()).toMatchObject([{ batch: 1 }]);
  });

  it('that failed waits for nothing more', async () => {
    save('src/app.rs');
    built('front');
    built('server', 101);
    await facts('failed');
    save('style/main.css');
    await facts({ kind: 'saw', side: 'style' }, updated.style);
    expect(reloads()).toMatchObject([{ batch: 2, kind: 'style' }]);
  });

  it('that came out the same is told as such', async () => {
    save('src/app.rs');
    built('front');
    built('server');
    await facts('unchanged');
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'none' }]);
  });

  it('and the one before it come to the page together', async () => {
    save('src/app.rs');
    save('src/lib.rs');
    built('front');
    built('server');
    await facts(updated.server);
    expect(reloads()).toMatchObject([{ batch: 1 }, { batch: 2 }]);
  });

  it('of a manifest has the workspace read anew', () => {
    save('Cargo.toml');
    expect(reviewed).toEqual(['/p/Cargo.toml']);
  });
});

describe('content that came before its wasm', () => {
  beforeEach(async () => {
    await started();
    save('src/app.rs');
    for (const side of ['front', 'server'] as const) loop.onStarted(side);
    built('server');
    // cargo builds on; nobody waits for it.
    Object.assign(builders?.front ?? {}, { isBuildingOn: true });
    loop.onContentFirst();
    await facts(updated.server, 'idle');
  });

  /** cargo is done with the front, and cargo-leptos has yet to ask for it. */
  function frontBuilt(code = 0): void {
    built('front', code);
    const state = { isBuildingOn: false, isOwed: code === 0, isDelivered: false };
    Object.assign(builders?.front ?? {}, state);
    loop.onState();
  }

  /** cargo-leptos has asked for it and made it ready. */
  async function frontDelivered(): Promise<void> {
    Object.assign(builders?.front ?? {}, { isOwed: false, isDelivered: true });
    await facts(updated.assets, 'idle');
  }

  it('is told as such, and the wasm on its own', async () => {
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'full', restarted: true, contentOnly: true }]);
    expect(wasm).toEqual(['replaced', 'replaced']);
    frontBuilt();
    await frontDelivered();
    expect(reloads()).toHaveLength(1);
    expect(events.filter(({ event }) => event === 'interactive')).toMatchObject([{ batch: 1 }]);
    expect(wasm.at(-1)).toBe('fits');
  });

  it('asks for no front while that is built, and at once when it is', async () => {
    await clock.advance(60_000);
    expect(triggered).toEqual([]);
    frontBuilt();
    await clock.advance(0);
    expect(triggered).toEqual(['front']);
  });

  it('asks for no front during a run, which would forget the server', async () => {
    await facts({ kind: 'saw', side: 'style' });
    frontBuilt();
    await clock.advance(60_000);
    expect(triggered).toEqual([]);
    await facts('idle');
    await clock.advance(FIRST_TRIGGER_MS);
    expect(triggered).toEqual(['front']);
  });

  it('does not give out the wasm for a stylesheet', async () => {
    save('style/main.css');
    await facts({ kind: 'saw', side: 'style' }, updated.style, 'idle');
    expect(wasm.at(-1)).toBe('replaced');
  });

  it('gives out no wasm that does not compile, and waits for the next one', async () => {
    frontBuilt(101);
    expect(wasm.at(-1)).toBe('failed');
    await facts('failed', 'idle');
    save('src/app.rs');
    loop.onStarted('front');
    expect(wasm.at(-1)).toBe('building');
    built('front');
    built('server');
    await facts(updated.server);
    expect(events.filter(({ event }) => event === 'interactive')).toEqual([]);
    expect(reloads().slice(1)).toMatchObject([{ batch: 2 }]);
    expect(reloads()[1]).not.toHaveProperty('contentOnly');
    expect(wasm.at(-1)).toBe('fits');
  });

  it('comes with the wasm of a later one', async () => {
    save('src/app.rs');
    built('front');
    built('server');
    await facts(updated.server);
    expect(events.filter(({ event }) => event === 'interactive')).toMatchObject([{ batch: 1 }]);
    expect(reloads()).toMatchObject([{ batch: 1 }, { batch: 2 }]);
  });
});

describe('style and assets', () => {
  const begun = { kind: 'begun', side: 'style' } as const;
  const written = { kind: 'written', side: 'style', changed: true } as const;

  it('that a run saw after it had begun with them are asked for: it forgets them', async () => {
    await facts(begun, written);
    await started();
    await facts({ kind: 'saw', side: 'style' }, updated.assets);
    save('style/main.css');
    await clock.advance(FIRST_TRIGGER_MS);
    expect(reloads()).toEqual([]);
    expect(triggered).toEqual(['style']);
    await facts({ kind: 'saw', side: 'style' }, begun, written, updated.style);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'style' }]);
    await clock.advance(NEXT_TRIGGER_MS);
    expect(triggered).toEqual(['style']);
  });

  it.each(['before', 'after'])(
    'that a run wrote whose build failed are told when they settle %s it ends',
    async (when) => {
      await started();
      save('src/app.rs');
      if (when === 'before') save('style/main.css');
      built('front', 101);
      built('server', 101);
      await facts({ kind: 'saw', side: 'style' }, begun, written, 'failed');
      if (when === 'after') {
        loop.onChangeSet({
          changes: [{ path: '/p/style/main.css', kind: 'changed' }],
          firstEventAt: clock.now(),
          lastEventAt: clock.now(),
        });
      }
      expect(reloads()).toMatchObject([{ batch: 2, kind: 'style' }]);
    },
  );

  it('that a run could not write, a Sass error perhaps, are not told', async () => {
    await started();
    save('style/main.css');
    await facts({ kind: 'saw', side: 'style' }, begun, 'failed');
    expect(reloads()).toEqual([]);
  });

  beforeEach(started);

  it('taken up and finished after the batch are told once', async () => {
    save('style/main.css');
    await facts({ kind: 'saw', side: 'style' }, updated.style);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'style' }]);
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });

  it('finished before the batch has settled are told at once, with the time they took', async () => {
    await facts({ kind: 'saw', side: 'style' });
    await clock.advance(50);
    await facts(updated.style);
    await clock.advance(200);
    const savedAt = clock.now() - 350;
    loop.onChangeSet({
      changes: [{ path: '/p/style/main.css', kind: 'changed' }],
      firstEventAt: savedAt,
      lastEventAt: savedAt,
    });
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'style', ms: 150 }]);
  });

  it('of which assets arrive when they are in their place, and cargo-leptos is asked for nothing', async () => {
    placing = deferred<Brought>();
    save('public/logo.svg');
    expect(placed).toEqual([{ paths: ['/p/public/logo.svg'], since: clock.now() - 300 }]);
    await flush();
    expect(reloads()).toEqual([]);
    placing.resolve({ at: clock.now() - 260, savedAt: clock.now() - 300 });
    await flush();
    expect(events.map((event) => [event.event, 'ms' in event ? event.ms : null])).toEqual([
      ['change-batch', null],
      ['build-started', null],
      ['build-finished', 40],
      ['reloaded', 40],
    ]);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'assets' }]);
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });

  it('of which assets are measured from their own save: a later event may have been about nothing', async () => {
    placing = deferred<Brought>();
    save('public/logo.svg');
    placing.resolve({ at: clock.now() - 500, savedAt: clock.now() - 520 });
    await flush();
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'assets', ms: 20 }]);
    expect(events).toContainEqual(expect.objectContaining({ event: 'build-finished', side: 'assets', ms: 20 }));
  });

  it('saved together arrive with the later of them, as assets', async () => {
    save('public/logo.svg', 'style/main.css');
    await flush();
    expect(reloads()).toEqual([]);
    await clock.advance(100);
    await facts({ kind: 'saw', side: 'style' }, updated.style);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'assets', ms: 400 }]);
    expect(events).toContainEqual(expect.objectContaining({ event: 'build-finished', side: 'assets', ms: 300 }));
  });

  it('that a Rust file was saved with wait for its build', async () => {
    save('public/logo.svg', 'src/app.rs');
    await flush();
    expect(reloads()).toEqual([]);
    built('front');
    built('server');
    await facts(updated.server);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'full' }]);
  });

  it('are not there while cargo-leptos starts: nobody serves them', async () => {
    loop.onStart();
    save('public/logo.svg');
    await flush();
    expect(reloads()).toEqual([]);
    await facts('idle');
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'assets' }]);
  });

  it('that a file of the project has cargo-leptos copy are not asked for again', async () => {
    await facts({ kind: 'begun', side: 'assets' }, { kind: 'saw', side: 'assets' }, updated.assets);
    save('public/logo.svg');
    await flush();
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });

  it('taken up before the last save of the batch are triggered', async () => {
    await facts({ kind: 'saw', side: 'style' }, updated.style);
    await clock.advance(1_000);
    save('style/main.css');
    expect(reloads()).toEqual([]);
    await clock.advance(FIRST_TRIGGER_MS);
    expect(triggered).toEqual(['style']);
  });

  it('begin and end like the builds of the other sides', async () => {
    save('style/main.css');
    await facts({ kind: 'saw', side: 'style' }, updated.style);
    expect(events.map(({ event }) => event)).toEqual(['change-batch', 'build-started', 'build-finished', 'reloaded']);
  });
});

describe('a side that cargo-leptos does not ask for', () => {
  beforeEach(started);

  it('is triggered when the request is overdue', async () => {
    save('src/app.rs');
    await clock.advance(FIRST_TRIGGER_MS - 1);
    expect(triggered).toEqual([]);
    await clock.advance(1);
    expect(triggered).toEqual(['front', 'server']);
  });

  it('is not triggered when it was asked for meanwhile', async () => {
    save('src/app.rs');
    for (const side of ['front', 'server'] as const) if (builders) builders[side].isRequested = true;
    loop.onState();
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });

  it('is triggered three times, then cargo-leptos is started anew', async () => {
    save('src/app.rs');
    await clock.advance(FIRST_TRIGGER_MS + 6 * NEXT_TRIGGER_MS);
    expect(triggered).toHaveLength(6);
    expect(restarts).toEqual([]);
    await clock.advance(NEXT_TRIGGER_MS);
    expect(restarts).toHaveLength(1);
    expect(restarts[0]).toContain('front and server');
  });

  it('is not triggered before cargo-leptos watches the folders of the triggers', async () => {
    loop.onStart();
    save('src/app.rs');
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
    await facts(...SIDES.map((side) => ({ kind: 'watching', path: folder(side) }) as const));
    await clock.advance(FIRST_TRIGGER_MS);
    expect(triggered).toEqual(['front', 'server']);
  });

  it('is triggered when its outcome reached nobody', async () => {
    save('src/app.rs');
    built('front');
    built('server');
    if (builders) builders.server.isDelivered = false;
    await clock.advance(FIRST_TRIGGER_MS);
    expect(triggered).toEqual(['server']);
  });

  it('is left alone when the server is held back because the front is broken', async () => {
    save('src/app.rs');
    built('server');
    if (builders) builders.server.isDelivered = false;
    built('front', 101);
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });

  it('is left alone when it is broken and that was told', async () => {
    save('src/app.rs');
    built('server', 101);
    built('front', 101);
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });

  it('is left alone at the end of the session', async () => {
    save('src/app.rs');
    loop.stop();
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });
});

describe('without the gate', () => {
  beforeEach(async () => {
    builders = null;
    await facts('idle');
    events.length = 0;
  });

  it('a batch is on the page when the run ends', async () => {
    save('src/app.rs');
    await facts(updated.server);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'full' }]);
  });

  it('nothing is triggered', async () => {
    save('src/app.rs');
    await clock.advance(5_000);
    expect(triggered).toEqual([]);
  });
});

describe("what the gate's builders report", () => {
  beforeEach(started);

  it('is told with the batch that it belongs to', () => {
    save('src/app.rs');
    loop.onStarted('front');
    loop.onStatus('front', { kind: 'progress', done: 1, total: 2, crate: 'syn' });
    loop.onSkipped('server', 'nothing changed');
    loop.onStopped('front', 'changed again');
    expect(events.slice(1)).toMatchObject([
      { event: 'build-started', batch: 1, side: 'front' },
      { event: 'build-progress', side: 'front', done: 1, total: 2, crate: 'syn' },
      { event: 'build-skipped', batch: 1, side: 'server', reason: 'nothing changed' },
      { event: 'build-stopped', batch: 1, side: 'front', reason: 'changed again' },
    ]);
  });

  it("has cargo's own words only when it failed", () => {
    loop.onFinished('front', { ...outcome(0), output: 'warning: x' }, 1);
    loop.onFinished('front', { ...outcome(1), output: 'error: x' }, 1);
    expect(events.map((event) => ('output' in event ? event.output : null))).toEqual([null, 'error: x']);
  });

  it('tells of the lock of a whole build, not of the short one on the package cache', () => {
    loop.onStatus('front', { kind: 'blocked', on: 'file lock on package cache' });
    expect(events).toEqual([]);
    loop.onStatus('front', { kind: 'blocked', on: 'file lock on build directory' });
    expect(events).toMatchObject([{ event: 'notice' }]);
  });
});

describe('files for people', () => {
  it.each([
    [[], 'nothing'],
    [['a.rs'], 'a.rs'],
    [['a.rs', 'b.rs', 'c.rs'], 'a.rs and 2 more'],
  ])('%j are "%s"', (files, text) => {
    expect(describeFiles(files)).toBe(text);
  });
});

describe('an edit that does not reach a side', () => {
  let judgement: Deferred<Verdicts>;

  beforeEach(async () => {
    judgement = deferred<Verdicts>();
    loop = new DevLoop({
      ...options,
      judge: (changes) => {
        judged.push(changes.map(({ path }) => path));
        return judgement.promise;
      },
    });
    await started();
  });

  async function decide(front: boolean, server: boolean): Promise<void> {
    judgement.resolve(verdicts(front, server));
    await flush();
  }

  const skips = () => events.filter((event) => event.event === 'build-skipped');

  it('leaves that side alone, says why, and is done with the other', async () => {
    save('src/app.rs');
    expect(builders?.server.isUpToDate).toBe(true);
    await decide(false, true);
    expect(judged).toEqual([['/p/src/app.rs']]);
    expect(skips()).toMatchObject([{ batch: 1, side: 'front', reason: 'a reason for the front' }]);
    expect([builders?.front.isUpToDate, builders?.server.isUpToDate]).toEqual([true, false]);
    built('server');
    await facts(updated.server);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'full' }]);
  });

  it('nor the other one is done at once', async () => {
    save('src/app.rs');
    await decide(false, false);
    expect(skips()).toHaveLength(2);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'none' }]);
    await clock.advance(FIRST_TRIGGER_MS);
    expect(triggered).toEqual([]);
  });

  it('but undoes one that broke it leaves it right', async () => {
    built('front', 101);
    save('src/app.rs');
    await decide(false, false);
    expect(builders?.front).toMatchObject({ isUpToDate: true, hasFailed: false });
  });

  it('keeps its builds waiting until that is known', async () => {
    save('src/app.rs');
    let isKnown = false;
    void loop.judged().then(() => {
      isKnown = true;
    });
    await flush();
    expect(isKnown).toBe(false);
    await decide(true, true);
    expect(isKnown).toBe(true);
  });

  it.each(['Cargo.toml', 'build.rs'])(
    'is built all the same after an edit of %s, until that is built',
    async (path) => {
      save(path);
      expect(judged).toEqual([]);
      expect(builders?.front.isUpToDate).toBe(false);
      save('src/app.rs');
      await decide(false, false);
      expect(builders?.front.isUpToDate).toBe(false);
      built('front');
      built('server');
      await facts(updated.server);
      save('src/app.rs');
      await flush();
      expect(builders?.front.isUpToDate).toBe(true);
    },
  );

  it('is built all the same when somebody asks', async () => {
    loop.rebuild();
    expect(builders?.front.isUpToDate).toBe(false);
    expect(events.find(({ event }) => event === 'change-batch')).toMatchObject({ id: 1, reason: 'asked for' });
  });

  it('still brings its stylesheet', async () => {
    save('src/app.rs', 'style/main.css');
    await decide(false, false);
    await clock.advance(FIRST_TRIGGER_MS);
    expect(triggered).toEqual(['style']);
    await facts({ kind: 'saw', side: 'style' }, updated.style);
    expect(reloads()).toMatchObject([{ batch: 1, kind: 'style' }]);
  });
});
