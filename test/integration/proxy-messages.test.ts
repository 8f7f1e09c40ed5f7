import { createServer, type ServerResponse } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deferred } from '../../src/core/deferred.js';
import { DevProxy } from '../../src/serve/proxy.js';
import { takePort } from '../support/free-port.js';
import { waitUntil } from '../support/wait-until.js';
import { HOST, HoldClock, type Rig, readAll, send, startRig, wire } from './proxy-support.js';

/** An app that answers every connection with these bytes, whatever is asked. */
async function startRawApp({ appPort }: Rig, bytes: string, end = true): Promise<void> {
  const server = createNetServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(bytes, 'latin1');
      if (end) socket.end();
    });
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(appPort, HOST, resolve));
}

/** What the app receives on one connection, byte for byte. */
async function recordRequest(rig: Rig, sent: string, until: string): Promise<string> {
  let seen = '';
  const server = createNetServer((socket) => {
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      seen += chunk;
      if (seen.includes(until)) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(rig.appPort, HOST, resolve));
  const client = await wire(rig.port);
  client.write(sent);
  await client.until('204 No Content');
  return seen;
}

/** What the browser receives, byte for byte, when the app answers with these bytes. */
async function recordAnswer(rig: Rig, bytes: string, sent = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') {
  await startRawApp(rig, bytes);
  const client = await wire(rig.port);
  client.write(sent);
  await waitUntil('the end', () => client.hasEnded);
  return client.received;
}

describe('bodies', () => {
  it('of answers come as they are written', async () => {
    const rig = await startRig();
    const answering = deferred<ServerResponse>();
    await rig.startApp((_incoming, response) => answering.resolve(response));
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const response = await answering.promise;
    response.flushHeaders();
    await client.until('200 OK');
    for (const part of ['shell', 'suspense', 'rest']) {
      response.write(part);
      await client.until(part);
    }
    response.end();
    await client.until('0\r\n\r\n');
  });

  it('of server-sent events too', async () => {
    const rig = await startRig();
    const answering = deferred<ServerResponse>();
    await rig.startApp((_incoming, response) => answering.resolve(response));
    const client = await wire(rig.port);
    client.write('GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n');
    const response = await answering.promise;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    await client.until('data: 1\n\n');
    response.write('data: 2\n\n');
    await client.until('data: 2\n\n');
  });

  it('of requests come as they are written', async () => {
    const rig = await startRig();
    let seen = '';
    await rig.startApp((incoming, response) => {
      incoming.on('data', (chunk: Buffer) => {
        seen += chunk;
      });
      incoming.on('end', () => response.end('done'));
    });
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    await waitUntil('the first part', () => seen === 'first');
    client.write('6\r\nsecond\r\n0\r\n\r\n');
    await client.until('done');
    expect(seen).toBe('firstsecond');
  });

  it('large uploads wait for an app that does not read, and arrive whole', async () => {
    const rig = await startRig();
    const upload = Buffer.alloc(96 * 1024 * 1024, 'leptos');
    const mayRead = deferred();
    await rig.startApp(async (incoming, response) => {
      if (incoming.method === 'GET') return void response.end();
      await mayRead.promise;
      response.end(String((await readAll(incoming)).equals(upload)));
    });
    const client = await wire(rig.port);
    let taken = 0;
    client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${upload.length}\r\n\r\n`);
    for (let at = 0; at < upload.length; at += 65_536) {
      const chunk = upload.subarray(at, at + 65_536);
      client.socket.write(chunk, () => {
        taken += chunk.length;
      });
    }
    // Meanwhile the proxy has every opportunity to swallow the upload; the system's buffers take some 10 MB.
    for (let turn = 0; turn < 300; turn += 1) await send(rig.port);
    expect(taken).toBeLessThan(upload.length / 2);
    mayRead.resolve();
    await client.until('true');
  });

  it('large downloads wait for a browser that does not read, and arrive whole', async () => {
    const rig = await startRig();
    const download = Buffer.alloc(96 * 1024 * 1024, 'leptos');
    let taken = 0;
    await rig.startApp((incoming, response) => {
      if (incoming.url === '/small') return void response.end();
      for (let at = 0; at < download.length; at += 65_536) {
        const chunk = download.subarray(at, at + 65_536);
        response.write(chunk, () => {
          taken += chunk.length;
        });
      }
      response.end();
    });
    const client = await wire(rig.port);
    client.socket.pause();
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    for (let turn = 0; turn < 300; turn += 1) await send(rig.port, { path: '/small' });
    expect(taken).toBeLessThan(download.length / 2);
    client.socket.resume();
    await waitUntil('the end', () => client.hasEnded);
    expect(taken).toBe(download.length);
    expect(client.received.length).toBeGreaterThan(download.length);
  });

  it('keep their framing: a length stays a length, chunks stay chunks', async () => {
    const withLength = await recordAnswer(await startRig(), 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
    expect(withLength).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello$/);
    const chunked = await recordAnswer(
      await startRig(),
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    );
    expect(chunked).toMatch(/Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/);
    const untilClose = await recordAnswer(await startRig(), 'HTTP/1.1 200 OK\r\n\r\nhello');
    expect(untilClose).toMatch(/Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/);
  });

  it.each(['GET', 'DELETE', 'OPTIONS'])('%s with a chunked body stays one request', async (method) => {
    const body = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
    const seen = await recordRequest(
      await startRig(),
      `${method} / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      '0\r\n\r\n',
    );
    expect(seen.toLowerCase()).toContain('\r\ntransfer-encoding: chunked\r\n');
    expect(seen.endsWith(`\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)).toBe(true);
  });

  it('a POST without a body stays without one', async () => {
    const seen = await recordRequest(await startRig(), 'POST / HTTP/1.1\r\nHost: a\r\n\r\n', '\r\n\r\n');
    expect(seen).toBe('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });

  it('an HTTP/1.0 browser gets no chunks', async () => {
    const answer = await recordAnswer(
      await startRig(),
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      'GET / HTTP/1.0\r\n\r\n',
    );
    expect(answer).toMatch(/\r\n\r\nhello$/);
    expect(answer).not.toMatch(/chunked/i);
  });

  it('compressed ones are not touched', async () => {
    const rig = await startRig();
    const packed = gzipSync('x'.repeat(10_000));
    await rig.startApp((incoming, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', vary: incoming.headers['accept-encoding'] });
      response.end(packed);
    });
    const answer = await send(rig.port, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'br, gzip' });
    expect(answer.body.equals(packed)).toBe(true);
  });

  it('ranges are asked and answered as they are', async () => {
    const rig = await startRig();
    await rig.startApp((incoming, response) => {
      response.writeHead(206, { 'content-range': 'bytes 2-4/10', 'content-length': 3, 'accept-ranges': 'bytes' });
      response.end(incoming.headers.range === 'bytes=2-4' ? 'cde' : '???');
    });
    const answer = await send(rig.port, { headers: { range: 'bytes=2-4' } });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe('bytes 2-4/10');
    expect(answer.body.toString()).toBe('cde');
  });

  it('trailers follow in both directions', async () => {
    const rig = await startRig();
    let seen: unknown;
    await rig.startApp(async (incoming, response) => {
      await readAll(incoming);
      seen = incoming.trailers;
      response.writeHead(200, { trailer: 'x-digest' });
      response.write('body');
      response.addTrailers({ 'x-digest': 'abc' });
      response.end();
    });
    const client = await wire(rig.port);
    client.write(
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n1\r\na\r\n0\r\nx-sum: 7\r\n\r\n',
    );
    await client.until('0\r\nx-digest: abc\r\n\r\n');
    expect(seen).toEqual({ 'x-sum': '7' });
  });
});

describe('answers without a body', () => {
  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n'],
    ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'HTTP/1.1 200 OK\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 204 No Content\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n'],
    [
      'GET',
      'HTTP/1.1 304 Gone Fishing\r\nContent-Length: 9\r\n\r\n',
      'HTTP/1.1 304 Gone Fishing\r\nContent-Length: 9\r\n',
    ],
  ])('%s %j', async (method, bytes, head) => {
    const sent = `${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    expect(await recordAnswer(await startRig(), bytes, sent)).toBe(`${head}Connection: close\r\n\r\n`);
  });

  it('leave the connection usable', async () => {
    const rig = await startRig();
    await rig.startApp((incoming, response) => {
      response.writeHead(incoming.method === 'HEAD' ? 200 : 204, { 'content-length': 5 });
      response.end();
    });
    const client = await wire(rig.port);
    client.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('200 OK');
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('204 No Content');
  });
});

describe('interim answers', () => {
  it('a browser that asks first gets the app to say "continue"', async () => {
    const rig = await startRig();
    const app = await rig.startApp(() => undefined);
    const mayGoOn = deferred();
    app.server.on('checkContinue', async (incoming, response) => {
      app.requests.push('asked');
      await mayGoOn.promise;
      response.writeContinue();
      response.end(`got ${await readAll(incoming)}`);
    });
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    await app.took(1);
    expect(client.received).toBe('');
    mayGoOn.resolve();
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.write('body');
    await client.until('got body');
    expect(client.received).not.toMatch(/connection: close/i);
  });

  it('a refusal instead of "continue" ends the connection', async () => {
    const rig = await startRig();
    const app = await rig.startApp(() => undefined);
    app.server.on('checkContinue', (_incoming, response) => {
      response.writeHead(417);
      response.end('no');
    });
    const client = await wire(rig.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    await waitUntil('the end', () => client.hasEnded);
    expect(client.received).toMatch(/^HTTP\/1\.1 417 .*\r\nconnection: close\r\n/is);
    expect(client.received).not.toContain('100 Continue');
  });

  it('other expectations are for the app to judge', async () => {
    const rig = await startRig();
    const app = await rig.startApp(() => undefined);
    app.server.on('checkExpectation', (incoming, response) => response.end(`expects ${incoming.headers.expect}`));
    expect((await send(rig.port, { headers: { expect: 'miracles' } })).body.toString()).toBe('expects miracles');
  });

  it('early hints and "processing" come before the answer', async () => {
    const rig = await startRig();
    const answering = deferred<ServerResponse>();
    await rig.startApp((_incoming, response) => answering.resolve(response));
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const response = await answering.promise;
    response.writeProcessing();
    await client.until('HTTP/1.1 102 Processing\r\n\r\n');
    response.writeEarlyHints({ link: ['</pkg/app.css>; rel=preload; as=style', '</pkg/app.js>; rel=modulepreload'] });
    await client.until(
      '103 Early Hints\r\nLink: </pkg/app.css>; rel=preload; as=style, </pkg/app.js>; rel=modulepreload',
    );
    response.end('page');
    await client.until('page');
  });

  it('a hint that Node does not understand costs nothing but the hint', async () => {
    const answer = await recordAnswer(
      await startRig(),
      'HTTP/1.1 103 Early Hints\r\nLink: nonsense\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});

describe('headers', () => {
  it('of a request come to the app in their order, case and number', async () => {
    const sent =
      'GET /a%20b?x=[1]|2 HTTP/1.1\r\nHoSt: site.test:3000\r\nX-Two: 1\r\nCookie: a=1\r\nx-two: 2\r\nCookie: b=2\r\nX-Latin: caf\xe9\r\n';
    const seen = await recordRequest(await startRig(), `${sent}\r\n`, '\r\n\r\n');
    expect(seen).toBe(`${sent}Connection: close\r\n\r\n`);
  });

  it('of an answer come to the browser in their order, case and number, and none is added', async () => {
    const head =
      'HTTP/1.1 299 Very Fine\r\nSet-Cookie: a=1; Path=/\r\nX-CaSe: 1\r\nset-cookie: b=2\r\nSet-Cookie: c=3\r\nx-case: 2\r\nX-Latin: caf\xe9\r\nContent-Length: 0\r\n';
    const seen = await recordAnswer(await startRig(), `${head}\r\n`);
    expect(seen).toBe(`${head}Connection: close\r\n\r\n`);
  });

  it('of one connection stay on it, also those that Connection names', async () => {
    const seen = await recordRequest(
      await startRig(),
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Foo\r\nConnection: x-bar\r\nX-Foo: 1\r\nX-Bar: 2\r\nX-Baz: 3\r\nKeep-Alive: 5\r\nProxy-Connection: a\r\nTE: trailers\r\n\r\n',
      '\r\n\r\n',
    );
    expect(seen).toBe('GET / HTTP/1.1\r\nHost: a\r\nX-Baz: 3\r\nConnection: close\r\n\r\n');
    const answer = await recordAnswer(
      await startRig(),
      'HTTP/1.1 200 OK\r\nConnection: X-Foo\r\nX-Foo: 1\r\nX-Baz: 3\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n',
    );
    expect(answer).toBe('HTTP/1.1 200 OK\r\nX-Baz: 3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });

  it('Connection cannot take away where the body ends', async () => {
    const body = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
    const seen = await recordRequest(
      await startRig(),
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: content-length, host\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      '/smuggled',
    );
    expect(seen).toContain(`\r\nHost: a\r\nContent-Length: ${body.length}\r\n`);
  });

  it('a host is added for HTTP/1.0, which needs none', async () => {
    const rig = await startRig();
    const seen = await recordRequest(rig, 'GET / HTTP/1.0\r\n\r\n', '\r\n\r\n');
    expect(seen).toBe(`GET / HTTP/1.1\r\nHost: localhost:${rig.port}\r\nConnection: close\r\n\r\n`);
  });

  it('may be large and many, both ways', async () => {
    const rig = await startRig();
    const large = 'x'.repeat(200_000);
    const many = Object.fromEntries(Array.from({ length: 2_500 }, (_, index) => [`x-${index}`, `${index}`]));
    const app = await rig.startApp((incoming, response) => {
      response.writeHead(200, { ...many, 'x-large': incoming.headers['x-large'] });
      response.end(String(Object.keys(incoming.headers).filter((name) => /^x-\d+$/.test(name)).length));
    });
    app.server.maxHeadersCount = 0;
    const client = await wire(rig.port);
    const lines = Object.entries(many).map(([name, value]) => `${name}: ${value}\r\n`);
    client.write(`GET / HTTP/1.1\r\nHost: a\r\n${lines.join('')}X-Large: ${large}\r\nConnection: close\r\n\r\n`);
    await waitUntil('the end', () => client.hasEnded);
    expect(client.received).toContain(`x-large: ${large}\r\n`);
    expect(client.received).toContain('x-2499: 2499\r\n');
    expect(client.received).toMatch(/2500\r\n0\r\n\r\n$/);
  });
});

describe("the browser's connection", () => {
  it('is kept for the next request', async () => {
    const rig = await startRig();
    await rig.startApp((incoming, response) => response.end(`answer to ${incoming.url}`));
    const client = await wire(rig.port);
    for (const path of ['/1', '/2', '/3']) {
      client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await client.until(`answer to ${path}`);
    }
    expect(client.received).not.toMatch(/keep-alive: timeout/i);
  });

  it('is kept when the app answers before it has read an upload', async () => {
    const rig = await startRig();
    await rig.startApp((incoming, response) => {
      response.writeHead(incoming.method === 'POST' ? 413 : 200, { connection: 'close' });
      response.end(incoming.url);
      response.on('finish', () => incoming.socket.destroySoon());
    });
    const client = await wire(rig.port);
    const upload = 'x'.repeat(8 * 1024 * 1024);
    client.write(`POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: ${upload.length}\r\n\r\n${upload.slice(0, 100)}`);
    await client.until('413 Payload Too Large');
    client.write(`${upload.slice(100)}GET /next HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until('/next');
  });

  it('a pipeline is answered in its order', async () => {
    const rig = await startRig();
    const answers = new Map<string, ServerResponse>();
    await rig.startApp((incoming, response) => answers.set(incoming.url ?? '', response));
    const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
    const client = await wire(rig.port);
    client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    await waitUntil('all requests', () => answers.size === paths.length);
    for (const path of [...paths].reverse()) answers.get(path)?.end(`<${path}>`);
    await client.until('</19>');
    expect(client.received.match(/<\/\d+>/g)).toEqual(paths.map((path) => `<${path}>`));
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody', 400],
    [
      'an encoding that does not end in chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n',
      400,
    ],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a header name with a space', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 4\r\n\r\nbody', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1_100_000)}`, 431],
  ])('from a browser: %s', async (_what, bytes, status) => {
    const rig = await startRig();
    const app = await rig.startApp((_incoming, response) => response.end('fine'));
    const client = await wire(rig.port);
    client.write(bytes);
    await waitUntil('the end', () => client.hasEnded);
    expect(client.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(app.requests).toEqual([]);
    expect((await send(rig.port)).body.toString()).toBe('fine');
  });

  it('CONNECT, and connections that end in the middle of a head', async () => {
    const rig = await startRig();
    const app = await rig.startApp((_incoming, response) => response.end('fine'));
    for (const bytes of ['CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 'GET / HT']) {
      const client = await wire(rig.port);
      client.socket.end(bytes);
      await client.closed;
    }
    expect(app.requests).toEqual([]);
    expect((await send(rig.port)).body.toString()).toBe('fine');
  });

  it.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    ['a status that Node does not write', 'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n'],
    ['a reason that Node does not write', 'HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n'],
    [
      'an upgrade that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
    ['nothing', ''],
  ])('from the app: %s', async (_what, bytes) => {
    const rig = await startRig();
    await startRawApp(rig, bytes);
    const answer = await send(rig.port, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(502);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body.toString()).toContain('The app did not answer');
    expect(answer.body.toString()).not.toContain('http-equiv="refresh"');
  });
});

describe('listening', () => {
  it('rejects when the port is taken, and can be closed all the same', async () => {
    const port = await takePort();
    const at = { host: HOST, port };
    const proxy = new DevProxy({ clock: new HoldClock(), listen: at, app: at, holdMs: () => 1 });
    await expect(proxy.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await proxy.close();
  });

  it('the port is free after close', async () => {
    const rig = await startRig();
    await rig.proxy.close();
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(rig.port, HOST, resolve);
    });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
