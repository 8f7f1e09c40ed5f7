import { isSameProcessAlive, type ProcessInfo, startTime } from '../build/process-tree.js';
import { type Clock, delay } from '../core/clock.js';
import type { EventBus } from '../core/events.js';
import { waitForPort } from './wait-for-port.js';

/** "Serving at" may be logged a moment before "Server restarting"; so long (ms) before, it belongs to the same restart. */
const SAME_RESTART_MS = 100;
/** After so long (ms) a person should hear that the server runs and yet does not answer. */
const SILENT_AFTER_MS = 8_000;
/** How often (ms) the server's process is looked at. */
const LOOK_EVERY_MS = 100;

export interface ServerWatchOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Read anew for every start: settings may have changed. */
  readonly address: () => { readonly host: string; readonly port: number };
  /** The server's process, found among cargo-leptos's children. */
  readonly findProcess: () => Promise<ProcessInfo | null>;
  /** The server that will answer next was started at that moment (ms since the epoch), as exactly as it is known. */
  readonly onProcess: (startedAt: number) => void;
  /** Resolves when cargo-leptos is in no run: during one it may end the server before its log tells us. */
  readonly betweenRuns: () => Promise<void>;
  /** The server died by itself. `answered` is false when it never came up. */
  readonly onDied: (server: ProcessInfo, answered: boolean) => void;
}

/** One start of the server, from the moment the old one is told to end. */
interface Start {
  readonly abort: AbortController;
  readonly serving: PromiseWithResolve;
  readonly answers: Promise<boolean>;
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Follows the app's server through its restarts: when it answers, and when it is gone though nobody ended it. */
export class ServerWatch {
  readonly #options: ServerWatchOptions;
  #start: Start;
  #servingAt = 0;

  constructor(options: ServerWatchOptions) {
    this.#options = options;
    this.#start = this.#begin();
  }

  /** cargo-leptos is about to start the server anew. */
  onRestart(): void {
    this.#start.abort.abort();
    this.#start = this.#begin();
    if (this.#options.clock.now() - this.#servingAt < SAME_RESTART_MS) this.#start.serving.resolve();
  }

  /** cargo-leptos says that it has started the server. */
  onServing(): void {
    this.#servingAt = this.#options.clock.now();
    this.#start.serving.resolve();
  }

  /** Resolves true when the present start of the server answers, false when it died or was replaced. */
  answers(): Promise<boolean> {
    return this.#start.answers;
  }

  stop(): void {
    this.#start.abort.abort();
  }

  #begin(): Start {
    const abort = new AbortController();
    const serving = openPromise();
    abort.signal.addEventListener('abort', serving.resolve);
    return { abort, serving, answers: this.#follow(abort.signal, serving.promise) };
  }

  async #follow(signal: AbortSignal, serving: Promise<void>): Promise<boolean> {
    const { clock, bus, address, findProcess } = this.#options;
    const beganAt = clock.now();
    await serving;
    if (signal.aborted) return false;
    const { host, port } = address();
    const server = await findProcess();
    if (signal.aborted) return false;
    this.#options.onProcess((server && startTime(server)) ?? clock.now());
    const died = new AbortController();
    signal.addEventListener('abort', () => died.abort());
    let answered = false;
    if (server) void this.#lookAfter(server, signal, died, () => answered);
    const cancelNotice = clock.after(SILENT_AFTER_MS, () => {
      const message = `the server runs, but nothing listens on ${host}:${port} yet; an app must bind LEPTOS_SITE_ADDR (leptos_options.site_addr), else start with --no-proxy`;
      if (server && !died.signal.aborted) bus.emit({ event: 'notice', message });
    });
    answered = await waitForPort(host, port, clock, died.signal);
    cancelNotice();
    if (!answered || signal.aborted) return false;
    bus.emit({ event: 'server-started', pid: server?.pid ?? null, ms: clock.now() - beganAt });
    return true;
  }

  async #lookAfter(
    server: ProcessInfo,
    signal: AbortSignal,
    died: AbortController,
    hasAnswered: () => boolean,
  ): Promise<void> {
    while (!signal.aborted && (await isSameProcessAlive(server))) await delay(this.#options.clock, LOOK_EVERY_MS);
    await this.#options.betweenRuns();
    if (signal.aborted) return;
    died.abort();
    this.#options.onDied(server, hasAnswered());
  }
}

function openPromise(): PromiseWithResolve {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
