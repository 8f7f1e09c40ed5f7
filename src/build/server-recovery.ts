import type { Clock } from '../core/clock.js';
import type { EventBus } from '../core/events.js';

/** Pauses (ms) before a server that dies at boot, or again and again, is started once more: doubled each time. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

export interface ServerRecoveryOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** So often in a row the server is started again at once. */
  readonly maxRetries: number;
  /** Starts the server again; cargo-leptos does so only together with itself. */
  readonly restart: () => void;
}

/** Brings a server back that ended by itself: at once while that helps, then with growing pauses, or with the next build. */
export class ServerRecovery {
  readonly #options: ServerRecoveryOptions;
  /** How often the server ended by itself since the last change. */
  #deaths = 0;
  #cancelPause: () => void = () => undefined;

  constructor(options: ServerRecoveryOptions) {
    this.#options = options;
  }

  /** The server ended by itself; `answered` is false when it never came up. */
  onDied(pid: number, answered: boolean): void {
    const { bus, clock, maxRetries, restart } = this.#options;
    const reason = answered ? 'it ended by itself' : 'it ended before it answered';
    bus.emit({ event: 'server-exited', pid, reason });
    this.#deaths += 1;
    const attempt = this.#deaths;
    const startAgain = (): void => {
      bus.emit({ event: 'recovery', kind: 'restart', attempt, why: 'the server ended by itself' });
      restart();
    };
    if (answered && attempt <= maxRetries) {
      startAgain();
      return;
    }
    // It will not do better at once: a database that is not up, a port, a bug. The next change starts it too.
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), MAX_PAUSE_MS);
    const seconds = Math.round(pause / 1_000);
    bus.emit({ event: 'notice', message: `the server is started again in ${seconds} s, or after the next change` });
    this.#cancelPause = clock.after(pause, startAgain);
  }

  /** The sources changed: what made the server end may be gone. */
  onChange(): void {
    this.#deaths = 0;
  }

  /** The server is being started anyway, or the session ends. */
  cancel(): void {
    this.#cancelPause();
  }
}
