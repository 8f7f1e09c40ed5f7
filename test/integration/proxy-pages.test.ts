import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deferred } from '../../src/core/deferred.js';
import { Upstream } from '../../src/serve/proxy-upstream.js';
import { waitUntil } from '../support/wait-until.js';
import { type Answer, HOST, type PagesRig, readAll, type Sent, send, startPagesRig, wire } from './proxy-support.js';

const NAVIGATION = { 'sec-fetch-dest': 'document', accept: 'text/html,*/*;q=0.8' };
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const PAGE = '<!doctype html><html><head><title>ä</title></head><body>x</body></html>';
const SCRIPT =
  /<script async type="module" src="\/__leptos_fast\/client\/main\.js\?at=(\d+)&amp;token=a%20token%26%22"( nonce="[^"]*")?><\/script>/g;

/** How a browser asks for a page. */
function visit({ port }: PagesRig, { headers, ...sent }: Sent = {}): Promise<Answer> {
  return send(port, { headers: { ...NAVIGATION, ...headers }, ...sent });
}

function serve(
  rig: PagesRig,
  headers: OutgoingHttpHeaders,
  body: Buffer | string = PAGE,
  status = 200,
): Promise<unknown> {
  return rig.startApp((_incoming, response) => {
    response.writeHead(status, headers);
    response.end(body);
  });
}

/** The page as it was, when it has the script once; else what came. */
function stripped({ body }: Answer): string {
  const text = body.toString();
  return text.match(SCRIPT)?.length === 1 ? text.replace(SCRIPT, '') : `not one script: ${text}`;
}

function scriptOf({ body }: Answer): { at: number; nonce: string | null } {
  const [script] = [...body.toString().matchAll(SCRIPT)];
  return { at: Number(script?.[1] ?? Number.NaN), nonce: /nonce="(.*)"/.exec(script?.[2] ?? '')?.[1] ?? null };
}

