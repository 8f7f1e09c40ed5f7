/** How long (ms) one request may take; a proxy may hold it while a server boots. */
const REQUEST_MS = 60_000;

/** The app over HTTP. */
export class Site {
  readonly url: string;

  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}/`;
  }

  /** Asks for a page or file, relative to the root; null when nothing answers. */
  async get(path: string, signal: AbortSignal): Promise<{ readonly status: number; readonly body: Buffer } | null> {
    try {
      const response = await fetch(new URL(path, this.url), {
        // A connection that is kept would outlive the server that it leads to.
        headers: { connection: 'close', accept: 'text/html,*/*' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
      });
      return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
    } catch {
      return null;
    }
  }
}
