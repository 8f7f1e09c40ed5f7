import { type ChildProcess, spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deferred } from '../../src/core/deferred.js';
import { waitUntil } from '../support/wait-until.js';
import { HOST, type Rig, readAll, send, startRig, wire } from './proxy-support.js';

/** Waits until so many requests wait for the app. */
async function held({ clock }: Rig, count: number): Promise<void> {
  await waitUntil(
    `${count} held requests`,
    () => clock.held === count,
    () => `held: ${clock.held}`,
  );
}

/** An app in a process of its own, which can be killed as a real one. */
interface SpawnedApp {
  readonly process: ChildProcess;
  /** Resolves when it has printed this: `up`, then the path of each request. */
  readonly printed: (text: string) => Promise<void>;
}

/** It answers /body with half of a body, and nothing else. */
async function spawnApp({ appPort }: Rig): Promise<SpawnedApp> {
  const script = `require('node:http').createServer((incoming, response) => {
    if (incoming.url === '/body') { response.writeHead(200, { 'content-length': 10 }); response.write('half-'); }
    console.log(incoming.url);
  }).listen(${appPort}, '${HOST}', () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const printed = async (text: string): Promise<void> => {
    await waitUntil(text, () => output.includes(text));
  };
  await printed('up');
  return { process: child, printed };
}

describe('while the app is down', () => {
  it('a request waits and is answered by the new one', async () => {
    const rig = await startRig();
    const answer = send(rig.port);
    await held(rig, 1);
    await rig.startApp((_incoming, response) => response.end('new'));
    expect((await answer).body.toString()).toBe('new');
    expect(rig.clock.pending).toBe(0);
  });

  it('a POST waits with its body', async () => {
    const rig = await startRig();
    const body = Buffer.alloc(8 * 1024 * 1024, 'leptos');
    const answer = send(rig.port, { method: 'POST', body });
    await held(rig, 1);
    const app = await rig.startApp(async (incoming, response) => {
      response.end(String((await readAll(incoming)).equals(body)));
    });
    expect((await answer).body.toString()).toBe('true');
    expect(app.requests).toEqual(['POST /']);
  });

  it('a POST that waits is not invited to send its body', async () => {
    const rig = await startRig();
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    await held(rig, 1);
    expect(client.received).toBe('');
    await rig.startApp(async (incoming, response) => response.end(`got ${await readAll(incoming)}`));
    await client.until('100 Continue');
    client.write('body');
    await client.until('got body');
  });

  it('a POST that asks first is refused after the limit, and its connection ended', async () => {
    const rig = await startRig();
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    await held(rig, 1);
    rig.clock.expire();
    await waitUntil('the end', () => client.hasEnded);
    expect(client.received).toMatch(/^HTTP\/1\.1 503 .*\r\nConnection: close\r\n/s);
  });

  it('200 requests wait and all are answered, each once', async () => {
    const rig = await startRig();
    const paths = Array.from({ length: 200 }, (_, index) => `/${index}`);
    const answers = Promise.all(
      paths.map((path, index) =>
        send(rig.port, index % 2 === 0 ? { path } : { path, method: 'POST', body: `body of ${path}` }),
      ),
    );
    await held(rig, 200);
    const app = await rig.startApp(async (incoming, response) => {
      response.end(`${incoming.url} ${await readAll(incoming)}`);
    });
    const bodies = (await answers).map(({ body }) => body.toString());
    expect(bodies).toEqual(paths.map((path, index) => `${path} ${index % 2 === 0 ? '' : `body of ${path}`}`));
    expect(app.requests).toHaveLength(200);
    expect(rig.clock.pending).toBe(0);
  });

  it('those that wait share one look at the port', async () => {
    const rig = await startRig();
    const answers = Promise.all(Array.from({ length: 50 }, () => send(rig.port)));
    await held(rig, 50);
    await waitUntil('one pause', () => rig.clock.pending <= 51);
    const app = await rig.startApp((_incoming, response) => response.end());
    await answers;
    expect(app.connections).toBe(51);
  });

  it('requests wait through several restarts on one connection', async () => {
    const rig = await startRig();
    const client = await wire(rig.port);
    for (const name of ['first', 'second', 'third']) {
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await held(rig, 1);
      const app = await rig.startApp((_incoming, response) => response.end(name));
      await client.until(name);
      await app.kill();
    }
  });
});

describe('when the app dies before it answers', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('%s is sent again to the new one', async (method) => {
    const rig = await startRig();
    const old = await rig.startApp(() => undefined);
    const answer = send(rig.port, { method, path: '/page' });
    await old.took(1);
    await old.kill();
    await held(rig, 1);
    const app = await rig.startApp((_incoming, response) => {
      response.writeHead(200, { 'x-app': 'new' });
      response.end();
    });
    expect((await answer).headers['x-app']).toBe('new');
    expect([old.requests, app.requests]).toEqual([[`${method} /page`], [`${method} /page`]]);
  });

  it.each([
    ['POST', undefined],
    ['POST', 'body'],
    ['PUT', 'body'],
    ['DELETE', undefined],
    ['GET', 'body'],
  ])('%s with body %j is not', async (method, body) => {
    const rig = await startRig();
    const old = await rig.startApp(() => undefined);
    const answer = send(rig.port, {
      method,
      headers: { accept: 'text/html', ...(body && { 'content-length': body.length }) },
      ...(body && { body }),
    });
    await old.took(1);
    await old.kill();
    const app = await rig.startApp((_incoming, response) => response.end());
    const { status, body: page } = await answer;
    expect(status).toBe(502);
    expect(page.toString()).toContain(`It took the request (${method})`);
    expect(app.requests).toEqual([]);
  });

  it('the request does not go to the dying app again, which closes its port last', async () => {
    const rig = await startRig();
    const old = await rig.startApp((incoming) => incoming.socket.destroy());
    const isDead = deferred();
    old.server.on('connection', (socket: Socket) => {
      const die = (): void => void old.kill().then(isDead.resolve);
      // A look sends nothing and closes; the request itself must not come before.
      if (old.connections === 2) socket.once('data', die).once('close', die);
    });
    const answer = send(rig.port);
    await isDead.promise;
    await held(rig, 1);
    await rig.startApp((_incoming, response) => response.end('new'));
    expect((await answer).body.toString()).toBe('new');
    expect(old.requests).toEqual(['GET /']);
  });

  it('a request that ends every app is sent twice, no more', async () => {
    const rig = await startRig();
    const answer = send(rig.port);
    for (let start = 0; start < 2; start += 1) {
      await held(rig, 1);
      const app = await rig.startApp(() => undefined);
      await app.took(1);
      await app.kill();
    }
    expect((await answer).status).toBe(502);
  });

  it('a handler that panics while the app lives is asked twice, no more', async () => {
    const rig = await startRig();
    const app = await rig.startApp((incoming) => incoming.socket.destroy());
    expect((await send(rig.port)).status).toBe(502);
    expect(app.requests).toEqual(['GET /', 'GET /']);
  });

  it("the browser's connection stays good, also in the middle of its upload", async () => {
    const rig = await startRig();
    const old = await rig.startApp(() => undefined);
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf-');
    await old.took(1);
    await old.kill();
    await client.until('502 Bad Gateway');
    await rig.startApp((incoming, response) => response.end(`answer to ${incoming.url}`));
    client.write('-halfGET /next HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('answer to /next');
  });

  it('as a process that is killed: GET is sent again, POST is not', async () => {
    const rig = await startRig();
    const old = await spawnApp(rig);
    const page = send(rig.port, { path: '/get' });
    await old.printed('/get');
    const form = send(rig.port, { method: 'POST', path: '/post', body: 'x' });
    await old.printed('/post');
    old.process.kill('SIGKILL');
    await once(old.process, 'exit');
    expect((await form).status).toBe(502);
    await rig.startApp((_incoming, response) => response.end('new'));
    expect((await page).body.toString()).toBe('new');
  });
});

describe('when the app dies in the middle of a body', () => {
  it('the browser sees that it is broken, as a process is killed', async () => {
    const rig = await startRig();
    const app = await spawnApp(rig);
    const client = await wire(rig.port);
    client.write('GET /body HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('half-');
    app.process.kill('SIGKILL');
    await waitUntil('the end', () => client.hasEnded);
    expect(client.received).toContain('content-length: 10\r\n');
    expect(client.received).toMatch(/\r\n\r\nhalf-$/);
  });

  it.each([
    ['with a length', { 'content-length': 10 }, 'HTTP/1.1'],
    ['in chunks', { 'transfer-encoding': 'chunked' }, 'HTTP/1.1'],
    ['until the connection ends', { connection: 'close' }, 'HTTP/1.1'],
    ['in chunks', { 'transfer-encoding': 'chunked' }, 'HTTP/1.0'],
  ])('%s %j, for %s', async (_what, headers, version) => {
    const rig = await startRig();
    const answering = deferred<ServerResponse>();
    const app = await rig.startApp((_incoming, response) => {
      response.useChunkedEncodingByDefault = 'transfer-encoding' in headers;
      response.writeHead(200, headers);
      response.write('half-');
      answering.resolve(response);
    });
    const client = await wire(rig.port);
    client.write(`GET / ${version}\r\nHost: a\r\n\r\n`);
    await client.until('half-');
    await app.kill();
    if (version === 'HTTP/1.1') {
      await waitUntil('the end', () => client.hasEnded || client.socket.destroyed);
      // Whole it would have its ten bytes, or end with an empty chunk.
      expect(client.received).toMatch(/half-(\r\n)?$/);
      expect(client.received).toMatch(/content-length: 10|transfer-encoding: chunked/i);
    } else {
      expect(await client.closed).toBe('broken');
    }
  });

  it('it is not sent again', async () => {
    const rig = await startRig();
    const old = await rig.startApp((_incoming, response) => void response.write('half-'));
    const answer = send(rig.port);
    await old.took(1);
    const outcome = expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
    await waitUntil('the connection of the browser', () => old.sockets.size === 1);
    await old.kill();
    await outcome;
    const app = await rig.startApp((_incoming, response) => response.end('new'));
    expect((await send(rig.port, { path: '/next' })).body.toString()).toBe('new');
    expect(app.requests).toEqual(['GET /next']);
  });
});

describe('when the browser leaves', () => {
  it('while it waits, nothing is left and the app never hears of it', async () => {
    const rig = await startRig();
    const client = await wire(rig.port);
    client.write('GET /gone HTTP/1.1\r\nHost: a\r\n\r\n');
    await held(rig, 1);
    client.socket.destroy();
    await waitUntil('no timer', () => rig.clock.pending === 0);
    const app = await rig.startApp((_incoming, response) => response.end());
    await send(rig.port, { path: '/next' });
    expect(app.requests).toEqual(['GET /next']);
  });

  it('with a whole pipeline, nothing is left, and Node suspects no leak', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const rig = await startRig();
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20));
    await held(rig, 20);
    client.socket.destroy();
    await waitUntil('no timer', () => rig.clock.pending === 0);
    expect(warnings).toEqual([]);
  });

  it('before the answer, the requests to the app end, also those of a pipeline', async () => {
    const rig = await startRig();
    const app = await rig.startApp(() => undefined);
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20));
    await app.took(20);
    expect(app.sockets.size).toBe(20);
    client.socket.destroy();
    await waitUntil('no connection', () => app.sockets.size === 0);
  });

  it('in the middle of the answer, the request to the app ends', async () => {
    const rig = await startRig();
    const app = await rig.startApp((_incoming, response) => void response.write('data: 1\n\n'));
    const client = await wire(rig.port);
    client.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('data: 1');
    client.socket.destroy();
    await waitUntil('no connection', () => app.sockets.size === 0);
  });

  it('in the middle of its upload, the app sees it broken', async () => {
    const rig = await startRig();
    const read = deferred<string>();
    const app = await rig.startApp((incoming) => {
      readAll(incoming).then(
        () => read.resolve('whole'),
        () => read.resolve('broken'),
      );
    });
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf-\r\n');
    await app.took(1);
    client.socket.destroy();
    expect(await read.promise).toBe('broken');
    await waitUntil('no connection', () => app.sockets.size === 0);
  });

  it('after the answer, no connection, timer or listener is left', async () => {
    const accepted: Socket[] = [];
    const onSocket = (message: unknown): void => void accepted.push((message as { socket: Socket }).socket);
    subscribe('net.server.socket', onSocket);
    onTestFinished(() => void unsubscribe('net.server.socket', onSocket));
    const rig = await startRig();
    const app = await rig.startApp((_incoming, response) => response.end('fine'));
    const client = await wire(rig.port);
    const listeners: number[] = [];
    for (let turn = 1; turn <= 50; turn += 1) {
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await client.until('fine', turn);
      listeners.push(accepted.find(({ localPort }) => localPort === rig.port)?.listenerCount('close') ?? 0);
    }
    expect(listeners.at(-1)).toBe(listeners[0]);
    expect(listeners[0]).toBeGreaterThan(0);
    await waitUntil('no connection', () => app.sockets.size === 0);
    expect(rig.clock.pending).toBe(0);
    expect(app.connections).toBe(50);
  });
});

describe('after the limit', () => {
  it('a page that looks again stands in', async () => {
    const rig = await startRig();
    const answer = send(rig.port, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    await held(rig, 1);
    rig.clock.expire();
    const { status, headers, body } = await answer;
    expect(status).toBe(503);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '1',
    });
    expect(body.toString()).toContain('<meta http-equiv="refresh" content="1">');
    expect(rig.clock.pending).toBe(0);
  });

  it('others get plain text', async () => {
    const rig = await startRig();
    const answer = send(rig.port, { headers: { accept: '*/*' } });
    await held(rig, 1);
    rig.clock.expire();
    const { status, headers, body } = await answer;
    expect(status).toBe(503);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    expect(body.toString()).not.toContain('<');
  });

  it('the page in place of a form does not look again, and its connection stays good', async () => {
    const rig = await startRig();
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nContent-Length: 4\r\n\r\nbody');
    await held(rig, 1);
    rig.clock.expire();
    await client.until('</html>');
    expect(client.received).toContain('503 Service Unavailable');
    expect(client.received).not.toContain('http-equiv="refresh"');
    await rig.startApp((incoming, response) => response.end(`answer to ${incoming.url}`));
    client.write('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('answer to /next');
  });

  it('a HEAD gets the head alone', async () => {
    const rig = await startRig();
    const client = await wire(rig.port);
    client.write('HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await held(rig, 1);
    rig.clock.expire();
    await waitUntil('the end', () => client.hasEnded);
    expect(client.received).toMatch(/^HTTP\/1\.1 503 .*\r\n\r\n$/s);
  });

  it('the limit counts the waiting, not the thinking of the app', async () => {
    const rig = await startRig();
    const answering = deferred<ServerResponse>();
    const app = await rig.startApp((_incoming, response) => answering.resolve(response));
    const answer = send(rig.port);
    await app.took(1);
    expect(rig.clock.held).toBe(0);
    (await answering.promise).end('late');
    expect((await answer).body.toString()).toBe('late');
  });
});

describe('close', () => {
  it('ends everything at once: held, answered, uploading and idle connections', async () => {
    const rig = await startRig();
    const waiting = await wire(rig.port);
    waiting.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n');
    await held(rig, 1);
    await rig.proxy.close();
    await waitUntil('the end', () => waiting.hasEnded || waiting.socket.destroyed);
    expect(waiting.received).toBe('');
    await waitUntil('no timer', () => rig.clock.pending === 0);
  });

  it('ends what goes to the app too', async () => {
    const rig = await startRig();
    const app = await rig.startApp((incoming, response) => {
      if (incoming.url === '/stream') response.write('part');
      if (incoming.url === '/done') response.end('done');
    });
    const clients = await Promise.all(Array.from({ length: 4 }, () => wire(rig.port)));
    const [stream, upload, idle, open] = clients;
    stream?.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n');
    upload?.write('POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf-');
    idle?.write('GET /done HTTP/1.1\r\nHost: a\r\n\r\n');
    await app.took(3);
    await stream?.until('part');
    await idle?.until('done');
    expect(open?.socket.destroyed).toBe(false);
    await rig.proxy.close();
    for (const client of clients) await waitUntil('the end', () => client.hasEnded || client.socket.destroyed);
    await waitUntil('no connection', () => app.sockets.size === 0);
    await expect(send(rig.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
