import type { Socket } from 'node:net';
import type { Clock } from '../core/clock.js';
import { connectTo, isListening, pause, waitForPort } from './wait-for-port.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A connection to the app. */
export interface Connection {
  readonly socket: Socket;
  /** Just before it was asked for, in ms since the epoch: who took it was there then or came later. */
  readonly at: number;
}

/** The look at a closed port that all who wait share, while there is someone who waits. */
type Look =
  | { readonly kind: 'idle' }
  | { readonly kind: 'looking'; waiters: number; readonly end: AbortController; readonly open: Promise<boolean> };

/** So many looks in a row must find the port open before a broken connection counts as no sign of the app's end. */
const LOOKS_AFTER_BREAK = 5;

/** The app behind the proxy, which may be down at any time. */
export class Upstream {
  #address: Address;
  readonly #clock: Clock;
  #look: Look = { kind: 'idle' };

  constructor(address: Address, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  /** From now on the app is there. Who waits for it waits there. */
  moveTo(address: Address): void {
    this.#address = address;
    if (this.#look.kind === 'looking') this.#look.end.abort();
    this.#look = { kind: 'idle' };
  }

  /** A connection of its own to the app, as soon as it takes one; null after `holdMs`, or when `gone` fires. */
  async connect(gone: AbortSignal, holdMs: number): Promise<Connection | null> {
    const atOnce = await this.#try(gone);
    if (atOnce || gone.aborted) return atOnce;
    const enough = new AbortController();
    const giveUp = (): void => enough.abort();
    const cancel = this.#clock.after(holdMs, giveUp);
    gone.addEventListener('abort', giveUp);
    try {
      while (!enough.signal.aborted) {
        await this.#opens(enough.signal);
        const connection = await this.#try(enough.signal);
        if (connection) return connection;
      }
      return null;
    } finally {
      cancel();
      gone.removeEventListener('abort', giveUp);
    }
  }

  /**
   * Resolves when it is clear, after a connection broke, whether the app is down. A process that is killed closes its
   * connections and its port one after the other: what connects in between would break once more.
   */
  async settled(gone: AbortSignal): Promise<void> {
    const { host, port } = this.#address;
    for (let looks = 0; looks < LOOKS_AFTER_BREAK && !gone.aborted; looks += 1) {
      if (!(await isListening(host, port, gone))) return;
      await pause(this.#clock, gone);
    }
  }

  async #try(signal: AbortSignal): Promise<Connection | null> {
    const { host, port } = this.#address;
    const at = this.#clock.now();
    const socket = await connectTo(host, port, signal);
    return socket && { socket, at };
  }

  /** Resolves when the app's port is open or `enough` fires. Hundreds of requests may wait: they share one look. */
  async #opens(enough: AbortSignal): Promise<void> {
    if (enough.aborted) return;
    if (this.#look.kind === 'idle') {
      const end = new AbortController();
      const { host, port } = this.#address;
      this.#look = { kind: 'looking', waiters: 0, end, open: waitForPort(host, port, this.#clock, end.signal) };
    }
    const look = this.#look;
    look.waiters += 1;
    await Promise.race([look.open, aborted(enough)]);
    look.waiters -= 1;
    if (look.waiters > 0) return;
    look.end.abort();
    this.#look = { kind: 'idle' };
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
