import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Page, PageChannel, PING_EVERY_MS } from '../../src/serve/page-channel.js';
import { type PageMessage, type ServerMessage, SOCKET_PATH } from '../../src/serve/page-protocol.js';
import { ManualClock } from '../support/manual-clock.js';
import { waitUntil } from '../support/wait-until.js';

const STATUS: ServerMessage = { type: 'status', status: { kind: 'idle' } };

/** A channel on a port, and pages that connect to it. */
async function startChannel() {
  const clock = new ManualClock();
  const heard: { message: PageMessage; page: Page }[] = [];
  const channel = new PageChannel({
    clock,
    token: 'token',
    hosts: [],
    hello: () => STATUS,
    onMessage: (message, page) => heard.push({ message, page }),
  });
  const server = createServer().on('upgrade', (request, socket: Socket, head) => channel.accept(request, socket, head));
  onTestFinished(async () => {
    channel.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = async (options = {}) => {
    const socket = new WebSocket(`ws://${host}${SOCKET_PATH}?token=token`, { origin: `http://${host}`, ...options });
    const received: unknown[] = [];
    socket.on('message', (data) => received.push(JSON.parse(String(data))));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await waitUntil('the first message', () => received.length === 1);
    const say = (message: unknown): void =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return { socket, received, closed, say };
  };
  return { clock, channel, heard, connect };
}

describe('pages', () => {
  it('are known by their hello, until they leave', async () => {
    const { channel, heard, connect } = await startChannel();
    const [first, second] = [await connect(), await connect()];
    first.say({ type: 'hello', at: 12, path: '/a' });
    await waitUntil('the first', () => heard.length === 1);
    second.say({ type: 'hello', at: 0, path: '/b' });
    await waitUntil('the second', () => heard.length === 2);
    expect(channel.pages).toMatchObject([
      { at: 12, path: '/a' },
      { at: 0, path: '/b' },
    ]);
    first.socket.close();
    await waitUntil('the end', () => channel.pages.length === 1);
    expect(channel.pages).toMatchObject([{ path: '/b' }]);
  });

  it('hear what is said to all, and to one', async () => {
    const { channel, heard, connect } = await startChannel();
    const [first, second] = [await connect(), await connect()];
    channel.broadcast({ type: 'reload', since: 5, batch: 1, patches: null });
    first.say({ type: 'hello', at: 1, path: '/' });
    await waitUntil('hello', () => heard.length === 1);
    heard[0]?.page.send({ type: 'style', since: 6, batch: 2, paths: ['/pkg/app.css'] });
    await waitUntil('both', () => first.received.length === 3 && second.received.length === 2);
    expect(first.received.slice(1)).toMatchObject([{ type: 'reload' }, { type: 'style', paths: ['/pkg/app.css'] }]);
  });

  it('are heard with what the protocol knows', async () => {
    const { heard, connect } = await startChannel();
    const { say } = await connect();
    const messages: PageMessage[] = [
      { type: 'hello', at: 1.5, path: '/x' },
      { type: 'shown', batch: 3, kind: 'assets' },
      { type: 'patched', id: 'p1', ok: false },
      { type: 'open', error: 0 },
      { type: 'page-error', message: 'panicked' },
    ];
    for (const message of messages) say(message);
    await waitUntil('all', () => heard.length === messages.length);
    expect(heard.map(({ message }) => message)).toEqual(messages);
    expect(heard.every(({ page }) => page.at === 1.5)).toBe(true);
  });

  it('that have gone can still be spoken to, in vain', async () => {
    const { channel, heard, connect } = await startChannel();
    const { socket, say, closed } = await connect();
    say({ type: 'hello', at: 1, path: '/' });
    await waitUntil('hello', () => heard.length === 1);
    socket.terminate();
    await closed;
    await waitUntil('the end', () => channel.pages.length === 0);
    heard[0]?.page.send(STATUS);
    channel.broadcast(STATUS);
  });
});

describe('junk', () => {
  const HELLO = { type: 'hello', at: 1, path: '/' };

  it.each([
    '',
    'nonsense',
    'null',
    '[]',
    '{}',
    '{"type":"unknown"}',
    '{"type":"__proto__"}',
    '{"type":"hello","at":"1","path":"/"}',
    '{"type":"hello","at":1e999,"path":"/"}',
    '{"type":"hello","at":-1,"path":"/"}',
    '{"type":"open","error":1.5}',
    '{"type":"open","error":-1}',
    '{"type":"open","error":0,"file":"/etc/passwd"',
    '{"type":"shown","batch":1,"kind":"other"}',
    JSON.stringify({ type: 'hello', at: 1, path: 'x'.repeat(9_000) }),
    JSON.stringify({ type: 'patched', id: 'x'.repeat(300), ok: true }),
  ])('%j is ignored', async (junk) => {
    const { heard, connect } = await startChannel();
    const { say } = await connect();
    say(HELLO);
    say(junk);
    say({ type: 'open', error: 7 });
    await waitUntil('what follows', () => heard.length >= 2);
    expect(heard.map(({ message }) => message)).toEqual([HELLO, { type: 'open', error: 7 }]);
  });

  it('of any kind is ignored', async () => {
    const { heard, connect } = await startChannel();
    const { say, socket } = await connect();
    for (const json of fc.sample(fc.json(), 200)) say(json);
    for (const bytes of fc.sample(fc.uint8Array({ maxLength: 100 }), 100)) socket.send(bytes);
    socket.send(Buffer.from(JSON.stringify(HELLO)));
    say(HELLO);
    await waitUntil('hello', () => heard.length > 0);
    expect(heard.map(({ message }) => message)).toEqual([HELLO]);
  });

  it('what is said before hello is, and members that the protocol does not know', async () => {
    const { heard, connect } = await startChannel();
    const { say } = await connect();
    say({ type: 'open', error: 1 });
    say({ ...HELLO, token: 'x' });
    await waitUntil('hello', () => heard.length > 0);
    expect(heard.map(({ message }) => message)).toEqual([HELLO]);
  });

  it('long reports are cut', async () => {
    const { heard, connect } = await startChannel();
    const { say } = await connect();
    say(HELLO);
    say({ type: 'page-error', message: 'x'.repeat(100_000) });
    await waitUntil('the report', () => heard.length === 2);
    expect(heard[1]?.message).toEqual({ type: 'page-error', message: 'x'.repeat(20_000) });
  });

  it('that is too long ends the connection', async () => {
    const { heard, connect } = await startChannel();
    const { say, closed } = await connect();
    say({ type: 'page-error', message: 'x'.repeat(300 * 1024) });
    expect(await closed).toBeGreaterThan(1000);
    const next = await connect();
    next.say(HELLO);
    await waitUntil('hello', () => heard.length === 1);
  });
});

describe('whether a page is still there', () => {
  it('is asked; one that does not answer is let go, the others stay', async () => {
    const { clock, channel, heard, connect } = await startChannel();
    const [alive, dead] = [await connect(), await connect({ autoPong: false })];
    const pings = { alive: 0, dead: 0 };
    alive.socket.on('ping', () => (pings.alive += 1));
    dead.socket.on('ping', () => (pings.dead += 1));
    alive.say({ type: 'hello', at: 1, path: '/alive' });
    dead.say({ type: 'hello', at: 1, path: '/dead' });
    await waitUntil('both', () => heard.length === 2);
    for (const round of [1, 2]) {
      await clock.advance(PING_EVERY_MS);
      await waitUntil('the questions', () => pings.alive === round && pings.dead === round);
      // Its answer is written before this one.
      alive.say({ type: 'open', error: round });
      await waitUntil('the answer', () => heard.length === 2 + round);
      expect(channel.pages).toHaveLength(2);
    }
    await clock.advance(PING_EVERY_MS);
    await waitUntil('the end', () => channel.pages.length === 1);
    expect(channel.pages).toMatchObject([{ path: '/alive' }]);
    await waitUntil('the third question', () => pings.alive === 3);
  });

  it('is not asked when there is none', async () => {
    const { clock, channel, connect } = await startChannel();
    expect(clock.pending).toBe(0);
    const page = await connect();
    expect(clock.pending).toBe(1);
    page.socket.close();
    await waitUntil('no timer', () => clock.pending === 0);
    await connect();
    expect(clock.pending).toBe(1);
    channel.close();
    await waitUntil('no timer', () => clock.pending === 0);
  });
});
