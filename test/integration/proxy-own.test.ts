import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { clientRoute } from '../../src/serve/own-routes.js';
import { CLIENT_PATH, OTHER_RUN, SOCKET_PATH } from '../../src/serve/page-protocol.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';
import { HELLO, HOST, type PagesRig, send, startPagesRig, TOKEN, wire } from './proxy-support.js';

/** A rig with two scripts to load, and an app that says when it was asked. */
async function rigWithScripts() {
  const dir = await tempDir();
  await writeFiles(dir, {
    'client/main.js': 'main();',
    'client/other.js': 'other();',
    'client/notes.txt': 'x',
    'secret.js': 's',
  });
  const rig = await startPagesRig([await clientRoute(`${dir}/client`)]);
  const app = await rig.startApp((_incoming, response) => response.end('the app'));
  return { dir, rig, app };
}

describe('the scripts', () => {
  it('are served, never kept, and for pages of the site alone', async () => {
    const { rig, app } = await rigWithScripts();
    const main = await send(rig.port, { path: `${CLIENT_PATH}?at=1&token=x` });
    expect([main.status, main.body.toString()]).toEqual([200, 'main();']);
    expect(main.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': '7',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(main.headers['access-control-allow-origin']).toBeUndefined();
    expect((await send(rig.port, { path: '/__leptos_fast/client/other.js' })).body.toString()).toBe('other();');
    const head = await send(rig.port, { method: 'HEAD', path: CLIENT_PATH });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '7', 0]);
    expect(app.requests).toEqual([]);
  });

  it('are those that were there at the start', async () => {
    const { dir, rig } = await rigWithScripts();
    await writeFiles(dir, { 'client/main.js': 'changed', 'client/new.js': 'new' });
    expect((await send(rig.port, { path: CLIENT_PATH })).body.toString()).toBe('main();');
    expect((await send(rig.port, { path: '/__leptos_fast/client/new.js' })).status).toBe(404);
  });

  it.each([
    '/__leptos_fast',
    '/__leptos_fast/',
    '/__leptos_fast/client',
    '/__leptos_fast/client/',
    '/__leptos_fast/client/notes.txt',
    '/__leptos_fast/client/MAIN.js',
    '/__leptos_fast/client/../secret.js',
    '/__leptos_fast/client/..%2fsecret.js',
    '/__leptos_fast/client/%2e%2e/secret.js',
    '/__leptos_fast/client/..\\secret.js',
    '/__leptos_fast/client//main.js',
    '/__leptos_fast/client/main.js%00',
    '/__leptos_fast/client/__proto__',
    '/__leptos_fast/../../etc/passwd',
    '/__leptos_fast/socket?token=x',
    '/__leptos_fast?x',
  ])('%s is not one of them, and not for the app', async (path) => {
    const { rig, app } = await rigWithScripts();
    expect((await send(rig.port, { path })).status).toBe(404);
    expect(app.requests).toEqual([]);
  });

  it.each(['/__leptos_fast2/main.js', '/x/__leptos_fast/client/main.js', '/'])('%s is for the app', async (path) => {
    const { rig } = await rigWithScripts();
    expect((await send(rig.port, { path })).body.toString()).toBe('the app');
  });

  it('can only be read, and an upload does not harm the connection', async () => {
    const { rig, app } = await rigWithScripts();
    const client = await wire(rig.port);
    client.write(`POST ${CLIENT_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody`);
    await client.until('405 Method Not Allowed');
    expect(client.received).toContain('allow: GET, HEAD\r\n');
    client.write('GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.until('the app');
    expect(app.requests).toEqual(['GET /next']);
  });

  it('whole URLs, as proxies are sent, are understood', async () => {
    const { rig, app } = await rigWithScripts();
    expect((await send(rig.port, { path: `http://localhost${CLIENT_PATH}` })).body.toString()).toBe('main();');
    expect(app.requests).toEqual([]);
  });

  it.each([
    ['evil.test', 403],
    ['127.0.0.1.evil.test', 403],
    ['site.test', 200],
    ['localhost:1', 200],
    ['[::1]', 200],
  ])('asked of %s: %i', async (host, status) => {
    const { rig, app } = await rigWithScripts();
    expect((await send(rig.port, { path: CLIENT_PATH, headers: { host } })).status).toBe(status);
    expect(app.requests).toEqual([]);
  });

  it('are there while the app is down', async () => {
    const { rig, app } = await rigWithScripts();
    await app.kill();
    expect((await send(rig.port, { path: CLIENT_PATH })).status).toBe(200);
    expect(rig.clock.pending).toBe(0);
  });

  it('a folder that is missing is an error', async () => {
    await expect(clientRoute(`${await tempDir()}/none`)).rejects.toThrow();
  });
});

