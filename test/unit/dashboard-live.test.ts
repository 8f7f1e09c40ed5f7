import { describe, expect, it } from 'vitest';
import type { Event, EventBody } from '../../src/core/events.js';
import type { LiveStatus } from '../../src/dashboard/data.js';
import { LiveFeed } from '../../src/dashboard/live-feed.js';
import { flush, ManualClock } from '../support/manual-clock.js';

/** A feed that is told of events at chosen moments, and all that it said. */
function rig() {
  const clock = new ManualClock();
  const startedAt = clock.now();
  const feed = new LiveFeed({ clock, startedAt, knownDurations: Promise.resolve(new Map([['server', [2_000]]])) });
  const said: LiveStatus[] = [];
  feed.onChange((status) => said.push(status));
  const tell = (body: EventBody): void =>
    feed.on({ ...body, time: new Date(clock.now()).toISOString(), session: 's' } as Event);
  return { clock, startedAt, feed, said, tell };
}

const READY: EventBody = { event: 'ready', url: '', startupMs: 1, mode: '', gate: true, filesWatched: 1 };
const SAVE: EventBody = {
  event: 'change-batch',
  id: 1,
  files: ['src/a.rs', 'src/b.rs'],
  sides: ['server'],
  reason: '',
};
const START: EventBody = { event: 'build-started', batch: 1, side: 'server' };
const failedWith = (...rendered: readonly string[]): EventBody => ({
  event: 'build-finished',
  batch: 1,
  side: 'server',
  ok: false,
  ms: 1,
  diagnostics: rendered.map((text) => ({
    level: 'error',
    code: null,
    message: text,
    file: null,
    line: null,
    column: null,
    rendered: text,
  })),
});

describe('what dev does right now', () => {
  it('is the first build until the page is ready', () => {
    const { feed, tell, startedAt } = rig();
    expect(feed.status).toEqual({ kind: 'starting', since: startedAt });
    tell(READY);
    expect(feed.status).toEqual({ kind: 'ready', last: null });
  });

  it('is a build, since when, and what is expected of it, then what came of it', async () => {
    const { clock, feed, said, tell } = rig();
    await flush();
    tell(READY);
    tell(SAVE);
    await clock.advance(300);
    const since = clock.now();
    tell(START);
    await clock.advance(1_000);
    expect(feed.status).toEqual({
      kind: 'building',
      what: 'server',
      files: 'src/a.rs and 1 more',
      since,
      expectedMs: 2_000,
    });
    tell({ event: 'build-finished', batch: 1, side: 'server', ok: true, ms: 1_000, diagnostics: [] });
    tell({ event: 'reloaded', batch: 1, kind: 'full', ms: 1_400, restarted: true });
    expect(said.at(-1)).toEqual({
      kind: 'ready',
      last: { at: clock.now(), files: 'src/a.rs and 1 more', ms: 1_400 },
    });
    expect(said.map(({ kind }) => kind)).toEqual(['ready', 'building', 'ready']);
  });

  it('is broken until a later build arrives', () => {
    const { feed, tell } = rig();
    tell(READY);
    tell(SAVE);
    tell(START);
    tell(failedWith('one', 'one', 'two'));
    expect(feed.status).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^2 compile errors/) });
    tell({ ...SAVE, id: 2 });
    tell({ ...START, batch: 2 });
    expect(feed.status.kind).toBe('building');
    tell({ ...failedWith('three'), batch: 2 } as EventBody);
    expect(feed.status).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^1 compile error:/) });
    tell({ ...START, batch: 2 });
    tell({ event: 'build-finished', batch: 2, side: 'server', ok: true, ms: 1, diagnostics: [] });
    tell({ event: 'reloaded', batch: 2, kind: 'full', ms: 1, restarted: true });
    expect(feed.status.kind).toBe('ready');
  });

  it('is broken while the server is down', () => {
    const { feed, tell } = rig();
    tell(READY);
    tell({ event: 'server-exited', pid: 1, reason: 'exit code 101' });
    expect(feed.status).toEqual({ kind: 'failed', why: 'the server ended: exit code 101' });
    tell({ event: 'server-started', pid: 2, ms: 1 });
    expect(feed.status.kind).toBe('ready');
  });
});
