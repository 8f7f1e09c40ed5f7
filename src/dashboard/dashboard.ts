import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.js';
import { hasOwnOrigin, pathOf, queryOf } from '../serve/own-address.js';
import { answer, answerText, type OwnRoute } from '../serve/own-routes.js';
import { OWN_PATH } from '../serve/page-protocol.js';
import {
  DASHBOARD_PATH,
  DEFAULT_DAYS,
  FIGURES_PATH,
  GRAPH_PATH,
  type Hello,
  STREAM_PATH,
  type StreamEvents,
} from './data.js';
import { EventStream } from './event-stream.js';
import { type FiguresSource, PARTIAL } from './figures-source.js';
import type { GraphSource } from './graph-source.js';
import type { LiveFeed } from './live-feed.js';
import { CONTENT_POLICY, PAGE_HTML, type PageFile } from './page-files.js';

/** How often (ms) the history is looked at while a page is open. */
const FOLLOW_MS = 500;
/** After so many looks without news a page is asked whether it is still there. */
const PING_AFTER = 30;
const MAX_DAYS = 3_650;

export interface DashboardOptions {
  readonly clock: Clock;
  readonly hello: Hello;
  readonly figures: FiguresSource;
  readonly graph: GraphSource;
  readonly files: ReadonlyMap<string, PageFile>;
  /** What `dev` does right now; absent where none runs in this process. */
  readonly live?: LiveFeed;
}

/** The dashboard's page and what it asks for. Everything can only be read. */
export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #streams = new Set<EventStream>();
  readonly #offLive: () => void;
  #cancelLook: (() => void) | null = null;
  #looks = 0;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#offLive = options.live?.onChange((status) => this.#tellAll('live', status)) ?? (() => undefined);
  }

  /** Answers what is the dashboard's; to be asked after the Host was checked. */
  readonly route: OwnRoute = (request, response) => {
    const path = pathOf(request.url);
    const file = path === DASHBOARD_PATH ? PAGE_HTML : this.#options.files.get(path);
    if (!file && ![OWN_PATH, FIGURES_PATH, STREAM_PATH, GRAPH_PATH].some((own) => path === own)) return false;
    if (request.headers.origin !== undefined && !hasOwnOrigin(request)) {
      answerText(response, 403, 'Only the dashboard itself may ask for this.');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      answerText(response.setHeader('allow', 'GET, HEAD'), 405, 'This can only be read.');
    } else if (path === OWN_PATH) {
      answerText(response.setHeader('location', DASHBOARD_PATH), 308, 'The dashboard is one slash further.');
    } else if (file) {
      this.#answerFile(file, response);
    } else if (path === GRAPH_PATH) {
      void this.#answerGraph(response);
    } else {
      this.#answerFigures(path, request, response);
    }
    return true;
  };

  /** Says goodbye to open pages and lets go of everything. */
  async close(): Promise<void> {
    this.#offLive();
    this.#cancelLook?.();
    this.#tellAll('ended', {});
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
    await Promise.all([this.#options.figures.close(), this.#options.graph.close()]);
  }

  #answerFile({ type, body }: PageFile, response: ServerResponse): void {
    answer(response, 200, type, body, {
      'content-security-policy': CONTENT_POLICY,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    // The history is read while the browser loads the script.
    if (type === PAGE_HTML.type)
      void this.#options.figures.ask({ days: DEFAULT_DAYS, known: null, mayBePartial: true });
  }

  #answerFigures(path: string, request: IncomingMessage, response: ServerResponse): void {
    const days = daysOf(request.url);
    if (days === null) answerText(response, 400, `days is a whole number from 1 to ${MAX_DAYS}.`);
    else if (path === STREAM_PATH) this.#open(new EventStream(response, days), response);
    else void this.#answerOnce(days, response);
  }

  async #answerGraph(response: ServerResponse): Promise<void> {
    const answered = await this.#options.graph.ask();
    if (answered.kind === 'graph')
      answer(response, 200, 'application/json', Buffer.from(`${JSON.stringify(answered.facts)}\n`));
    else answerText(response, 500, answered.message);
  }

  async #answerOnce(days: number, response: ServerResponse): Promise<void> {
    const answered = await this.#options.figures.ask({ days, known: null });
    if (answered.kind === 'figures') answer(response, 200, 'application/json', Buffer.from(`${answered.json}\n`));
    else if (answered.kind === 'problem') answerText(response, 500, `The history cannot be read: ${answered.message}`);
  }

  #open(stream: EventStream, response: ServerResponse): void {
    const { hello, live } = this.#options;
    this.#streams.add(stream);
    response.once('close', () => {
      this.#streams.delete(stream);
      if (this.#streams.size > 0) return;
      this.#cancelLook?.();
      this.#cancelLook = null;
    });
    stream.send('hello', hello);
    if (live) stream.send('live', live.status);
    void this.#bring(stream);
    if (!this.#cancelLook) this.#lookLater();
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.after(FOLLOW_MS, () => {
      this.#looks += 1;
      for (const stream of this.#streams) {
        if (this.#looks % PING_AFTER === 0) stream.ping();
        void this.#bring(stream);
      }
      this.#lookLater();
    });
  }

  /** Brings a page the figures, where they are others than those that it has. */
  async #bring(stream: EventStream): Promise<void> {
    if (stream.isAsking) return;
    stream.isAsking = true;
    const answered = await this.#options.figures.ask({ days: stream.days, known: stream.known, mayBePartial: true });
    stream.isAsking = false;
    if (!this.#streams.has(stream)) return;
    if (answered.kind === 'figures') {
      stream.known = answered.generation;
      stream.problem = null;
      stream.sendJson('figures', answered.json);
      if (answered.generation === PARTIAL) void this.#bring(stream);
    } else if (answered.kind === 'problem' && answered.message !== stream.problem) {
      stream.known = null;
      stream.problem = answered.message;
      stream.send('problem', { message: answered.message });
    }
  }

  #tellAll<Name extends 'live' | 'ended'>(name: Name, data: StreamEvents[Name]): void {
    for (const stream of this.#streams) stream.send(name, data);
  }
}

/** The period that is asked for; null when it is none. */
function daysOf(url: string | undefined): number | null {
  const typed = queryOf(url).get('days') ?? String(DEFAULT_DAYS);
  const days = Number(typed);
  return /^\d+$/.test(typed) && days >= 1 && days <= MAX_DAYS ? days : null;
}
