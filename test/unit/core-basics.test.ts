import { describe, expect, it } from 'vitest';
import { delay } from '../../src/core/clock.js';
import { mapLimited } from '../../src/core/concurrency.js';
import { type Deferred, deferred } from '../../src/core/deferred.js';
import { formatPlace } from '../../src/core/errors.js';
import { type Event, EventBus, errorEvent } from '../../src/core/events.js';
import { onSignals } from '../../src/core/signals.js';
import { lineSplitter } from '../../src/gate/protocol.js';
import { flush, ManualClock } from '../support/manual-clock.js';

describe('the bus', () => {
  it('stamps an event with time and session and hands it to every listener in order', () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 2));
    const bus = new EventBus(clock);
    const heard: [string, Event][] = [];
    bus.on((event) => heard.push(['first', event]));
    bus.on((event) => heard.push(['second', event]));
    bus.emit({ event: 'notice', message: 'hello' });
    expect(heard.map(([who]) => who)).toEqual(['first', 'second']);
    expect(heard[0]?.[1]).toEqual({
      event: 'notice',
      message: 'hello',
      time: '2026-01-02T00:00:00.000Z',
      session: bus.session,
    });
  });

  it('hands nothing to a listener that was removed', () => {
    const bus = new EventBus(new ManualClock());
    let heard = 0;
    const off = bus.on(() => {
      heard += 1;
    });
    off();
    bus.emit({ event: 'notice', message: 'hello' });
    expect(heard).toBe(0);
  });
});

describe('an error as an event', () => {
  it('has no exit code, and only the parts that are there', () => {
    expect(errorEvent({ code: 'LF001', message: 'm', help: ['h'], exitCode: 3 })).toEqual({
      event: 'error',
      code: 'LF001',
      message: 'm',
      help: ['h'],
    });
  });
});

describe('a place', () => {
  it.each([
    [{ file: 'a.toml' }, 'a.toml'],
    [{ file: 'a.toml', line: 3 }, 'a.toml:3'],
    [{ file: 'a.toml', line: 3, column: 7 }, 'a.toml:3:7'],
    [{ file: 'a.toml', column: 7 }, 'a.toml'],
  ])('%j is %s', (place, text) => {
    expect(formatPlace(place)).toBe(text);
  });
});

describe('limited work', () => {
  it('runs so many at a time and keeps the order of the items', async () => {
    const started: Deferred<void>[] = [];
    const work = mapLimited([0, 1, 2], 2, async (item) => {
      const own = deferred();
      started.push(own);
      await own.promise;
      return item * 10;
    });
    await flush();
    expect(started).toHaveLength(2);
    started[1]?.resolve();
    await flush();
    expect(started).toHaveLength(3);
    started[2]?.resolve();
    started[0]?.resolve();
    expect(await work).toEqual([0, 10, 20]);
  });

  it('is over at once without items', async () => {
    expect(await mapLimited([], 4, async () => 1)).toEqual([]);
  });
});

describe('a delay', () => {
  it('ends when its time has come', async () => {
    const clock = new ManualClock();
    let over = false;
    void delay(clock, 100).then(() => {
      over = true;
    });
    await clock.advance(99);
    expect(over).toBe(false);
    await clock.advance(1);
    expect(over).toBe(true);
  });
});

describe('signals', () => {
  it('the first one stops in order, the second one forces with 128 + its number', () => {
    const said: unknown[] = [];
    const off = onSignals({
      onStop: (signal) => said.push(signal),
      onForce: (code) => said.push(code),
      onResume: () => said.push('resume'),
    });
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGINT', 'SIGINT');
    off();
    expect(said).toEqual(['SIGINT', 143, 130]);
    expect(process.listenerCount('SIGHUP')).toBe(0);
  });
});

describe('a stream of text', () => {
  it('is cut into lines wherever its pieces end', () => {
    const lines: string[] = [];
    const write = lineSplitter((line) => lines.push(line));
    for (const piece of ['a', 'b\nc', '\n\nd']) write(piece);
    expect(lines).toEqual(['ab', 'c', '']);
  });
});