describe('the script in a page', () => {
  it('stands behind <head>, and nothing else changes', async () => {
    const rig = await startPagesRig();
    await serve(rig, {
      ...HTML,
      'content-length': Buffer.byteLength(PAGE),
      etag: '"a"',
      'X-CaSe': '1',
      vary: 'cookie',
    });
    const answer = await visit(rig);
    expect(answer.body.toString()).toMatch(/^<!doctype html><html><head><script async .*<\/script><title>/);
    expect(stripped(answer)).toBe(PAGE);
    expect(answer.headers).toMatchObject({ ...HTML, etag: '"a"', vary: 'cookie', 'transfer-encoding': 'chunked' });
    expect(answer.rawHeaders).toContain('X-CaSe');
    expect(answer.headers['content-length']).toBeUndefined();
    expect(rig.withoutScript).toEqual([]);
  });

  it.each([404, 500, 200])('of any status (%i)', async (status) => {
    const rig = await startPagesRig();
    await serve(rig, HTML, PAGE, status);
    const answer = await visit(rig);
    expect([answer.status, stripped(answer)]).toEqual([status, PAGE]);
  });

  it.each([
    [{ 'sec-fetch-dest': 'document' }],
    [{ 'sec-fetch-dest': 'iframe' }],
    [{ 'sec-fetch-dest': 'empty', 'sec-purpose': 'prefetch' }],
    [{ accept: 'text/html,application/xhtml+xml' }],
  ])('that a browser wants to show: %j', async (headers) => {
    const rig = await startPagesRig();
    await serve(rig, HTML);
    expect(stripped(await send(rig.port, { headers }))).toBe(PAGE);
  });

  it('is there wherever the page is cut', async () => {
    const rig = await startPagesRig();
    const head = PAGE.indexOf('<title>') + 1;
    await rig.startApp((incoming, response) => {
      const at = Number(incoming.url?.slice(1));
      response.writeHead(200, HTML);
      response.write(PAGE.slice(0, at), () => setImmediate(() => response.end(PAGE.slice(at))));
    });
    for (let at = 0; at <= head; at += 1) expect(stripped(await visit(rig, { path: `/${at}` }))).toBe(PAGE);
  });

  it('does not hold back what streams', async () => {
    const rig = await startPagesRig();
    const answering = deferred<ServerResponse>();
    await rig.startApp((_incoming, response) => answering.resolve(response));
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Dest: document\r\n\r\n');
    const response = await answering.promise;
    response.writeHead(200, HTML);
    for (const part of ['<!doctype html><!-- 1 -->', '<html><head>', '<title>', '</head><body>', 'late']) {
      response.write(part);
      await client.until(part);
    }
    expect(client.received.match(SCRIPT)).toHaveLength(1);
    response.end();
    await client.until('0\r\n\r\n');
  });

  it('an HTTP/1.0 browser gets it too, until the connection ends', async () => {
    const rig = await startPagesRig();
    await serve(rig, { ...HTML, 'content-length': Buffer.byteLength(PAGE) });
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.0\r\nHost: localhost\r\nAccept: text/html\r\n\r\n');
    await waitUntil('the end', () => client.hasEnded);
    expect(client.received).toMatch(SCRIPT);
    expect(client.received).not.toMatch(/content-length|chunked/i);
    expect(client.received).toMatch(/<\/html>$/);
  });

  it('trailers follow it', async () => {
    const rig = await startPagesRig();
    await rig.startApp((_incoming, response) => {
      response.writeHead(200, { ...HTML, trailer: 'x-digest' });
      response.write(PAGE);
      response.addTrailers({ 'x-digest': 'abc' });
      response.end();
    });
    const answer = await visit(rig);
    expect([stripped(answer), answer.trailers]).toEqual([PAGE, { 'x-digest': 'abc' }]);
  });

  it('a page that is broken off is broken for the browser', async () => {
    const rig = await startPagesRig();
    const app = await rig.startApp((_incoming, response) => {
      response.writeHead(200, { ...HTML, 'content-length': 1_000 });
      response.write('<html><head>');
    });
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Dest: document\r\n\r\n');
    await client.until('<html><head>');
    await app.kill();
    await waitUntil('the end', () => client.hasEnded || client.socket.destroyed);
    expect(client.received).not.toMatch(/0\r\n\r\n$/);
  });
});

