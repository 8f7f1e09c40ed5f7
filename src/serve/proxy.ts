import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../core/clock.js';
import { hasOwnHost, isOwnPath, pathOf } from './own-address.js';
import { answerOwn, type OwnRoute } from './own-routes.js';
import type { PageChannel } from './page-channel.js';
import { editsFor, NO_EDITS } from './page-edits.js';
import { isForDocument, type PageScriptOptions, scriptTag } from './page-script.js';
import { MAX_HEADER_BYTES, sendOn } from './proxy-exchange.js';
import { hasBody } from './proxy-headers.js';
import { tunnel } from './proxy-tunnel.js';
import { type Address, Upstream } from './proxy-upstream.js';
import { standIn } from './stand-in.js';
import { noAnswer, notUp } from './waiting-page.js';
import { answerWithoutWasm, isOfWasm, type WasmHold } from './wasm-hold.js';

export interface ProxyOptions {
  readonly clock: Clock;
  /** Where browsers come: the site's own address. */
  readonly listen: Address;
  /** Where the app listens; it may be down at any time. */
  readonly app: Address;
  /** How long (ms) a request waits for the app before a page is answered that reloads itself. */
  readonly holdMs: () => number;
  /** Called for each request that is for the app. */
  readonly onRequest?: () => void;
  /** What pages get from us; without it, everything passes as it is. */
  readonly pages?: PageSupport;
}

/** The script in every page, and what it talks to. */
export interface PageSupport extends PageScriptOptions {
  /** The folder of the wasm as in URLs, e.g. `/pkg/`. */
  readonly pkgPath: () => string;
  /** Says when the wasm may be given out. */
  readonly wasm: WasmHold;
  /** Gets the sockets of the pages. */
  readonly channel: PageChannel;
  /** What is answered below OWN_PATH, in the order in which it is asked. */
  readonly routes: readonly OwnRoute[];
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
  /** The one that listens, and those before it whose requests are not done. */
  readonly #servers = new Set<Server>();
  readonly #sockets = new Set<Socket>();
  #address: Address;
  #server: Server | null = null;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#address = options.listen;
    this.#app = new Upstream(options.app, options.clock);
  }

  /** Begins to listen. Rejects with Node's error, such as EADDRINUSE when the port was taken since it was chosen. */
  async listen(): Promise<void> {
    this.#server = await this.#open(this.#address);
  }

  /**
   * Listens on another address from now on; what was asked on the old one is still answered. Rejects as `listen` does,
   * and then stays where it was. Not to be called again before it has settled.
   */
  async listenOn(address: Address): Promise<void> {
    const [old, before] = [this.#server, this.#address];
    if (old && address.host === before.host && address.port === before.port) return;
    // All addresses and one of them exclude each other on the same port: there the old one has to go first.
    const goesFirst = address.port === before.port;
    if (goesFirst) old?.close();
    try {
      this.#server = await this.#open(address);
      this.#address = address;
    } catch (error) {
      if (old && goesFirst) this.#server = await this.#open(before);
      throw error;
    }
    if (!goesFirst) old?.close();
  }

  /** From now on the app listens there. Requests that wait for it wait there. */
  moveApp(address: Address): void {
    this.#app.moveTo(address);
  }

  /** Stops listening and ends every connection, to browsers and to the app. `listenOn` begins anew. */
  async close(): Promise<void> {
    this.#server = null;
    const closed = [...this.#servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #open({ host, port }: Address): Promise<Server> {
    const server = this.#makeServer();
    return new Promise((resolve, reject) => {
      // Stays: a later error, such as too many open files, must not end the process.
      server.on('error', reject);
      server.listen(port, host, () => {
        this.#servers.add(server);
        server.once('close', () => this.#servers.delete(server));
        resolve(server);
      });
    });
  }

  #makeServer(): Server {
    const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
      response.once('close', () => {
        if (!server.listening) server.closeIdleConnections();
      });
      this.#answer(incoming, response);
    };
    const server = createServer({ ...PATIENT, maxHeaderSize: MAX_HEADER_BYTES }, pass);
    server.maxHeadersCount = 0;
    // What the request expects is for the app to decide.
    server.on('checkContinue', pass);
    server.on('checkExpectation', pass);
    server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
      const { pages, holdMs } = this.#options;
      if (pages && isOwnPath(pathOf(incoming.url))) pages.channel.accept(incoming, socket, head);
      else void tunnel(this.#app, incoming, socket, head, holdMs());
    });
    server.on('connection', (socket: Socket) => {
      // One listener for each request of a pipeline.
      socket.setMaxListeners(0);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return server;
  }

  #answer(incoming: IncomingMessage, response: ServerResponse): void {
    const { pages } = this.#options;
    if (pages && isOwnPath(pathOf(incoming.url))) answerOwn(pages.routes, pages.hosts, incoming, response);
    else void this.#pass(incoming, response);
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { holdMs, pages } = this.#options;
    this.#options.onRequest?.();
    const gone = clientGone(incoming, response);
    if (pages && isOfWasm(pathOf(incoming.url), pages.pkgPath())) {
      const admission = await pages.wasm.admit(gone);
      if (gone.aborted) return;
      if (admission === 'refuse') return answerWithoutWasm(incoming, response);
    }
    const exchange = {
      incoming,
      response,
      gone,
      defaultHost: `localhost:${this.#address.port}`,
      edits: pages ? editsFor(incoming, pages.pkgPath(), pages) : NO_EDITS,
    };
    let askedAt = 0;
    // Not more often: a request that ends the server must not end each new one.
    let sendsLeft = REPEATABLE.has(incoming.method ?? '') && !hasBody(incoming) ? 2 : 1;
    for (; sendsLeft > 0; sendsLeft -= 1) {
      // Not a byte of the body is read before there is someone to give it to.
      const connection = await this.#app.connect(gone, holdMs());
      if (gone.aborted) {
        connection?.socket.destroy();
        return;
      }
      if (!connection)
        return standIn(incoming, response, notUp(incoming.method ?? ''), this.#standInScript(incoming, 0));
      askedAt = connection.at;
      if ((await sendOn(exchange, connection)) === 'answered' || gone.aborted) return;
      if (sendsLeft > 1) await this.#app.settled(gone);
    }
    // Only a newer build may load this page anew: the same one would fail at the request again.
    standIn(incoming, response, noAnswer(incoming.method ?? ''), this.#standInScript(incoming, askedAt));
  }

  /** The script for a page in place of the app's; null where it would not work, or must not load the page anew. */
  #standInScript(incoming: IncomingMessage, at: number): string | null {
    const { pages } = this.#options;
    if (!pages || incoming.method !== 'GET' || !isForDocument(incoming) || !hasOwnHost(incoming, pages.hosts))
      return null;
    return scriptTag(pages.token, at, null);
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
