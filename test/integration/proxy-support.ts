import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  request,
  type Server,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.js';
import type { OwnRoute } from '../../src/serve/own-routes.js';
import { type Page, PageChannel } from '../../src/serve/page-channel.js';
import type { PageMessage, ServerMessage } from '../../src/serve/page-protocol.js';
import type { PageWithoutScript } from '../../src/serve/page-script.js';
import { DevProxy, type PageSupport } from '../../src/serve/proxy.js';
import { WasmHold } from '../../src/serve/wasm-hold.js';
import { freePort } from '../support/free-port.js';
import { waitUntil } from '../support/wait-until.js';

export const HOST = '127.0.0.1';
/** Recognises the timers of held requests; they run only when the test says so. */
const HOLD_MS = 123_456;

/** The real clock, but the limit of a held request passes when the test says so. */
export class HoldClock implements Clock {
  readonly #holds = new Set<() => void>();
  #others = 0;

  /** What time it is, where the test wants to say so. */
  time: number | null = null;

  now(): number {
    return this.time ?? systemClock.now();
  }

  after(ms: number, run: () => void): () => void {
    if (ms === HOLD_MS) {
      this.#holds.add(run);
      return () => this.#holds.delete(run);
    }
    this.#others += 1;
    let isOpen = true;
    const close = (): void => {
      if (isOpen) this.#others -= 1;
      isOpen = false;
    };
    const cancel = systemClock.after(ms, () => {
      close();
      run();
    });
    return () => {
      close();
      cancel();
    };
  }

  /** How many requests wait for the app. */
  get held(): number {
    return this.#holds.size;
  }

  /** Timers that have neither run nor been cancelled. */
  get pending(): number {
    return this.#others + this.#holds.size;
  }

  /** The held requests have waited long enough. */
  expire(): void {
    for (const run of [...this.#holds]) {
      this.#holds.delete(run);
      run();
    }
  }
}

/** An app under the test's control. */
export class App {
  readonly server: Server;
  /** What came, as `METHOD url`. */
  readonly requests: string[] = [];
  readonly sockets = new Set<Socket>();
  /** Connections so far. */
  connections = 0;

  constructor(handle: RequestListener) {
    this.server = createServer({ maxHeaderSize: 1024 * 1024 }, (incoming, response) => {
      this.requests.push(`${incoming.method} ${incoming.url}`);
      handle(incoming, response);
    });
    this.server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  async listen(port: number): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, HOST, resolve);
    });
    return this;
  }

  /** Ends as a killed process does: the port is closed and every connection breaks. */
  async kill(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }

  /** The request number `count` has come. */
  async took(count: number): Promise<void> {
    await waitUntil(
      `request number ${count}`,
      () => this.requests.length >= count,
      () => this.requests.join('\n'),
    );
  }
}

/** A proxy and the place of its app, which is down at first. */
export interface Rig {
  readonly proxy: DevProxy;
  readonly port: number;
  readonly appPort: number;
  readonly clock: HoldClock;
  /** Starts an app; it is gone after the test. */
  readonly startApp: (handle: RequestListener) => Promise<App>;
}

/** A rig with what pages get from us, and what came of it. */
export interface PagesRig extends Rig {
  readonly wasm: WasmHold;
  readonly channel: PageChannel;
  readonly withoutScript: PageWithoutScript[];
  readonly messages: { readonly message: PageMessage; readonly page: Page }[];
}

export const TOKEN = 'a token&"';
export const HELLO: ServerMessage = {
  type: 'hello',
  since: { content: 1, style: 2, assets: 3 },
  status: { kind: 'idle' },
  canOpen: false,
};

/** A proxy that puts the script into pages. `site.test` is a name of the site. */
export async function startPagesRig(routes: readonly OwnRoute[] = []): Promise<PagesRig> {
  const clock = new HoldClock();
  const hosts = ['site.test'];
  const [withoutScript, messages]: [PagesRig['withoutScript'], PagesRig['messages']] = [[], []];
  const wasm = new WasmHold();
  const channel = new PageChannel({
    clock,
    token: TOKEN,
    hosts,
    hello: () => HELLO,
    onMessage: (message, page) => messages.push({ message, page }),
  });
  const onPageWithoutScript = (page: PageWithoutScript): void => void withoutScript.push(page);
  const pages = { token: TOKEN, hosts, onPageWithoutScript, pkgPath: () => '/pkg/', wasm, channel, routes };
  return { ...(await startRig(clock, pages)), wasm, channel, withoutScript, messages };
}

/** A proxy that is gone after the test. */
export async function startRig(clock = new HoldClock(), pages?: PageSupport): Promise<Rig> {
  const [port, appPort] = [await freePort(), await freePort()];
  const proxy = new DevProxy({
    clock,
    listen: { host: HOST, port },
    app: { host: HOST, port: appPort },
    holdMs: () => HOLD_MS,
    ...(pages && { pages }),
  });
  onTestFinished(() => proxy.close());
  await proxy.listen();
  const startApp = async (handle: RequestListener): Promise<App> => {
    const app = new App(handle);
    onTestFinished(() => app.kill());
    return app.listen(appPort);
  };
  return { proxy, port, appPort, clock, startApp };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly trailers: IncomingMessage['trailers'];
  readonly body: Buffer;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
  readonly signal?: AbortSignal;
}

/** Sends one request on a connection of its own. Rejects when the answer is not whole. */
export function send(port: number, { body, ...options }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: HOST, port, agent: false, ...options });
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => resolve(readAnswer(answer)));
    outgoing.end(body);
  });
}

async function readAnswer(answer: IncomingMessage): Promise<Answer> {
  const body = await readAll(answer);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    rawHeaders: answer.rawHeaders,
    trailers: answer.trailers,
    body,
  };
}

/** The whole body. Rejects when it is broken off. */
export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A connection whose bytes the test writes and reads itself. */
export class Wire {
  readonly socket: Socket;
  /** All that came, as latin1: one character a byte. */
  received = '';
  hasEnded = false;
  /** How the connection ended. */
  readonly closed: Promise<'in order' | 'broken'>;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      this.received += chunk;
    });
    socket.once('end', () => {
      this.hasEnded = true;
    });
    this.closed = new Promise((resolve) => {
      socket.on('error', () => undefined);
      socket.once('close', (broken) => resolve(broken ? 'broken' : 'in order'));
    });
    onTestFinished(() => {
      socket.destroy();
    });
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Resolves when what came holds `text`, `times` times. */
  async until(text: string, times = 1): Promise<void> {
    await waitUntil(
      JSON.stringify(text),
      () => this.received.split(text).length > times,
      () => this.received,
    );
  }
}

/** Opens a connection and reads what comes. */
export function wire(port: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port, allowHalfOpen: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(new Wire(socket));
    });
  });
}
