import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitUntil } from '../support/wait-until.js';
import { HOST, type Rig, send, startRig, Wire, wire } from './proxy-support.js';

const UPGRADE =
  'GET /ws?x=1 HTTP/1.1\r\nHost: site.test\r\nCONNECTION: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: caf\xe9\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n';
const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';

/** An app that leaves each connection to the test. */
interface RawApp {
  readonly server: Server;
  readonly connections: Wire[];
}

async function startRawApp({ appPort }: Rig): Promise<RawApp> {
  const connections: Wire[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => connections.push(new Wire(socket)));
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(appPort, HOST, resolve));
  return { server, connections };
}

/** A tunnel with both its ends. */
async function openTunnel(rig: Rig): Promise<{ browser: Wire; app: Wire; server: Server }> {
  const { connections, server } = await startRawApp(rig);
  const browser = await wire(rig.port);
  browser.write(UPGRADE);
  const app = await waitUntil('the connection', () => connections[0]);
  await app.until('\r\n\r\n');
  app.write(SWITCHED);
  await browser.until(SWITCHED);
  return { browser, app, server };
}

describe('an upgrade', () => {
  it('goes to the app byte for byte, and so does its answer', async () => {
    const { browser, app } = await openTunnel(await startRig());
    expect(app.received).toBe(UPGRADE);
    expect(browser.received).toBe(SWITCHED);
  });

  it('lets the bytes of both sides through', async () => {
    const { browser, app } = await openTunnel(await startRig());
    for (let turn = 0; turn < 20; turn += 1) {
      browser.write(`\x81ping ${turn}\xff`);
      await app.until(`\x81ping ${turn}\xff`);
      app.write(`\x81pong ${turn}\x00`);
      await browser.until(`\x81pong ${turn}\x00`);
    }
  });

  it('brings along what the browser sent behind its head, and the app behind its own', async () => {
    const rig = await startRig();
    const { connections } = await startRawApp(rig);
    const browser = await wire(rig.port);
    browser.write(`${UPGRADE}first frame`);
    const app = await waitUntil('the connection', () => connections[0]);
    await app.until('first frame');
    expect(app.received).toBe(`${UPGRADE}first frame`);
    app.write(`${SWITCHED}first answer`);
    await browser.until('first answer');
    expect(browser.received).toBe(`${SWITCHED}first answer`);
  });

  it('works on a connection that had requests before', async () => {
    const rig = await startRig();
    const { connections } = await startRawApp(rig);
    const browser = await wire(rig.port);
    browser.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const first = await waitUntil('the request', () => connections[0]);
    first.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage');
    await browser.until('page');
    browser.write(UPGRADE);
    const app = await waitUntil('the upgrade', () => connections[1]);
    app.write(SWITCHED);
    await browser.until(SWITCHED);
    app.write('frame');
    await browser.until('frame');
  });

  it('that the app refuses is answered as the app does', async () => {
    const rig = await startRig();
    const { connections } = await startRawApp(rig);
    const browser = await wire(rig.port);
    browser.write(UPGRADE);
    const app = await waitUntil('the connection', () => connections[0]);
    app.socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno');
    await waitUntil('the end', () => browser.hasEnded);
    expect(browser.received).toBe('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno');
  });

  it('passes large amounts on whole when a side ends behind them', async () => {
    const rig = await startRig();
    const { browser, app } = await openTunnel(rig);
    const bytes = 'leptos'.repeat(4_000_000);
    browser.socket.pause();
    app.socket.end(bytes, 'latin1');
    // The app is done long before the browser begins to read.
    await waitUntil('the app to be read', () => app.socket.bytesWritten > 1_000_000);
    browser.socket.resume();
    await waitUntil('the end', () => browser.hasEnded);
    expect(browser.received.length).toBe(SWITCHED.length + bytes.length);
    expect(browser.received.endsWith(bytes)).toBe(true);
  });
});

describe('the end of a tunnel', () => {
  it('by the app in order reaches the browser', async () => {
    const { browser, app } = await openTunnel(await startRig());
    app.socket.end('bye');
    await waitUntil('the end', () => browser.hasEnded);
    expect(browser.received.endsWith('bye')).toBe(true);
    browser.socket.end();
    expect(await app.closed).toBe('in order');
  });

  it('by the browser in order reaches the app', async () => {
    const { browser, app } = await openTunnel(await startRig());
    browser.socket.end('bye');
    await waitUntil('the end', () => app.hasEnded);
    expect(app.received.endsWith('bye')).toBe(true);
    app.socket.end('bye too');
    await waitUntil('the end', () => browser.hasEnded);
    expect(browser.received.endsWith('bye too')).toBe(true);
  });

  it('by a broken connection of either side reaches the other', async () => {
    const first = await openTunnel(await startRig());
    first.app.socket.resetAndDestroy();
    expect(await first.browser.closed).toBe('broken');
    const second = await openTunnel(await startRig());
    second.browser.socket.resetAndDestroy();
    expect(await second.app.closed).toBe('broken');
  });

  it('comes with close() of the proxy, on both sides', async () => {
    const rig = await startRig();
    const { browser, app } = await openTunnel(rig);
    await rig.proxy.close();
    await waitUntil('the end', () => browser.hasEnded || browser.socket.destroyed);
    await waitUntil('the end', () => app.hasEnded || app.socket.destroyed);
  });
});

describe('an upgrade while the app is down', () => {
  async function heldUpgrade(rig: Rig, behind = ''): Promise<Wire> {
    const browser = await wire(rig.port);
    browser.write(UPGRADE);
    await waitUntil('a held upgrade', () => rig.clock.held === 1);
    browser.write(behind);
    return browser;
  }

  it('waits for the new one, with what is sent meanwhile', async () => {
    const rig = await startRig();
    const browser = await heldUpgrade(rig, 'early frame');
    const { connections } = await startRawApp(rig);
    const app = await waitUntil('the connection', () => connections.find(({ received }) => received.includes('frame')));
    expect(app.received).toBe(`${UPGRADE}early frame`);
    app.write(SWITCHED);
    await browser.until(SWITCHED);
    browser.write('late frame');
    await app.until('late frame');
    expect(rig.clock.pending).toBe(0);
  });

  it('is answered with 503 after the limit', async () => {
    const rig = await startRig();
    const browser = await heldUpgrade(rig);
    rig.clock.expire();
    await waitUntil('the end', () => browser.hasEnded);
    expect(browser.received).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\nConnection: close\r\n/);
    expect(rig.clock.pending).toBe(0);
  });

  it.each(['in order', 'broken'])('leaves nothing when the browser leaves (%s)', async (how) => {
    const rig = await startRig();
    const browser = await heldUpgrade(rig);
    if (how === 'broken') browser.socket.resetAndDestroy();
    else browser.socket.end();
    await waitUntil('no timer', () => rig.clock.pending === 0);
    const app = await rig.startApp((_incoming, response) => response.end());
    await send(rig.port);
    expect(app.requests).toEqual(['GET /']);
  });

  it('ends with close() of the proxy', async () => {
    const rig = await startRig();
    const browser = await heldUpgrade(rig);
    await rig.proxy.close();
    await waitUntil('the end', () => browser.hasEnded || browser.socket.destroyed);
    await waitUntil('no timer', () => rig.clock.pending === 0);
  });
});
