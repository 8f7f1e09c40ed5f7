import { beforeEach, describe, expect, it } from 'vitest';
import { type Diagnostic, type Event, EventBus } from '../../src/core/events.js';
import type { PageStatus, ServerMessage, ViewPatch } from '../../src/serve/page-protocol.js';
import { PageState } from '../../src/serve/page-state.js';
import { ManualClock } from '../support/manual-clock.js';

let clock: ManualClock;
let bus: EventBus;
let events: Event[];
let sent: ServerMessage[];
let opened: unknown[];
let standIns: ServerMessage[];
let shownBy: readonly string[] | null;
let state: PageState;

beforeEach(() => {
  clock = new ManualClock();
  bus = new EventBus(clock);
  events = [];
  sent = [];
  opened = [];
  standIns = [];
  shownBy = null;
  state = new PageState({
    bus,
    clock,
    root: '/app',
    broadcast: (message) => sent.push(message),
    pages: () => [
      { at: 0, path: '/', send: (message) => standIns.push(message) },
      { at: 5, path: '/', send: () => expect.unreachable('a page of the app needs nothing') },
    ],
    open: (place) => opened.push(place),
    pathsOf: (kind, files) => [`/${kind}/${files.length}`],
    patchesFor: () => shownBy,
  });
  bus.on((event) => events.push(event));
});

const reloads = () => sent.filter((message) => message.type === 'reload');
const status = (): PageStatus => {
  const hello = state.hello();
  if (hello.type !== 'hello') return expect.unreachable();
  return hello.status;
};
const since = () => {
  const hello = state.hello();
  return hello.type === 'hello' ? hello.since : expect.unreachable();
};

function ready(): void {
  bus.emit({ event: 'server-started', pid: 1, ms: 5 });
  bus.emit({
    event: 'ready',
    url: 'http://127.0.0.1:3000/',
    startupMs: 1,
    mode: 'balanced',
    gate: true,
    filesWatched: 1,
  });
}

function save(batch: number, ...files: string[]): void {
  bus.emit({ event: 'change-batch', id: batch, files, sides: ['front', 'server'], reason: 'Rust source' });
}

function reloaded(batch: number, kind: 'full' | 'style' | 'assets' | 'none', restarted = false): void {
  bus.emit({ event: 'reloaded', batch, kind, ms: 40, restarted });
}

describe('new content', () => {
  it('counts from the start of the server that has it, and from now on where no server was started', async () => {
    state.onServerProcess(clock.now() - 20);
    ready();
    expect(since().content).toBe(clock.now() - 20);
    state.onServerProcess(clock.now() + 70);
    save(1, 'src/app.rs');
    reloaded(1, 'full', true);
    save(2, 'src/client.rs');
    await clock.advance(100);
    reloaded(2, 'full');
    expect(reloads().map((message) => message.type === 'reload' && message.since)).toEqual([
      clock.now() - 120,
      clock.now() - 30,
      clock.now(),
    ]);
    expect(since().content).toBe(clock.now());
  });

  it('of two batches that one server brought is one and the same', async () => {
    ready();
    state.onServerProcess(clock.now() + 70);
    save(1, 'src/app.rs');
    save(2, 'src/app.rs');
    reloaded(1, 'full', true);
    await clock.advance(100);
    reloaded(2, 'full', true);
    expect(reloads().slice(1)).toMatchObject([{ batch: 1 }, { batch: 2 }]);
    expect(
      new Set(
        reloads()
          .slice(1)
          .map((message) => message.type === 'reload' && message.since),
      ).size,
    ).toBe(1);
  });

  it('whose wasm is still built is told to pages that are seen, and to all once the wasm is there', () => {
    ready();
    save(1, 'src/app.rs');
    save(2, 'src/app.rs');
    for (const batch of [1, 2]) {
      bus.emit({ event: 'reloaded', batch, kind: 'full', ms: 40, restarted: true, contentOnly: true });
    }
    for (const batch of [1, 2, 2]) bus.emit({ event: 'interactive', batch, ms: 90 });
    const [, first, seen, all, ...more] = reloads();
    expect([first, seen]).toMatchObject([
      { batch: 1, contentOnly: true },
      { batch: 2, contentOnly: true },
    ]);
    expect(all).not.toHaveProperty('contentOnly');
    expect(all).toMatchObject({ batch: 2, since: seen?.type === 'reload' && seen.since });
    expect(more).toEqual([]);
  });

  it('that view patches show already names them', () => {
    ready();
    shownBy = ['p1'];
    save(1, 'src/app.rs');
    reloaded(1, 'full', true);
    expect(reloads().at(-1)).toMatchObject({ batch: 1, patches: ['p1'] });
  });

  it('is none when a batch changed nothing', () => {
    ready();
    sent.length = 0;
    save(1, 'src/app.rs');
    reloaded(1, 'none');
    expect(sent).toEqual([]);
  });

  it('of styles and assets names what changed', () => {
    ready();
    save(1, 'a.css', 'b.css');
    reloaded(1, 'style');
    expect(sent.at(-1)).toEqual({ type: 'style', since: clock.now(), batch: 1, paths: ['/style/2'] });
    save(2, 'a.png');
    reloaded(2, 'assets');
    expect(sent.at(-1)).toEqual({ type: 'assets', since: clock.now(), batch: 2, paths: ['/assets/1'] });
  });
});

