/** How long one request may take, in ms; a proxy may hold it while a server boots. */
const REQUEST_MS = 20_000;

/** An answer as a person meets it. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The app over HTTP. */
export class Site {
  readonly url: string;

  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}/`;
  }

  /** Asks for a page or file; null when there is no answer. */
  async get(path = ''): Promise<Answer | null> {
    try {
      const response = await fetch(new URL(path, this.url), {
        // A connection that is kept would outlive the server it leads to.
        headers: { connection: 'close', accept: 'text/html,*/*' },
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  }

  /** The text on the page that the server rendered; null when there is none. */
  async serverText(): Promise<string | null> {
    const answer = await this.get();
    return /id="probe-server"[^>]*>([^<]*)</.exec(answer?.text ?? '')?.[1] ?? null;
  }
}
