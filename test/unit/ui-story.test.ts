import kleur from 'kleur';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic, Event, EventBody } from '../../src/core/events.js';
import { formatMs } from '../../src/ui/duration.js';
import { formatError } from '../../src/ui/error-block.js';
import { formatTimeOfDay, keepColours } from '../../src/ui/format.js';
import { Progress } from '../../src/ui/progress.js';
import { Story } from '../../src/ui/story.js';

const NOON = new Date(2026, 0, 2, 12, 0, 0).toISOString();
const at = (body: EventBody, time = NOON): Event => ({ ...body, time, session: 's' });

const enabled = kleur.enabled;
beforeEach(() => {
  kleur.enabled = false;
});
afterEach(() => {
  kleur.enabled = enabled;
});

function diagnostic(more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    level: 'error',
    code: 'E0425',
    message: 'cannot find value `x`',
    file: 'src/app.rs',
    line: 41,
    column: 9,
    rendered: 'error[E0425]: cannot find value `x`\n --> src/app.rs:41:9',
    ...more,
  };
}

const change = (id: number, ...files: string[]): EventBody => ({
  event: 'change-batch',
  id,
  files,
  sides: ['front', 'server'],
  reason: 'Rust source',
});
const finished = (
  batch: number,
  side: 'front' | 'server',
  more: Partial<Extract<EventBody, { event: 'build-finished' }>> = {},
): EventBody => ({
  event: 'build-finished',
  batch,
  side,
  ok: true,
  ms: 1_500,
  diagnostics: [],
  ...more,
});
const failed = (batch: number, side: 'front' | 'server', ...diagnostics: Diagnostic[]): EventBody =>
  finished(batch, side, { ok: false, diagnostics });
const reloaded = (batch: number, kind: 'full' | 'style' | 'assets' | 'none' = 'full'): EventBody => ({
  event: 'reloaded',
  batch,
  kind,
  ms: 4_200,
  restarted: kind === 'full',
});

/** All that is told of these events, one piece a line. */
function told(events: readonly EventBody[], verbose = false): readonly string[] {
  const story = new Story({ verbose, version: '0.1.0', keys: false });
  return events.flatMap((event) => story.tell(at(event))).map(({ text }) => text);
}

describe('a batch that comes to the page', () => {
  it('is one line: when, what changed, how long, what was built', () => {
    const lines = told([
      change(1, 'src/app.rs'),
      finished(1, 'front'),
      finished(1, 'server', { ms: 900 }),
      reloaded(1),
    ]);
    expect(lines).toEqual(['12:00:00  src/app.rs   on the page in 4.2 s   front 1.5 s, server 0.90 s']);
  });

  it('whose wasm came after its content tells both times, once it is there', () => {
    const content = { ...reloaded(1), ms: 3_100, contentOnly: true } as const;
    expect(told([change(1, 'x'), content])).toEqual([]);
    expect(told([change(1, 'x'), content, { event: 'interactive', batch: 1, ms: 5_000 }])).toEqual([
      expect.stringContaining('content in 3.1 s, interactive in 5.0 s'),
    ]);
  });

  it('of many files names one of them', () => {
    expect(told([change(1, 'a.rs', 'b.rs', 'c.rs'), reloaded(1)])[0]).toContain('a.rs and 2 more');
  });

  it('that a page showed before it was built tells both times', () => {
    expect(told([change(1, 'x'), { event: 'patched', batch: 1, ms: 180 }, reloaded(1)])).toEqual([
      expect.stringContaining('on the page in 0.18 s, rebuilt in 4.2 s'),
    ]);
  });

  it.each([
    ['style', 'stylesheet swapped in 4.2 s'],
    ['assets', 'assets copied in 4.2 s'],
    ['none', 'nothing to'],
  ] as const)('as %s says so', (kind, text) => {
    expect(told([change(1, 'x'), reloaded(1, kind)])[0]).toContain(text);
  });

  it('names a side that was skipped', () => {
    const skipped: EventBody = { event: 'build-skipped', batch: 1, side: 'front', reason: 'nothing changed' };
    expect(told([change(1, 'x'), skipped, reloaded(1)])).toEqual([expect.stringContaining('front skipped')]);
  });
});