it('further routes are asked in their order', async () => {
  const rig = await startPagesRig([
    ({ url }, response) => url === '/__leptos_fast/one' && Boolean(response.end('one')),
    (_request, response) => Boolean(response.end('two')),
  ]);
  expect((await send(rig.port, { path: '/__leptos_fast/one' })).body.toString()).toBe('one');
  expect((await send(rig.port, { path: '/__leptos_fast/' })).body.toString()).toBe('two');
});

interface Asked {
  readonly path?: string;
  readonly token?: string;
  readonly host?: string;
  readonly origin?: string | null;
}

/** Opens a page's socket; what the answer was: `open`, or a status. */
async function openSocket({ port }: PagesRig, asked: Asked = {}) {
  const { path = SOCKET_PATH, token = TOKEN, host = `localhost:${port}`, origin = `http://${host}` } = asked;
  const socket = new WebSocket(`ws://${HOST}:${port}${path}?token=${encodeURIComponent(token)}`, {
    headers: { host, ...(origin !== null && { origin }) },
  });
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const outcome = await new Promise<string | number>((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode ?? 0));
    socket.on('error', () => undefined);
  });
  return { socket, received, closed, outcome };
}

describe('the socket', () => {
  it("is opened for a page of the site, on the site's port, and says hello", async () => {
    const rig = await startPagesRig();
    const { outcome, received } = await openSocket(rig);
    expect(outcome).toBe('open');
    await waitUntil('hello', () => received.length === 1);
    expect(received).toEqual([HELLO]);
  });

  it.each<[string, Asked, number]>([
    ['another origin', { origin: 'http://evil.test' }, 403],
    ['another port', { origin: 'http://localhost:1' }, 403],
    ['another name of this machine', { origin: 'http://127.0.0.1:3000' }, 403],
    ['no origin', { origin: null }, 403],
    ['an origin without a name', { origin: 'null' }, 403],
    ['a name that points here', { host: 'evil.test:3000', origin: 'http://evil.test:3000' }, 403],
    ['another path', { path: '/__leptos_fast/other' }, 404],
    ['a path behind it', { path: `${SOCKET_PATH}/x` }, 404],
  ])('is refused for %s', async (_what, asked, status) => {
    const rig = await startPagesRig();
    const app = await rig.startApp((_incoming, response) => response.end());
    expect((await openSocket(rig, asked)).outcome).toBe(status);
    expect([app.connections, rig.channel.pages]).toEqual([0, []]);
  });

  it.each(['site.test', '[::1]:3000', 'localhost'])('is opened for %s', async (host) => {
    expect((await openSocket(await startPagesRig(), { host })).outcome).toBe('open');
  });

  it('is closed with a code of its own for a page of another run, unheard', async () => {
    const rig = await startPagesRig();
    for (const token of ['', 'other', `${TOKEN}x`]) {
      const { socket, closed, received } = await openSocket(rig, { token });
      socket.send(JSON.stringify({ type: 'hello', at: 1, path: '/' }));
      expect(await closed).toBe(OTHER_RUN);
      expect(received).toEqual([]);
    }
    rig.channel.broadcast({ type: 'status', status: { kind: 'idle' } });
    expect([rig.channel.pages, rig.messages]).toEqual([[], []]);
  });

  it('refuses what is no WebSocket, and the proxy goes on', async () => {
    const rig = await startPagesRig();
    const app = await rig.startApp((_incoming, response) => response.end('the app'));
    const head = `Host: localhost\r\nOrigin: http://localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`;
    for (const method of ['GET', 'POST']) {
      const client = await wire(rig.port);
      client.write(`${method} ${SOCKET_PATH} HTTP/1.1\r\n${head}`);
      await waitUntil('the end', () => client.hasEnded);
      expect(client.received).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
    expect((await send(rig.port)).body.toString()).toBe('the app');
    expect(app.requests).toEqual(['GET /']);
  });

  it("ends with the proxy's close", async () => {
    const rig = await startPagesRig();
    const { closed } = await openSocket(rig);
    await rig.proxy.close();
    expect(await closed).toBe(1006);
    await waitUntil('no timer', () => rig.clock.pending === 0);
  });

  it("leaves the app's own sockets alone", async () => {
    const rig = await startPagesRig();
    const app = await rig.startApp((_incoming, response) => response.end());
    const sockets = new WebSocketServer({ server: app.server });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)));
    const socket = new WebSocket(`ws://${HOST}:${rig.port}/ws`, { headers: { origin: 'http://evil.test' } });
    const answer = await new Promise((resolve) => {
      socket.once('message', (data) => resolve(String(data)));
      socket.once('open', () => socket.send('x'));
    });
    expect(answer).toBe('echo x');
    socket.terminate();
  });
});
