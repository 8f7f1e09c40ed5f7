import { STREAM_PATH, type StreamEvents } from '../data.js';

/** How long (ms) it waits before it tries again. */
const RETRY_MS = 1_000;

export interface ConnectionOptions {
  readonly onOpen: () => void;
  /** Nobody answers any more; tries go on. */
  readonly onLost: () => void;
  readonly on: { readonly [Name in keyof StreamEvents]: (data: StreamEvents[Name]) => void };
}

/*
 *             open(days)             the server answers
 *   closed ───────────────▶ trying ─────────────────────▶ open
 *     ▲                       ▲ │ ▲                         │
 *     │   hidden tab, close   │ └─┘ no answer: 1 s later    │ lost
 *     └───────────────────────┴─────────────────────────────┘
 */
type State =
  | { readonly kind: 'closed' }
  | { readonly kind: 'trying'; readonly source: EventSource | null; readonly timer: number | null }
  | { readonly kind: 'open'; readonly source: EventSource };

/**
 * The stream of the dashboard's server. A tab that nobody sees gives its connection back: a browser has but six for a
 * server, and the app is on the same one.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: State = { kind: 'closed' };
  #days = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#close();
      else if (this.#state.kind === 'closed') this.#try();
    });
  }

  /** Connects for this period, or anew for another one. */
  open(days: number): void {
    this.#days = days;
    this.#close();
    if (!document.hidden) this.#try();
  }

  #try(): void {
    const source = new EventSource(`${STREAM_PATH}?days=${this.#days}`);
    this.#state = { kind: 'trying', source, timer: null };
    const isCurrent = (): boolean => this.#state.kind !== 'closed' && this.#state.source === source;
    source.addEventListener('open', () => {
      if (!isCurrent()) return;
      this.#state = { kind: 'open', source };
      this.#options.onOpen();
    });
    source.addEventListener('error', () => {
      if (!isCurrent()) return;
      // The browser's own way to try again gives up for ever at some answers.
      source.close();
      this.#options.onLost();
      this.#state = { kind: 'trying', source: null, timer: window.setTimeout(() => this.#try(), RETRY_MS) };
    });
    for (const [name, take] of Object.entries(this.#options.on)) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (isCurrent()) take(JSON.parse(event.data));
      });
    }
  }

  #close(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'closed') return;
    state.source?.close();
    if (state.kind === 'trying' && state.timer !== null) window.clearTimeout(state.timer);
  }
}