describe('a compiler error', () => {
  it('is shown as rustc renders it, then a line with its place', () => {
    expect(told([change(1, 'src/app.rs'), failed(1, 'server', diagnostic())])).toEqual([
      `${diagnostic().rendered}\n`,
      '12:00:00  src/app.rs   error[E0425] cannot find value `x`, src/app.rs:41:9',
    ]);
  });

  it('that both sides report is shown once', () => {
    const lines = told([change(1, 'x'), failed(1, 'server', diagnostic()), failed(1, 'front', diagnostic())]);
    expect(lines.filter((line) => line.includes('-->'))).toHaveLength(1);
    expect(lines).toHaveLength(2);
  });

  it('is shown again when the next batch still has it', () => {
    const twice = [1, 2].flatMap((id) => [change(id, 'x'), failed(id, 'server', diagnostic())]);
    expect(told(twice).filter((line) => line.includes('-->'))).toHaveLength(2);
  });

  it('is counted with the others', () => {
    const other = diagnostic({ rendered: 'another' });
    expect(told([change(1, 'x'), failed(1, 'server', diagnostic(), other)]).at(-1)).toContain('(and 1 more)');
  });

  it('goes to stderr, the line about it does not', () => {
    const story = new Story({ verbose: false, version: '0.1.0', keys: false });
    story.tell(at(change(1, 'x')));
    expect(story.tell(at(failed(1, 'server', diagnostic()))).map(({ stream }) => stream)).toEqual(['error', 'out']);
  });

  it('that is gone makes the next line say mended, once', () => {
    const lines = told([
      change(1, 'x'),
      failed(1, 'server', diagnostic()),
      change(2, 'y'),
      reloaded(2),
      change(3, 'z'),
      reloaded(3),
    ]);
    expect(lines.filter((line) => line.includes('mended'))).toEqual([expect.stringContaining('y   mended')]);
  });

  it('of the first build is told as that', () => {
    expect(told([failed(0, 'server', diagnostic())]).at(-1)).toContain('first build   error[E0425]');
  });
});

describe('a failure without a compiler error', () => {
  it("shows cargo's own words once", () => {
    const output = 'error: failed to run custom build command';
    const fail = (side: 'front' | 'server') => finished(1, side, { ok: false, output });
    expect(told([change(1, 'x'), fail('front'), fail('server')])).toEqual([
      output,
      expect.stringContaining('the front build failed'),
    ]);
  });

  it("shows cargo's words though a warning is there too", () => {
    const warning = diagnostic({ level: 'warning' });
    const fail = finished(1, 'server', { ok: false, output: 'linker not found', diagnostics: [warning] });
    expect(told([change(1, 'x'), fail])).toContain('linker not found');
  });
});

describe('a warning', () => {
  const warning = diagnostic({ level: 'warning', rendered: 'warning: unused' });

  it('is shown when it is new, and not again', () => {
    const lines = told([
      change(1, 'x'),
      finished(1, 'front', { diagnostics: [warning] }),
      finished(1, 'server', { diagnostics: [warning] }),
      change(2, 'x'),
      finished(2, 'front', { diagnostics: [warning] }),
    ]);
    expect(lines).toEqual(['warning: unused\n']);
  });
});

describe('other events', () => {
  it('the page is ready: version, time, address', () => {
    const ready: EventBody = {
      event: 'ready',
      url: 'http://127.0.0.1:3000/',
      startupMs: 2_300,
      mode: 'balanced profile',
      gate: true,
      filesWatched: 12,
    };
    const [block = ''] = told([ready]);
    expect(block).toContain('leptos-fast 0.1.0  ready in 2.3 s');
    expect(block).toContain('http://127.0.0.1:3000/');
    expect(block).toContain('balanced profile · gate on · 12 files watched');
    expect(block).toMatch(/➜ {2}Dashboard {2}leptos-fast dashboard$/m);
    const [withProxy = ''] = told([{ ...ready, dashboard: 'http://127.0.0.1:3000/__leptos_fast/' }]);
    expect(withProxy).toMatch(/➜ {2}Dashboard {2}http:\/\/127\.0\.0\.1:3000\/__leptos_fast\/$/m);
  });

  it("the app's lines keep their stream and get nothing added", () => {
    const story = new Story({ verbose: false, version: '0', keys: false });
    expect(story.tell(at({ event: 'app-output', stream: 'stderr', line: '  hi' }))).toEqual([
      { text: '  hi', stream: 'error' },
    ]);
    expect(story.tell(at({ event: 'app-output', stream: 'stdout', line: 'hi' }))).toEqual([
      { text: 'hi', stream: 'out' },
    ]);
  });

  it("cargo-leptos's own words are shown when they are errors", () => {
    expect(told([{ event: 'log', level: 'error', line: 'oh' }])).toEqual(['cargo-leptos: oh']);
    expect(told([{ event: 'log', level: 'info', line: 'oh' }])).toEqual([]);
  });

  it('--verbose shows all of them, and why a build was skipped', () => {
    const skipped: EventBody = { event: 'build-skipped', batch: 1, side: 'front', reason: 'nothing changed' };
    expect(told([{ event: 'log', level: 'debug', line: 'oh' }, skipped], true)).toEqual([
      'cargo-leptos: oh',
      '12:00:00  front skipped: nothing changed',
    ]);
  });

  it.each([
    [{ event: 'server-exited', pid: 7, reason: 'it ended by itself' }, 'server exited: it ended by itself'],
    [{ event: 'recovery', kind: 'restart', attempt: 2, why: 'cargo-leptos died' }, 'restart 2: cargo-leptos died'],
    [{ event: 'notice', message: 'hello' }, 'hello'],
    [{ event: 'stopping', waitingFor: 'the server' }, 'stopping (the server; Ctrl-C again forces it)'],
    [
      { event: 'starting', project: 'app', dir: '/p', mode: 'balanced profile' },
      'leptos-fast 0.1.0  app  balanced profile',
    ],
    [{ event: 'error', code: 'LF040', message: 'taken', help: ['another'] }, 'error[LF040]: taken\nhelp: another'],
  ] as const)('%j is told', (body, text) => {
    expect(told([body]).join('')).toContain(text);
  });

  it.each([
    { event: 'build-started', batch: 1, side: 'front' },
    { event: 'build-progress', side: 'front', done: 1, total: 2, crate: 'x' },
    { event: 'build-stopped', batch: 1, side: 'front', reason: 'x' },
    { event: 'server-started', pid: 1, ms: 2 },
    { event: 'stopped', exitCode: 0 },
  ] as const)('%j is not', (body) => {
    expect(told([body])).toEqual([]);
  });
});

