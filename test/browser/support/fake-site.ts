import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  CLIENT_PATH,
  OTHER_RUN,
  OWN_PATH,
  type PageMessage,
  type PageStatus,
  type ServerMessage,
  type Since,
  SOCKET_PATH,
} from '../../../src/serve/page-protocol.js';
import { DIST } from '../../support/dist.js';
import { waitUntil } from '../../support/wait-until.js';

/** Answers a request; for a page, `script` is the tag that the proxy would add. */
export type Answer = (request: IncomingMessage, response: ServerResponse, script: string) => void;

/** A site as the dev proxy shows it, where the test says what comes when. */
export class FakeSite {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<Socket>();
  readonly #answers = new Map<string, Answer>();
  /** What pages said, over all connections. */
  readonly said: PageMessage[] = [];
  /** Paths with queries in the order of the requests. */
  readonly asked: string[] = [];
  /** Connections of pages, over all. */
  greeted = 0;
  since: Since = { content: 0, style: 0, assets: 0 };
  status: PageStatus = { kind: 'idle' };
  canOpen = true;
  token = 'run-1';
  /** What the next page is stamped with: later than every `since` so far, as a clock would. */
  now = 1_000;
  port = 0;

  constructor() {
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (page) => this.#connected(request, page));
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
  }

  /** Open sockets. */
  get connected(): number {
    return this.#sockets.clients.size;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens on a free port, or again on its own. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection and listens no more. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#connections) socket.destroy();
    await closed;
  }

  serve(path: string, answer: Answer): void {
    this.#answers.set(path, answer);
  }

  /** An HTML page: `head` and `body` are HTML, read at each request. */
  page(path: string, content: () => { head?: string; body?: string }, headers: Record<string, string> = {}): void {
    this.serve(path, (_, response, script) => {
      const { head = '', body = '' } = content();
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers });
      response.end(`<!doctype html><html><head>${script}${head}</head><body>${body}</body></html>`);
    });
  }

  file(path: string, type: string, content: () => string | Buffer, headers: Record<string, string> = {}): void {
    this.serve(path, (_, response) => {
      response.writeHead(200, { 'content-type': type, ...headers });
      response.end(content());
    });
  }

  send(message: ServerMessage): void {
    for (const page of this.#sockets.clients) page.send(JSON.stringify(message));
  }

  /** New content, with patches that show all of it or without. Returns its time. */
  sendReload(batch: number, patches: readonly string[] | null = null): number {
    this.now += 10;
    const since = this.now;
    this.since = { ...this.since, content: since };
    this.now += 10;
    this.send({ type: 'reload', since, batch, patches });
    return since;
  }

  sendStatus(status: PageStatus): void {
    this.status = status;
    this.send({ type: 'status', status });
  }

  /** Breaks the sockets without a word, as a killed process or a laptop that slept. */
  breakSockets(): void {
    for (const page of this.#sockets.clients) page.terminate();
  }

  /** Until every page has got what was sent so far. */
  async roundTrip(): Promise<void> {
    const pages = [...this.#sockets.clients];
    const pongs = pages.map((page) => new Promise((resolve) => page.once('pong', resolve).once('close', resolve)));
    for (const page of pages) page.ping();
    await Promise.all(pongs);
  }

  /** How often a page was asked for. */
  loads(path: string): number {
    return this.asked.filter((asked) => asked === path).length;
  }

  /** The messages of one type. */
  saidOf<Type extends PageMessage['type']>(type: Type): Extract<PageMessage, { type: Type }>[] {
    return this.said.filter((message): message is Extract<PageMessage, { type: Type }> => message.type === type);
  }

  async waitForSaid(what: string, check: (message: PageMessage) => boolean): Promise<PageMessage> {
    return waitUntil(
      what,
      () => this.said.find(check),
      () => JSON.stringify(this.said),
    );
  }

  /** Until so many connections were greeted. */
  async waitForPages(count: number): Promise<void> {
    await waitUntil(`greeting ${count}`, () => this.greeted >= count);
  }

  #connected(request: IncomingMessage, page: WebSocket): void {
    const token = new URL(request.url ?? '', this.url).searchParams.get('token');
    if (token !== this.token) {
      page.close(OTHER_RUN);
      return;
    }
    page.on('message', (data) => {
      const message = JSON.parse(String(data)) as PageMessage;
      this.said.push(message);
      if (message.type === 'hello') this.greeted += 1;
    });
    const { since, status, canOpen } = this;
    page.send(JSON.stringify({ type: 'hello', since, status, canOpen } satisfies ServerMessage));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    if (url.pathname.startsWith(OWN_PATH)) {
      await sendClientFile(url.pathname, response);
      return;
    }
    this.asked.push(url.pathname + url.search);
    const answer = this.#answers.get(url.pathname);
    if (answer) answer(request, response, this.script(this.now));
    else response.writeHead(404).end();
  }

  /** The tag that the proxy adds to a page that was asked for at that time. */
  script(at: number, attributes = ''): string {
    return `<script async type="module"${attributes} src="${CLIENT_PATH}?at=${at}&token=${this.token}"></script>`;
  }
}

/** A site that listens until the test ends. */
export async function startSite(): Promise<FakeSite> {
  const site = new FakeSite();
  await site.listen();
  onTestFinished(() => site.close());
  return site;
}

async function sendClientFile(path: string, response: ServerResponse): Promise<void> {
  const text = await readFile(join(DIST, path.slice(OWN_PATH.length)), 'utf8').catch(() => null);
  if (text === null || path === SOCKET_PATH) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' }).end(text);
}
