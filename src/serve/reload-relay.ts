import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

export interface RelayOptions {
  readonly host: string;
  readonly port: number;
  /** The stylesheet as the page's link names it, e.g. `pkg/app.css`. */
  readonly stylesheet: string;
}

/**
 * Leptos's live reload, told by us: the page opens its socket here (`LEPTOS_RELOAD_EXTERNAL_PORT`) and gets the messages
 * of cargo-leptos's own protocol (service/reload.rs). cargo-leptos itself looks for the new server every 500 ms only, and
 * with Tailwind alone it names no stylesheet.
 */
export class ReloadRelay {
  readonly #options: RelayOptions;
  #server: WebSocketServer | null = null;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Begins to listen. Rejects when the port was taken since it was chosen. */
  listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const server = new WebSocketServer(
        { host, port, path: '/live_reload', verifyClient: (info: { req: IncomingMessage }) => isOwnPage(info.req) },
        resolve,
      );
      server.once('error', reject);
      server.on('connection', (socket) => socket.on('error', () => socket.terminate()));
      this.#server = server;
    });
  }

  /** Tells every open tab to load the page anew. */
  reload(): void {
    this.#send({ css: null, view: null, all: true });
  }

  /** Tells every open tab to load the stylesheet anew. */
  swapStylesheet(): void {
    this.#send({ css: this.#options.stylesheet, view: null, all: false });
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    for (const client of server.clients) client.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #send(message: { css: string | null; view: null; all: boolean }): void {
    const text = JSON.stringify(message);
    for (const client of this.#server?.clients ?? []) if (client.readyState === OPEN) client.send(text);
  }
}

const OPEN: WebSocket['OPEN'] = 1;

/** Only a page from the host that the socket was opened to may listen in, on whatever port. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined || host === undefined) return origin === undefined;
  try {
    return new URL(origin).hostname === new URL(`http://${host}`).hostname;
  } catch {
    return false;
  }
}
