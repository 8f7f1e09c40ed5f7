import type { OTHER_RUN, PageMessage, ServerMessage } from '../serve/page-protocol.js';

const CLOSED_BY_OTHER_RUN: typeof OTHER_RUN = 4001;

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2_000;
/** A connection that is neither made nor refused by then never will be. */
const CONNECT_WITHIN_MS = 5_000;
/** A timer that is this late (ms) was asleep together with the machine. */
const ASLEEP_MS = 15_000;
const LOOK_AT_CLOCK_EVERY_MS = 5_000;
/** Reports that wait for a connection; older ones are dropped. */
const MOST_WAITING = 50;

export interface ConnectionEvents {
  /** The first message on every connection. */
  readonly greeting: () => PageMessage;
  readonly message: (message: ServerMessage) => void;
  /** The other side is another run of leptos-fast than the one that this page came from; no further attempt is made. */
  readonly otherRun: () => void;
}

/**
 *   waiting ──timer, wake──▶ connecting ──open──▶ open
 *      ▲                         │                  │
 *      └───────── close ─────────┴──────────────────┤
 *   asleep ◀──pagehide── any; pageshow ─▶ connecting│
 *   ended ◀──────────── close by another run ───────┘
 */
type Link =
  | { readonly kind: 'waiting'; readonly timer: ReturnType<typeof setTimeout> }
  | { readonly kind: 'connecting'; readonly socket: WebSocket; readonly timer: ReturnType<typeof setTimeout> }
  | { readonly kind: 'open'; readonly socket: WebSocket }
  | { readonly kind: 'asleep' }
  | { readonly kind: 'ended' };

/**
 * The page's socket, made again whenever it breaks. A page that comes back (tab, laptop, network, back button) makes it
 * anew at once: the old one may be dead without a close, and the greeting tells whether the page is behind.
 */
export class Connection {
  readonly #url: URL;
  readonly #events: ConnectionEvents;
  readonly #waiting: PageMessage[] = [];
  #link: Link = { kind: 'asleep' };
  #waitMs = FIRST_WAIT_MS;

  /** `url`: of the socket, with http or https as its scheme. */
  constructor(url: URL, events: ConnectionEvents) {
    this.#url = new URL(url);
    this.#url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#events = events;
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#wake());
    window.addEventListener('online', () => this.#wake());
    window.addEventListener('pageshow', (event) => event.persisted && this.#wake());
    window.addEventListener('pagehide', () => this.#sleep());
    this.#watchClock();
    this.#connect();
  }

  /** Sends a message, now or as soon as there is a connection. */
  send(message: PageMessage): void {
    if (this.#link.kind === 'open') this.#link.socket.send(JSON.stringify(message));
    else if (this.#waiting.push(message) > MOST_WAITING) this.#waiting.shift();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    const timer = setTimeout(() => socket.close(), CONNECT_WITHIN_MS);
    this.#link = { kind: 'connecting', socket, timer };
    socket.addEventListener('open', () => this.#owns(socket) && this.#opened(socket));
    socket.addEventListener('message', (event) => {
      if (this.#owns(socket)) this.#events.message(JSON.parse(String(event.data)) as ServerMessage);
    });
    socket.addEventListener('close', (event) => {
      if (!this.#owns(socket)) return;
      this.#leave();
      if (event.code === CLOSED_BY_OTHER_RUN) {
        this.#link = { kind: 'ended' };
        this.#events.otherRun();
      } else {
        this.#link = { kind: 'waiting', timer: setTimeout(() => this.#connect(), this.#waitMs) };
        this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
      }
    });
  }

  #opened(socket: WebSocket): void {
    if (this.#link.kind === 'connecting') clearTimeout(this.#link.timer);
    this.#link = { kind: 'open', socket };
    this.#waitMs = FIRST_WAIT_MS;
    this.send(this.#events.greeting());
    for (const message of this.#waiting.splice(0)) this.send(message);
  }

  #wake(): void {
    switch (this.#link.kind) {
      case 'connecting':
      case 'ended':
        return;
      case 'waiting':
      case 'open':
      case 'asleep':
        this.#leave();
        this.#connect();
        return;
      default:
        this.#link satisfies never;
    }
  }

  /** An open socket keeps a page from being kept for the back button. */
  #sleep(): void {
    if (this.#link.kind === 'ended') return;
    this.#leave();
    this.#link = { kind: 'asleep' };
  }

  /** Ends what belongs to the present state. The socket is no longer ours then, so its close means nothing. */
  #leave(): void {
    const link = this.#link;
    this.#link = { kind: 'asleep' };
    if (link.kind === 'waiting' || link.kind === 'connecting') clearTimeout(link.timer);
    if (link.kind === 'open' || link.kind === 'connecting') link.socket.close();
  }

  #owns(socket: WebSocket): boolean {
    const link = this.#link;
    return (link.kind === 'connecting' || link.kind === 'open') && link.socket === socket;
  }

  /** A laptop that wakes up with the tab in front tells it by nothing but its clock. */
  #watchClock(): void {
    let last = Date.now();
    setInterval(() => {
      const now = Date.now();
      if (now - last > ASLEEP_MS && document.visibilityState === 'visible') this.#wake();
      last = now;
    }, LOOK_AT_CLOCK_EVERY_MS);
  }
}