describe('a stylesheet that is written before its save has settled', () => {
  const swaps = () => sent.filter(({ type }) => type === 'style');
  const painted = () => events.filter(({ event }) => event === 'painted');

  it.each(['before', 'after'])('is told at once, once, and its paint counted, %s the batch', async (when) => {
    ready();
    await clock.advance(1_000);
    bus.emit({ event: 'step', step: 'style', state: 'finished', changed: true });
    expect(swaps()).toMatchObject([{ since: clock.now(), paths: ['/style/0'] }]);
    await clock.advance(20);
    const show = () => state.onMessage({ type: 'shown', batch: 0, kind: 'style' }, page);
    if (when === 'before') show();
    save(1, 'a.css');
    reloaded(1, 'style');
    if (when === 'after') show();
    show();
    expect(swaps()).toHaveLength(1);
    expect(painted()).toMatchObject([{ batch: 1, kind: 'style', ms: 40 }]);
  });

  it('does not stand for one that was saved after it', async () => {
    ready();
    bus.emit({ event: 'step', step: 'style', state: 'finished', changed: true });
    await clock.advance(1_000);
    save(1, 'a.css');
    reloaded(1, 'style');
    expect(swaps()).toMatchObject([{ batch: 0 }, { batch: 1 }]);
  });

  it('of the first build is no news', () => {
    bus.emit({ event: 'step', step: 'style', state: 'finished', changed: true });
    expect(swaps()).toEqual([]);
  });
});

describe('a page in place of the app', () => {
  it('hears of no content while the server is down, and loads itself when one is up', () => {
    ready();
    expect(since().content).toBeGreaterThan(0);
    bus.emit({ event: 'server-exited', pid: 1, reason: 'it ended by itself' });
    expect(since().content).toBe(0);
    expect(standIns).toEqual([]);
    bus.emit({ event: 'server-started', pid: 2, ms: 5 });
    expect(standIns).toMatchObject([{ type: 'reload', patches: null }]);
    expect(since().content).toBeGreaterThan(0);
  });
});