describe('the moment that the script names', () => {
  it('is when the connection was opened that brought the page, however long it waited', async () => {
    const rig = await startPagesRig();
    rig.clock.time = 1_000;
    const answer = visit(rig);
    await waitUntil('a held request', () => rig.clock.held === 1);
    rig.clock.time = 2_000;
    await serve(rig, HTML);
    expect(scriptOf(await answer).at).toBe(2_000);
  });

  it('is before the attempt: who takes it later was there then, or came since', async () => {
    const { appPort, clock, startApp } = await startPagesRig();
    await startApp((_incoming, response) => response.end());
    clock.time = 1_000;
    const connecting = new Upstream({ host: HOST, port: appPort }, clock).connect(new AbortController().signal, 1);
    clock.time = 2_000;
    const connection = await connecting;
    connection?.socket.destroy();
    expect(connection?.at).toBe(1_000);
  });

  it('is that of the second app when the first one died before it answered', async () => {
    const rig = await startPagesRig();
    rig.clock.time = 1_000;
    const old = await rig.startApp(() => undefined);
    const answer = visit(rig);
    await old.took(1);
    await old.kill();
    await waitUntil('a held request', () => rig.clock.held === 1);
    rig.clock.time = 2_000;
    await serve(rig, HTML);
    expect(scriptOf(await answer).at).toBe(2_000);
  });

  it('is not later than that when the app thinks for long', async () => {
    const rig = await startPagesRig();
    rig.clock.time = 1_000;
    const answering = deferred<ServerResponse>();
    await rig.startApp((_incoming, response) => answering.resolve(response));
    const answer = visit(rig);
    const response = await answering.promise;
    rig.clock.time = 2_000;
    response.writeHead(200, HTML).end(PAGE);
    expect(scriptOf(await answer).at).toBe(1_000);
  });

  it('cannot be an old one: the app does not hear what the browser has kept', async () => {
    const rig = await startPagesRig();
    await rig.startApp((incoming, response) => {
      const isKept = incoming.headers['if-none-match'] ?? incoming.headers['if-modified-since'];
      response.writeHead(isKept === undefined ? 200 : 304, { ...HTML, etag: '"a"' }).end(isKept ? undefined : PAGE);
    });
    const kept = { 'if-none-match': '"a"', 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' };
    expect(stripped(await visit(rig, { headers: kept }))).toBe(PAGE);
    // What is no page may be kept.
    expect((await send(rig.port, { headers: kept })).status).toBe(304);
  });
});

describe('the nonce', () => {
  it('is that of the policy in the head', async () => {
    const rig = await startPagesRig();
    await serve(rig, { ...HTML, 'content-security-policy': "script-src 'strict-dynamic' 'nonce-Abc+/1=='" });
    expect(scriptOf(await visit(rig)).nonce).toBe('Abc+/1==');
  });

  it('is that of a policy in the HTML, where the head has none', async () => {
    const rig = await startPagesRig();
    const meta = `<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-xyz'">`;
    await serve(rig, HTML, PAGE.replace('<title>', `${meta}<title>`));
    expect(scriptOf(await visit(rig)).nonce).toBe('xyz');
  });

  it('is left out where there is none', async () => {
    const rig = await startPagesRig();
    await serve(rig, { ...HTML, 'content-security-policy': "script-src 'self' 'nonce-\"><img>'" });
    expect(scriptOf(await visit(rig)).nonce).toBeNull();
  });
});

describe('compressed pages', () => {
  const ENCODERS = new Map<string, (text: string) => Buffer>([
    ['gzip', (text) => zlib.gzipSync(text)],
    ['X-GZIP', (text) => zlib.gzipSync(text)],
    ['deflate', (text) => zlib.deflateSync(text)],
    ['br', (text) => zlib.brotliCompressSync(text)],
    ['br, gzip', (text) => zlib.gzipSync(zlib.brotliCompressSync(text))],
    ['identity', (text) => Buffer.from(text)],
  ]);

  it.each([...ENCODERS.keys()])('are unpacked: %s', async (encoding) => {
    const rig = await startPagesRig();
    const body = ENCODERS.get(encoding)?.(PAGE) ?? '';
    await serve(
      rig,
      { ...HTML, 'content-encoding': encoding, 'content-length': body.length, vary: 'accept-encoding' },
      body,
    );
    const answer = await visit(rig, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(stripped(answer)).toBe(PAGE);
    expect(answer.headers['content-encoding']).toBe(encoding === 'identity' ? encoding : undefined);
    expect(answer.headers.vary).toBe('accept-encoding');
  });

  it.each([
    [
      'gzip',
      () => zlib.createGzip(),
      (packer: zlib.Gzip, done: () => void) => packer.flush(zlib.constants.Z_SYNC_FLUSH, done),
    ],
    [
      'br',
      () => zlib.createBrotliCompress(),
      (packer: zlib.Gzip, done: () => void) => packer.flush(zlib.constants.BROTLI_OPERATION_FLUSH, done),
    ],
  ] as const)('come as they are written: %s', async (encoding, create, flush) => {
    const rig = await startPagesRig();
    const answering = deferred<ServerResponse>();
    await rig.startApp((_incoming, response) => answering.resolve(response));
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Dest: document\r\n\r\n');
    const response = await answering.promise;
    response.writeHead(200, { ...HTML, 'content-encoding': encoding });
    const packer = create();
    packer.pipe(response);
    for (const part of ['<html><head>', '<title>', '</head><body>', 'late']) {
      packer.write(part);
      flush(packer as zlib.Gzip, () => undefined);
      await client.until(part);
    }
    packer.end();
    await client.until('0\r\n\r\n');
  });

  it('with an encoding that is not known are left alone', async () => {
    const rig = await startPagesRig();
    await serve(rig, { ...HTML, 'content-encoding': 'lzma', 'content-length': PAGE.length + 1 });
    const answer = await visit(rig, { path: '/packed?x' });
    expect(answer.body.toString()).toBe(PAGE);
    expect(answer.headers['content-encoding']).toBe('lzma');
    expect(rig.withoutScript).toEqual([{ path: '/packed', why: 'encoding' }]);
  });

  it('that are not what they say are broken off, and the proxy goes on', async () => {
    const rig = await startPagesRig();
    await serve(rig, { ...HTML, 'content-encoding': 'gzip' }, 'not gzip at all');
    await expect(visit(rig)).rejects.toThrow();
    await expect(visit(rig, { headers: { 'sec-fetch-dest': 'image' } })).resolves.toMatchObject({ status: 200 });
  });
});

describe('what is no page goes on byte for byte', () => {
  const bytes = Buffer.from('<html><head>\xff\x00', 'latin1');

  it.each<[string, OutgoingHttpHeaders, OutgoingHttpHeaders]>([
    ['fragments that a script fetches', HTML, { 'sec-fetch-dest': 'empty', accept: 'text/html' }],
    ['what no browser asks for', HTML, { 'sec-fetch-dest': 'image' }],
    ['what asks for anything', HTML, { 'sec-fetch-dest': [], accept: '*/*' }],
    ['other types', { 'content-type': 'text/plain' }, {}],
    ['other types whose name begins so', { 'content-type': 'text/html-x' }, {}],
    ['no type', {}, {}],
    ['downloads', { ...HTML, 'content-disposition': 'attachment; filename=a.html' }, {}],
  ])('%s', async (_what, headers, asked) => {
    const rig = await startPagesRig();
    await serve(rig, { ...headers, 'content-length': bytes.length }, bytes);
    const asking = Object.fromEntries(
      Object.entries({ ...NAVIGATION, ...asked }).filter(([, value]) => !Array.isArray(value)),
    );
    const answer = await send(rig.port, { headers: asking });
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers['content-length']).toBe(String(bytes.length));
    expect(rig.withoutScript).toEqual([]);
  });

  it('compressed fragments stay compressed', async () => {
    const rig = await startPagesRig();
    const packed = zlib.gzipSync(PAGE);
    await serve(rig, { ...HTML, 'content-encoding': 'gzip' }, packed);
    expect((await send(rig.port, { headers: { 'sec-fetch-dest': 'empty' } })).body.equals(packed)).toBe(true);
  });

  it('parts of a page', async () => {
    const rig = await startPagesRig();
    await serve(rig, { ...HTML, 'content-range': 'bytes 0-11/99', 'content-length': 12 }, '<html><head>', 206);
    const answer = await visit(rig, { headers: { range: 'bytes=0-11' } });
    expect([answer.status, answer.body.toString()]).toEqual([206, '<html><head>']);
  });

  it.each([
    ['HEAD', 200, '5'],
    ['GET', 304, '5'],
    ['GET', 204, undefined],
  ])('%s with %i: no body at all, and the connection stays good', async (method, status, length) => {
    const rig = await startPagesRig();
    await rig.startApp((incoming, response) => {
      if (incoming.url === '/next') return void response.end('next');
      response.writeHead(status, { ...HTML, ...(length !== undefined && { 'content-length': length }) });
      response.end();
    });
    const client = await wire(rig.port);
    client.write(`${method} / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Dest: document\r\n\r\n`);
    await client.until('\r\n\r\n');
    const head = client.received;
    client.write('GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.until('next');
    expect(client.received).not.toContain('<script');
    expect(/content-length: (\d+)/i.exec(head)?.[1]).toBe(length);
    expect(rig.withoutScript).toEqual([]);
  });
});

describe('pages without the script are told', () => {
  it.each<[string, Sent, OutgoingHttpHeaders]>([
    ['method', { method: 'POST', body: 'a=1' }, HTML],
    ['host', { headers: { host: 'evil.test' } }, HTML],
    ['charset', {}, { 'content-type': 'text/html; charset="UTF-16le"' }],
    ['policy', {}, { ...HTML, 'content-security-policy': "script-src 'sha256-x'" }],
  ])('%s', async (why, sent, headers) => {
    const rig = await startPagesRig();
    await rig.startApp(async (incoming, response) => {
      await readAll(incoming);
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(PAGE) });
      response.end(PAGE);
    });
    const answer = await visit(rig, { path: '/form?a=1', ...sent });
    expect(answer.body.toString()).toBe(PAGE);
    expect(rig.withoutScript).toEqual([{ path: '/form', why }]);
  });

  it('UTF-16 that only its first bytes betray', async () => {
    const rig = await startPagesRig();
    const bytes = Buffer.from('\ufeff<html><head>', 'utf16le');
    await serve(rig, { 'content-type': 'text/html' }, bytes);
    expect((await visit(rig)).body.equals(bytes)).toBe(true);
    expect(rig.withoutScript).toEqual([{ path: '/', why: 'charset' }]);
  });
});

