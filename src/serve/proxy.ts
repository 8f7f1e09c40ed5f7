import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../core/clock.js';
import { MAX_HEADER_BYTES, sendOn } from './proxy-exchange.js';
import { hasBody } from './proxy-headers.js';
import { tunnel } from './proxy-tunnel.js';
import { type Address, Upstream } from './proxy-upstream.js';
import { noAnswer, notUp, type StandIn, standInPage } from './waiting-page.js';

export interface ProxyOptions {
  readonly clock: Clock;
  /** Where browsers come: the site's own address. */
  readonly listen: Address;
  /** Where the app listens; it may be down at any time. */
  readonly app: Address;
  /** How long (ms) a request waits for the app before a page is answered that reloads itself. */
  readonly holdMs: () => number;
}

/** Methods that may be sent a second time when the server died before it answered. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A development server may think about a request, and a browser keep a connection, for as long as they like. */
const PATIENT = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };

/**
 * Stands on the site's port in front of the app, so that a browser never meets a closed one: while the server restarts,
 * requests wait for the new one. Bodies are passed on as they come, in both directions; so are WebSockets.
 */
export class DevProxy {
  readonly #options: ProxyOptions;
  readonly #app: Upstream;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#app = new Upstream(options.app, options.clock);
    const pass = (incoming: IncomingMessage, response: ServerResponse) => void this.#pass(incoming, response);
    this.#server = createServer({ ...PATIENT, maxHeaderSize: MAX_HEADER_BYTES }, pass);
    this.#server.maxHeadersCount = 0;
    // What the request expects is for the app to decide.
    this.#server.on('checkContinue', pass);
    this.#server.on('checkExpectation', pass);
    this.#server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
      void tunnel(this.#app, incoming, socket, head, options.holdMs());
    });
    this.#server.on('connection', (socket: Socket) => {
      // One listener for each request of a pipeline.
      socket.setMaxListeners(0);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Begins to listen. Rejects with Node's error, such as EADDRINUSE when the port was taken since it was chosen. */
  listen(): Promise<void> {
    const { host, port } = this.#options.listen;
    return new Promise((resolve, reject) => {
      // Stays: a later error, such as too many open files, must not end the process.
      this.#server.on('error', reject);
      this.#server.listen(port, host, resolve);
    });
  }

  /** Stops listening and ends every connection, to browsers and to the app. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { listen, holdMs } = this.#options;
    const gone = clientGone(incoming, response);
    const exchange = { incoming, response, gone, defaultHost: `localhost:${listen.port}` };
    // Not more often: a request that ends the server must not end each new one.
    let sendsLeft = REPEATABLE.has(incoming.method ?? '') && !hasBody(incoming) ? 2 : 1;
    for (; sendsLeft > 0; sendsLeft -= 1) {
      // Not a byte of the body is read before there is someone to give it to.
      const connection = await this.#app.connect(gone, holdMs());
      if (gone.aborted) {
        connection?.destroy();
        return;
      }
      if (!connection) return standIn(incoming, response, notUp(incoming.method ?? ''));
      if ((await sendOn(exchange, connection)) === 'answered' || gone.aborted) return;
      if (sendsLeft > 1) await this.#app.settled(gone);
    }
    standIn(incoming, response, noAnswer(incoming.method ?? ''));
  }
}

/** Fires when the browser has left, or has its answer. */
function clientGone({ socket }: IncomingMessage, response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const leave = (): void => {
    socket.off('close', leave);
    gone.abort();
  };
  // An answer that still waits for an earlier one of its pipeline does not hear of the socket's end.
  socket.once('close', leave);
  response.once('close', leave);
  return gone.signal;
}

function standIn(incoming: IncomingMessage, response: ServerResponse, page: StandIn): void {
  const asPage = incoming.headers.accept?.includes('text/html') ?? false;
  const body = asPage ? standInPage(page) : `${page.title}. ${page.text}\n`;
  response.writeHead(page.status, {
    'content-type': asPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(page.status === 503 && { 'retry-after': '1' }),
  });
  response.end(body);
}