describe('what pages report', () => {
  it('becomes the time from the save to the paint', async () => {
    ready();
    save(1, 'a.css');
    reloaded(1, 'style');
    await clock.advance(12);
    state.onMessage({ type: 'shown', batch: 1, kind: 'style' }, page);
    expect(events.at(-1)).toMatchObject({ event: 'painted', batch: 1, kind: 'style', ms: 52 });
    state.onMessage({ type: 'shown', batch: 7, kind: 'style' }, page);
    expect(events.filter(({ event }) => event === 'painted')).toHaveLength(1);
  });

  it.each(['the page was quicker', 'the files settled first'])('tells of a view patch once: %s', async (order) => {
    ready();
    const made = patch('p1');
    state.onPatch(made, 'src/app.rs');
    expect(sent.at(-1)).toEqual({ type: 'patch', patch: made });
    await clock.advance(80);
    const painted = () => state.onMessage({ type: 'patched', id: 'p1', ok: true }, page);
    if (order === 'the page was quicker') painted();
    save(1, 'src/app.rs');
    if (order !== 'the page was quicker') painted();
    painted();
    const told = events.filter(({ event }) => event === 'patched');
    expect(told).toMatchObject([{ batch: 1, ms: 80 }]);
  });

  it('does not count a patch that could not be applied', () => {
    ready();
    state.onPatch(patch('p1'), 'src/app.rs');
    save(1, 'src/app.rs');
    state.onMessage({ type: 'patched', id: 'p1', ok: false }, page);
    expect(events.some(({ event }) => event === 'patched')).toBe(false);
  });

  it('opens the place of an error, and of no error that there is not', () => {
    fail('front', [diagnostic('E0308', 'src/app.rs')]);
    state.onMessage({ type: 'open', error: 0 }, page);
    state.onMessage({ type: 'open', error: 1 }, page);
    expect(opened).toEqual([{ file: 'src/app.rs', line: 3, column: 5 }]);
  });

  it('tells a panic of the wasm', () => {
    state.onMessage({ type: 'page-error', message: 'panicked at src/app.rs:3:5' }, page);
    expect(events.at(-1)).toMatchObject({ event: 'page-error', message: 'panicked at src/app.rs:3:5' });
  });
});

it('a page that comes while a patch is not built yet gets it, and later none', async () => {
  ready();
  await clock.advance(50);
  const unbuilt = patch('p1');
  state.onPatch(unbuilt, 'src/app.rs');
  const heard: ServerMessage[] = [];
  const late = { send: (message: ServerMessage) => heard.push(message) };
  state.onMessage({ type: 'hello', at: 5, path: '/' }, late);
  expect(heard).toEqual([{ type: 'patch', patch: unbuilt }]);
  save(1, 'src/app.rs');
  await clock.advance(50);
  reloaded(1, 'full');
  heard.length = 0;
  state.onMessage({ type: 'hello', at: 5, path: '/' }, late);
  expect(heard).toEqual([]);
});

describe('the status', () => {
  it('tells how long a build of its kind took before', async () => {
    expect(status()).toEqual({ kind: 'idle' });
    build('front', 'server');
    await clock.advance(200);
    expect(status()).toEqual({ kind: 'building', what: 'front and server', elapsedMs: 200, expectedMs: null });
    end('front');
    end('server');
    expect(status().kind).toBe('building');
    reloaded(1, 'full', true);
    expect(status()).toEqual({ kind: 'idle' });
    build('front', 'server');
    expect(status()).toMatchObject({ expectedMs: 200 });
    build('style');
    expect(status()).toMatchObject({ what: 'front and server and style', expectedMs: null });
  });

  it('knows from earlier runs how long a build takes', () => {
    state.learn(new Map([['front and server', [100, 300, 500]]]));
    build('front', 'server');
    expect(status()).toMatchObject({ expectedMs: 300 });
  });

  it('shows an error of both sides once, until both are mended', () => {
    build('front', 'server');
    fail('front', [diagnostic('E0308', 'src/app.rs'), diagnostic('E0425', 'src/lib.rs')]);
    fail('server', [diagnostic('E0308', 'src/app.rs'), diagnostic('E0425', 'src/lib.rs')]);
    expect(status()).toMatchObject({
      kind: 'failed',
      building: false,
      errors: [
        { label: 'error[E0308]', sides: ['front', 'server'], editorUrl: 'vscode://file/app/src/app.rs:3:5' },
        { label: 'error[E0425]', sides: ['front', 'server'] },
      ],
    });
    build('front', 'server');
    expect(status()).toMatchObject({ kind: 'failed', building: true });
    end('front');
    expect(status()).toMatchObject({ kind: 'failed', errors: [{ sides: ['server'] }, { sides: ['server'] }] });
    end('server');
    expect(status().kind).toBe('building');
  });

  it('shows no error any more when the edit that brought it is undone', () => {
    fail('front', [diagnostic('E0308', 'src/app.rs')]);
    bus.emit({ event: 'build-skipped', batch: 2, side: 'front', reason: 'same content as its last build' });
    expect(status()).toEqual({ kind: 'idle' });
  });

  it('shows what cargo said where the compiler said nothing', () => {
    bus.emit({
      event: 'build-finished',
      batch: 1,
      side: 'server',
      ok: false,
      ms: 5,
      diagnostics: [],
      output: 'error: failed to run custom build command for `a`\n  left == right',
    });
    expect(status()).toMatchObject({
      errors: [{ label: 'error', message: 'failed to run custom build command for `a`', place: null }],
    });
  });

  it('shows a file that does not parse until the next save', () => {
    bus.emit({
      event: 'syntax-error',
      file: 'src/app.rs',
      line: 1,
      column: 2,
      message: 'a missing `}`',
      graceMs: 1_000,
    });
    expect(status()).toMatchObject({ kind: 'failed', errors: [{ place: { file: 'src/app.rs', line: 1, column: 2 } }] });
    save(2, 'src/app.rs');
    expect(status()).toEqual({ kind: 'idle' });
  });

  it('shows the last words of a server that died, until another is up', () => {
    bus.emit({ event: 'app-output', stream: 'stderr', line: "thread 'main' panicked at src/main.rs:3:5:" });
    bus.emit({ event: 'app-output', stream: 'stderr', line: 'no database' });
    bus.emit({ event: 'server-exited', pid: 1, reason: 'it ended before it answered' });
    expect(status()).toMatchObject({
      title: 'The server ended',
      errors: [{ label: 'panic', rendered: "thread 'main' panicked at src/main.rs:3:5:\nno database" }],
    });
    bus.emit({ event: 'server-started', pid: 2, ms: 5 });
    expect(status()).toEqual({ kind: 'idle' });
  });

  it('is told to every page when it changes, and only then', () => {
    sent.length = 0;
    bus.emit({ event: 'notice', message: 'nothing of interest' });
    expect(sent).toEqual([]);
    build('front');
    expect(sent).toMatchObject([{ type: 'status', status: { kind: 'building' } }]);
  });
});