describe('the folder of the wasm', () => {
  it('is never kept by a browser', async () => {
    const rig = await startPagesRig();
    await rig.startApp((incoming, response) => {
      const isKept = 'if-none-match' in incoming.headers || 'if-modified-since' in incoming.headers;
      response.writeHead(isKept ? 304 : 200, {
        'content-type': 'application/wasm',
        'Cache-Control': 'public, max-age=31536000, immutable',
        ETag: '"a"',
        'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
        expires: 'Thu, 01 Jan 2037 00:00:00 GMT',
        'X-Other': '1',
        ...(!isKept && { 'content-length': 4 }),
      });
      response.end(isKept ? undefined : '\0asm');
    });
    const headers = { 'if-none-match': '"a"', 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' };
    const wasm = await send(rig.port, { path: '/pkg/app.wasm?v=1', headers });
    expect([wasm.status, wasm.body.toString()]).toEqual([200, '\0asm']);
    expect(wasm.headers).toMatchObject({ 'cache-control': 'no-store', 'content-length': '4', 'x-other': '1' });
    for (const gone of ['etag', 'last-modified', 'expires']) expect(wasm.headers[gone]).toBeUndefined();
    const other = await send(rig.port, { path: '/pkg2/app.wasm', headers });
    expect([other.status, other.headers.etag, other.headers['cache-control']]).toEqual([
      304,
      '"a"',
      'public, max-age=31536000, immutable',
    ]);
  });
});

describe('a page in place of the app', () => {
  it('has the script, which always finds it behind', async () => {
    const rig = await startPagesRig();
    const answer = visit(rig);
    await waitUntil('a held request', () => rig.clock.held === 1);
    rig.clock.expire();
    expect((await answer).status).toBe(503);
    expect(scriptOf(await answer)).toEqual({ at: 0, nonce: null });
    expect((await answer).body.toString()).toContain('<noscript><meta http-equiv="refresh" content="1"></noscript>');
  });

  it('of one that broke the request has the moment of the request: only a newer build loads it anew', async () => {
    const rig = await startPagesRig();
    rig.clock.time = 4_000;
    await rig.startApp((incoming) => incoming.socket.destroy());
    const answer = await visit(rig);
    expect([answer.status, scriptOf(answer).at]).toEqual([502, 4_000]);
  });

  it.each<[string, Sent]>([
    ['a form', { method: 'POST', body: 'a=1' }],
    ['another host', { headers: { host: 'evil.test' } }],
  ])('for %s has none', async (_what, sent) => {
    const rig = await startPagesRig();
    const answer = visit(rig, sent);
    await waitUntil('a held request', () => rig.clock.held === 1);
    rig.clock.expire();
    expect((await answer).status).toBe(503);
    expect((await answer).body.toString()).not.toContain('<script');
  });
});
