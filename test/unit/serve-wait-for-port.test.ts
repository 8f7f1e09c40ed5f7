import { createServer, type Server, type Socket, type TcpNetConnectOpts } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectTo, isListening, reachableHost, waitForPort } from '../../src/serve/wait-for-port.js';
import { freePort } from '../support/free-port.js';
import { ManualClock } from '../support/manual-clock.js';
import { waitUntil } from '../support/wait-until.js';

const HOST = '127.0.0.1';

/** What the system does by chance when it picks the called port as the source: here it does so each time. */
let callsItself: boolean;
const opened: Socket[] = [];

vi.mock('node:net', async (importOriginal) => {
  const net = await importOriginal<typeof import('node:net')>();
  const connect = (options: TcpNetConnectOpts): Socket => {
    const socket = net.connect(callsItself ? { ...options, localAddress: HOST, localPort: options.port } : options);
    opened.push(socket);
    return socket;
  };
  return { ...net, connect };
});

beforeEach(() => {
  callsItself = false;
  opened.length = 0;
});

async function serve(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.resume());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(port, HOST, resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

describe('connectTo', () => {
  it('resolves with a connection where something listens, with null where nothing does', async () => {
    const { port } = await serve();
    const socket = await connectTo(HOST, port);
    expect(socket?.remotePort).toBe(port);
    socket?.destroy();
    expect(await connectTo(HOST, await freePort())).toBeNull();
  });

  it('is not fooled by a connection from the port to itself, and leaves the port free', async () => {
    const port = await freePort();
    callsItself = true;
    expect(await connectTo(HOST, port)).toBeNull();
    expect(await isListening(HOST, port)).toBe(false);
    expect(opened).toHaveLength(2);
    await waitUntil('both closed', () => opened.every(({ closed }) => closed));
    // It did connect: without the guard this port would count as open.
    expect(opened.map(({ errored }) => errored)).toEqual([null, null]);
    await serve(port);
  });

  it('gives up at once when the signal fires', async () => {
    const { port } = await serve();
    const already = AbortSignal.abort();
    expect(await connectTo(HOST, port, already)).toBeNull();
    expect(opened).toHaveLength(0);
    const controller = new AbortController();
    const connecting = connectTo(HOST, port, controller.signal);
    controller.abort();
    expect(await connecting).toBeNull();
    expect(opened[0]?.destroyed).toBe(true);
  });

  it('a connection that was handed over survives a later signal, and errors do not end the process', async () => {
    const { port } = await serve();
    const controller = new AbortController();
    const socket = await connectTo(HOST, port, controller.signal);
    controller.abort();
    expect(socket?.destroyed).toBe(false);
    socket?.destroy(new Error('broken'));
    await waitUntil('closed', () => socket?.closed ?? false);
  });
});

describe('isListening', () => {
  it('leaves no connection open', async () => {
    const { port } = await serve();
    expect(await isListening(HOST, port)).toBe(true);
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});

describe('waitForPort', () => {
  it('resolves true as soon as something listens', async () => {
    const clock = new ManualClock();
    const port = await freePort();
    const waiting = waitForPort(HOST, port, clock, new AbortController().signal);
    await waitUntil('a first try in vain', () => clock.pending === 1);
    await serve(port);
    await clock.advance(25);
    expect(await waiting).toBe(true);
    expect(opened).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('resolves false at once when the signal fires, and leaves no timer', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const waiting = waitForPort(HOST, await freePort(), clock, controller.signal);
    await waitUntil('a pause', () => clock.pending === 1);
    controller.abort();
    expect(await waiting).toBe(false);
    expect(clock.pending).toBe(0);
  });
});

describe('reachableHost', () => {
  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['::1', '::1'],
    ['192.168.0.7', '192.168.0.7'],
    ['localhost', 'localhost'],
  ])('%s is reached through %s', (host, reachable) => expect(reachableHost(host)).toBe(reachable));
});
