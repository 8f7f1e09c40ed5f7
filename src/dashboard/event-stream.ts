import type { ServerResponse } from 'node:http';
import type { StreamEvents } from './data.js';

/** A page that lets so many bytes wait does not read any more. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** One page's stream of server-sent events. */
export class EventStream {
  /** The period (days) that the page shows. */
  readonly days: number;
  /** Generation of the figures that it got last. */
  known: number | null = null;
  /** The last problem that it was told; null when it was told none since the last figures. */
  problem: string | null = null;
  /** It has been asked for, and the answer is on its way. */
  isAsking = false;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse, days: number) {
    this.days = days;
    this.#response = response;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  }

  send<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): void {
    this.sendJson(name, JSON.stringify(data));
  }

  /** Sends what is JSON already, and therefore one line. */
  sendJson(name: keyof StreamEvents, json: string): void {
    if (this.#response.writableLength > MAX_WAITING_BYTES) this.#response.destroy();
    else this.#response.write(`event: ${name}\ndata: ${json}\n\n`);
  }

  /** Finds out whether somebody is still there. */
  ping(): void {
    this.#response.write(':\n\n');
  }

  end(): void {
    this.#response.end();
  }
}
