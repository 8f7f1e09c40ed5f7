import { get } from 'node:http';

const EVERY_MS = 50;
/** A browser would still wait, a person would not. */
const GIVE_UP_MS = 30_000;

/** How requests ended that were sent all the time. */
export interface RequestCount {
  readonly sent: number;
  /** No connection, or one that broke. */
  readonly refused: number;
  /** Answers other than 2xx. */
  readonly notOk: number;
  /** The longest that an answer took, in ms. */
  readonly longestMs: number;
}

/** Asks for the first page every 50 ms, each time over a new connection, as visitors who come meanwhile. */
export class Requests {
  readonly #url: string;
  readonly #open = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #count = { sent: 0, refused: 0, notOk: 0, longestMs: 0 };

  constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => this.#send(), EVERY_MS);
  }

  /** Sends no more; resolves when the last one has ended. */
  async stop(): Promise<RequestCount> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    return this.#count;
  }

  #send(): void {
    const from = performance.now();
    this.#count.sent += 1;
    const done = this.#outcome().then((outcome) => {
      if (outcome !== 'ok') this.#count[outcome] += 1;
      this.#count.longestMs = Math.max(this.#count.longestMs, Math.round(performance.now() - from));
      this.#open.delete(done);
    });
    this.#open.add(done);
  }

  #outcome(): Promise<'ok' | 'refused' | 'notOk'> {
    return new Promise((resolve) => {
      const options = { agent: false, headers: { accept: 'text/html' }, timeout: GIVE_UP_MS };
      const request = get(this.#url, options, (answer) => {
        const isOk = answer.statusCode !== undefined && answer.statusCode >= 200 && answer.statusCode < 300;
        answer.once('end', () => resolve(isOk ? 'ok' : 'notOk'));
        answer.once('close', () => resolve('refused'));
        answer.resume();
      });
      request.once('timeout', () => request.destroy());
      request.once('error', () => resolve('refused'));
    });
  }
}
