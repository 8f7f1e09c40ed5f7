import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../core/clock.js';
import { reachableHost, waitForPort } from './wait-for-port.js';
import { waitingPage } from './waiting-page.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ProxyOptions {
  readonly clock: Clock;
  /** Where browsers come: the site's own address. */
  readonly listen: Address;
  /** Where the app listens; it may be down at any time. */
  readonly app: Address;
  /** How long (ms) a request waits for the app before a page is answered that reloads itself. */
  readonly holdMs: () => number;
}

/** Headers that belong to one connection and not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Methods that may be sent a second time when the server died before it answered. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Stands on the site's port in front of the app, so that a browser never meets a closed one: while the server restarts,
 * requests wait for the new one. Bodies are passed on as they come, in both directions; so are WebSockets.
 */
export class DevProxy {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: ProxyOptions) {
    this.#options = options;
    // A development server may think about a request for as long as it likes.
    this.#server = createServer({ requestTimeout: 0 }, (incoming, response) => void this.#pass(incoming, response));
    this.#server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
      void this.#tunnel(incoming, socket, head);
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Begins to listen. Rejects when the port was taken since it was chosen. */
  listen(): Promise<void> {
    const { host, port } = this.#options.listen;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const giveUp = this.#options.clock.after(this.#options.holdMs(), () => gone.abort());
    let answered = false;
    while (!answered && (await this.#appListens(gone.signal))) answered = await this.#forward(incoming, response);
    giveUp();
    if (!answered && !response.closed && !response.headersSent) answerWaiting(incoming, response);
  }

  #appListens(signal: AbortSignal): Promise<boolean> {
    const { app, clock } = this.#options;
    return waitForPort(app.host, app.port, clock, signal);
  }

  /** Sends the request to the app; false when it may and should be sent again. */
  #forward(incoming: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { app } = this.#options;
    return new Promise((resolve) => {
      const outgoing = request({
        host: reachableHost(app.host),
        port: app.port,
        method: incoming.method,
        path: incoming.url,
        headers: endToEnd(incoming.headers),
        agent: false,
      });
      let connected = false;
      outgoing.once('socket', (socket) => {
        // Not a byte of the body is taken before there is someone to give it to.
        socket.once('connect', () => {
          connected = true;
          incoming.pipe(outgoing);
        });
      });
      outgoing.once('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers));
        response.flushHeaders();
        answer.pipe(response);
        answer.once('error', () => response.destroy());
        resolve(true);
      });
      outgoing.once('error', () => {
        if (response.headersSent) response.destroy();
        const repeatable = !connected || (REPEATABLE.has(incoming.method ?? '') && !hasBody(incoming));
        if (!repeatable && !response.headersSent) answerWaiting(incoming, response);
        resolve(!repeatable);
      });
      response.once('close', () => outgoing.destroy());
    });
  }

  /** WebSocket and other upgrades: the bytes of both sides, untouched. */
  async #tunnel(incoming: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    if (!(await this.#appListens(gone.signal))) return;
    const { app } = this.#options;
    const upstream = connect({ host: reachableHost(app.host), port: app.port });
    upstream.on('error', () => socket.destroy());
    upstream.once('close', () => socket.destroy());
    socket.once('close', () => upstream.destroy());
    upstream.write(requestHead(incoming));
    if (head.length > 0) upstream.write(head);
    upstream.pipe(socket);
    socket.pipe(upstream);
  }
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function requestHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function answerWaiting(incoming: IncomingMessage, response: ServerResponse): void {
  const wantsPage = incoming.headers.accept?.includes('text/html') ?? false;
  response.writeHead(503, {
    'content-type': wantsPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '1',
  });
  response.end(wantsPage ? waitingPage() : 'The app is not up: it is being built or started.\n');
}