describe('the live line', () => {
  const started = (side: 'front' | 'server' | 'style'): EventBody => ({ event: 'build-started', batch: 1, side });
  const progress = (side: 'front' | 'server', done: number): EventBody => ({
    event: 'build-progress',
    side,
    done,
    total: 9,
    crate: 'syn',
  });
  const now = Date.parse(NOON);

  function line(events: readonly EventBody[], later = 3_400): string {
    const subject = new Progress();
    for (const event of events) subject.update(at(event));
    return subject.line(now + later);
  }

  it('is empty while nothing is built', () => {
    expect(line([])).toBe('');
    expect(line([started('style')])).toBe('');
  });

  it('tells both sides, always in the same order, and the time', () => {
    expect(line([started('server'), started('front'), progress('server', 3), progress('front', 1)])).toBe(
      'front 1/9 syn · server 3/9 syn · 3.4 s',
    );
  });

  it('says that a side starts', () => {
    expect(line([started('front')], 200)).toBe('front starting · 0.20 s');
  });

  it('drops a side that is built or stopped', () => {
    expect(line([started('front'), started('server'), finished(1, 'front')])).toMatch(/^server/);
    expect(line([started('front'), { event: 'build-stopped', batch: 1, side: 'front', reason: '' }])).toBe('');
  });

  it('ignores the progress of a side that is not being built', () => {
    expect(line([progress('front', 1)])).toBe('');
  });

  it('counts the time from the first of both sides', () => {
    const subject = new Progress();
    subject.update(at(started('front')));
    subject.update(at(started('server'), new Date(now + 2_000).toISOString()));
    expect(subject.line(now + 5_000)).toMatch(/5\.0 s$/);
  });
});

describe('the block of an error', () => {
  it('has what, where, why and the ways out', () => {
    const block = formatError({
      code: 'LF002',
      message: 'Cargo.toml is not valid',
      where: { file: 'Cargo.toml', line: 3, column: 1 },
      why: 'first\n\nsecond',
      help: ['do this', 'or that'],
      exitCode: 3,
    });
    expect(block).toBe(
      'error[LF002]: Cargo.toml is not valid\n  --> Cargo.toml:3:1\n  first\n\n  second\nhelp: do this\n      or that\n',
    );
  });

  it('has only what there is', () => {
    expect(formatError({ code: 'LF001', message: 'm', help: [], exitCode: 3 })).toBe('error[LF001]: m\n');
  });

  it('has colours where they are wanted', () => {
    kleur.enabled = true;
    expect(formatError({ code: 'LF001', message: 'm', help: [], exitCode: 3 })).toContain('\x1b[');
  });
});

describe('forms', () => {
  it.each([
    [0, '0.00 s'],
    [184, '0.18 s'],
    [4_240, '4.2 s'],
    [60_000, '1 min 0 s'],
    [72_400, '1 min 12 s'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });

  it('seconds beside minutes are rounded into the next minute', () => {
    expect(formatMs(119_700)).toBe('2 min 0 s');
  });

  it('a time of day has two digits each', () => {
    expect(formatTimeOfDay(new Date(2026, 0, 2, 3, 4, 5).toISOString())).toBe('03:04:05');
  });

  it("another program's colours go where ours are off", () => {
    expect(keepColours('\x1b[31mred\x1b[0m')).toBe('red');
    kleur.enabled = true;
    expect(keepColours('\x1b[31mred\x1b[0m')).toBe('\x1b[31mred\x1b[0m');
  });
});
