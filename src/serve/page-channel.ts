import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../core/clock.js';
import { hasOwnHost, hasOwnOrigin, pathOf, queryOf } from './own-address.js';
import { parsePageMessage } from './page-messages.js';
import { OTHER_RUN, type PageMessage, type ServerMessage, SOCKET_PATH } from './page-protocol.js';

/** How often (ms) pages are asked whether they are still there. */
export const PING_EVERY_MS = 15_000;
/** So many questions in a row without an answer, and the page is gone. */
const UNANSWERED_PINGS = 2;
/** No message of a page is longer, in bytes. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** A page that lets so many bytes wait does not read any more. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export interface PageChannelOptions {
  readonly clock: Clock;
  /** Of this run; the script's address carries it. */
  readonly token: string;
  /** Names of the site besides localhost and literal addresses, in lower case. */
  readonly hosts: readonly string[];
  /** What a page hears first. */
  readonly hello: () => ServerMessage;
  readonly onMessage: (message: PageMessage, page: Page) => void;
}

/** An open page that has said hello. */
export interface Page {
  /** When its HTML was asked for, in ms since the epoch; 0 for a page in place of the app's. */
  readonly at: number;
  readonly path: string;
  readonly send: (message: ServerMessage) => void;
}

/** A connection; its page is known as soon as it has said hello. */
interface Line {
  readonly socket: WebSocket;
  page: Page | null;
  unanswered: number;
}

/** The sockets of all open pages. They come in on the proxy's own port. */
export class PageChannel {
  readonly #options: PageChannelOptions;
  readonly #lines = new Set<Line>();
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  #cancelPing: (() => void) | null = null;

  constructor(options: PageChannelOptions) {
    this.#options = options;
  }

  /** The pages that are open now. */
  get pages(): readonly Page[] {
    return [...this.#lines].map(({ page }) => page).filter((page) => page !== null);
  }

  /** Takes over an upgrade below OWN_PATH. Only a page of the very host that it asks gets a socket. */
  accept(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const mayListen = hasOwnHost(request, this.#options.hosts) && hasOwnOrigin(request);
    if (!mayListen || pathOf(request.url) !== SOCKET_PATH) {
      refuse(socket, mayListen ? 404 : 403);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => opened.terminate());
      if (isSame(queryOf(request.url).get('token') ?? '', this.#options.token)) this.#open(opened);
      else opened.close(OTHER_RUN);
    });
  }

  /** Says something to every page, also to those that have not said hello yet. */
  broadcast(message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const { socket } of this.#lines) send(socket, text);
  }

  /** Ends every connection. */
  close(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  #open(socket: WebSocket): void {
    const line: Line = { socket, page: null, unanswered: 0 };
    this.#lines.add(line);
    socket.once('close', () => this.#forget(line));
    socket.on('pong', () => {
      line.unanswered = 0;
    });
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const message = isBinary ? null : parsePageMessage(data.toString());
      if (message) this.#take(line, message);
    });
    send(socket, JSON.stringify(this.#options.hello()));
    if (!this.#cancelPing) this.#pingLater();
  }

  #take(line: Line, message: PageMessage): void {
    if (message.type === 'hello') {
      const { at, path } = message;
      line.page = { at, path, send: (answer) => send(line.socket, JSON.stringify(answer)) };
    }
    if (line.page) this.#options.onMessage(message, line.page);
  }

  #forget(line: Line): void {
    this.#lines.delete(line);
    if (this.#lines.size > 0) return;
    this.#cancelPing?.();
    this.#cancelPing = null;
  }

  #pingLater(): void {
    this.#cancelPing = this.#options.clock.after(PING_EVERY_MS, () => {
      for (const line of this.#lines) {
        if (line.unanswered >= UNANSWERED_PINGS) {
          line.socket.terminate();
          continue;
        }
        line.unanswered += 1;
        line.socket.ping();
      }
      this.#pingLater();
    });
  }
}

function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate();
  else socket.send(text);
}

function refuse(socket: Socket, status: number): void {
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}

/** Takes the same time whatever differs. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