const page = { send: () => undefined };

function patch(id: string): ViewPatch {
  return { id, savedAt: clock.now(), views: [] };
}

function build(...sides: ('front' | 'server' | 'style')[]): void {
  for (const side of sides) bus.emit({ event: 'build-started', batch: 1, side });
}

function end(side: 'front' | 'server'): void {
  bus.emit({ event: 'build-finished', batch: 1, side, ok: true, ms: 5, diagnostics: [] });
}

function fail(side: 'front' | 'server', diagnostics: readonly Diagnostic[]): void {
  bus.emit({ event: 'build-finished', batch: 1, side, ok: false, ms: 5, diagnostics });
}

function diagnostic(code: string, file: string): Diagnostic {
  return { level: 'error', code, message: 'it is wrong', file, line: 3, column: 5, rendered: `${code} in ${file}` };
}

describe('assets that are in the site before their save has settled', () => {
  const painted = () => events.filter(({ event }) => event === 'painted');

  it('are told at once, each time, and not once more with their batch', async () => {
    ready();
    sent.length = 0;
    const savedAt = clock.now();
    await clock.advance(20);
    state.onFiles('assets', ['/p/public/a.png']);
    state.onFiles('assets', ['/p/public/a.png', '/p/public/b.png']);
    // A page takes each moment once.
    const first = clock.now();
    expect(sent).toEqual([
      { type: 'assets', since: first, batch: 0, paths: ['/assets/1'] },
      { type: 'assets', since: first + 1, batch: 0, paths: ['/assets/2'] },
    ]);
    await clock.advance(10);
    state.onMessage({ type: 'shown', batch: 0, kind: 'assets' }, { send: () => undefined });
    await clock.advance(300);
    bus.emit({ event: 'change-batch', id: 1, files: ['public/a.png'], sides: ['assets'], reason: 'asset', savedAt });
    reloaded(1, 'assets');
    expect(sent).toHaveLength(2);
    expect(painted()).toMatchObject([{ batch: 1, kind: 'assets', ms: 30 }]);
  });

  it('are told with their batch where that was not so', async () => {
    ready();
    state.onFiles('assets', ['/p/public/a.png']);
    await clock.advance(1_000);
    sent.length = 0;
    save(1, 'public/a.png');
    reloaded(1, 'assets');
    expect(sent).toMatchObject([{ type: 'assets', batch: 1 }]);
  });

  it('are nothing to a page that waits for the first build', () => {
    state.onFiles('assets', ['/p/public/a.png']);
    expect(sent).toEqual([]);
  });
});
