import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessInfo } from '../../src/build/process-tree.js';
import { type Event, EventBus } from '../../src/core/events.js';
import { ServerWatch } from '../../src/serve/server-watch.js';
import { reachableHost } from '../../src/serve/wait-for-port.js';
import { flush, ManualClock } from '../support/manual-clock.js';

let isAlive: boolean;
let isOpen: boolean;

vi.mock('../../src/build/process-tree.js', () => ({
  isSameProcessAlive: async () => isAlive,
  startTime: () => 12_345,
}));
vi.mock('../../src/serve/wait-for-port.js', async (importOriginal) => {
  const { delay } = await import('../../src/core/clock.js');
  return {
    ...(await importOriginal<typeof import('../../src/serve/wait-for-port.js')>()),
    waitForPort: async (_host: string, _port: number, clock: ManualClock, signal: AbortSignal) => {
      while (!signal.aborted) {
        if (isOpen) return true;
        await delay(clock, 25);
      }
      return false;
    },
  };
});

const SERVER: ProcessInfo = { pid: 42, parent: 1, startedAt: '7', command: 'app' };

let clock: ManualClock;
let events: Event[];
let deaths: boolean[];
let startTimes: number[];
let watch: ServerWatch;

beforeEach(() => {
  isAlive = true;
  isOpen = true;
  clock = new ManualClock();
  events = [];
  deaths = [];
  startTimes = [];
  const bus = new EventBus(clock);
  bus.on((event) => events.push(event));
  watch = new ServerWatch({
    bus,
    clock,
    address: () => ({ host: '127.0.0.1', port: 3000 }),
    onProcess: (at) => startTimes.push(at),
    findProcess: async () => SERVER,
    betweenRuns: async () => undefined,
    onDied: (_server, answered) => deaths.push(answered),
  });
});

/** What a promise resolved to, or 'open' while it waits. */
async function state(answers: Promise<boolean>): Promise<boolean | 'open'> {
  await flush();
  return Promise.race([answers, flush().then(() => 'open' as const)]);
}

describe('a start of the server', () => {
  it('answers once it was started and its port is open', async () => {
    isOpen = false;
    const answers = watch.answers();
    watch.onServing();
    await clock.advance(400);
    expect(await state(answers)).toBe('open');
    // Before its first answer can come.
    expect(startTimes).toEqual([12_345]);
    isOpen = true;
    await clock.advance(100);
    expect(await state(answers)).toBe(true);
    expect(events).toMatchObject([{ event: 'server-started', pid: 42, ms: 425 }]);
  });

  it('does not answer through an open port before cargo-leptos says that it serves', async () => {
    const answers = watch.answers();
    await clock.advance(5_000);
    expect(await state(answers)).toBe('open');
  });

  it('that another one replaces answers never', async () => {
    const first = watch.answers();
    watch.onRestart();
    expect(await state(first)).toBe(false);
    watch.onServing();
    expect(await state(watch.answers())).toBe(true);
  });

  it('that was told a moment before the restart belongs to that restart', async () => {
    watch.onServing();
    await clock.advance(10);
    watch.onRestart();
    expect(await state(watch.answers())).toBe(true);
  });

  it('that was told long before is another one', async () => {
    watch.onServing();
    await clock.advance(1_000);
    watch.onRestart();
    expect(await state(watch.answers())).toBe('open');
  });
});

describe('a server that dies', () => {
  it('after it answered is told so', async () => {
    watch.onServing();
    await clock.advance(1_000);
    expect(deaths).toEqual([]);
    isAlive = false;
    await clock.advance(500);
    expect(deaths).toEqual([true]);
  });

  it('before it answers is told so, and its start answers false', async () => {
    isOpen = false;
    const answers = watch.answers();
    watch.onServing();
    await clock.advance(1_000);
    isAlive = false;
    await clock.advance(1_000);
    expect(deaths).toEqual([false]);
    expect(await state(answers)).toBe(false);
  });

  it('because it is restarted is not told', async () => {
    watch.onServing();
    await clock.advance(1_000);
    watch.onRestart();
    isAlive = false;
    await clock.advance(2_000);
    expect(deaths).toEqual([]);
  });

  it('after the end of the session is not told', async () => {
    watch.onServing();
    await clock.advance(1_000);
    watch.stop();
    isAlive = false;
    await clock.advance(2_000);
    expect(deaths).toEqual([]);
  });
});

describe('an address', () => {
  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['192.168.1.2', '192.168.1.2'],
  ])('%s is reached at %s', (host, expected) => {
    expect(reachableHost(host)).toBe(expected);
  });
});
