import type { Clock } from '../core/clock.js';
import { CargoLeptosProcess, type ProcessOptions } from './cargo-leptos-process.js';
import type { ProcessInfo } from './process-tree.js';

/** A run that lasted so long (ms) counts as stable: the count of retries begins anew. */
const STABLE_MS = 60_000;
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 8_000;

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly maxRetries: number;
  /** Read anew for every start: settings may have changed. */
  readonly processOptions: () => Omit<ProcessOptions, 'onExit'>;
  /** A new run begins; what was known of the last one is void. */
  readonly onStart: () => void;
  readonly onRetry: (attempt: number, why: string) => void;
  readonly onGivenUp: (why: string) => void;
}

/*
 *   stopped ──start──▶ running ──dies──▶ backing off ──time──▶ running
 *                       │  ▲               │
 *                restart│  │               │ more than maxRetries in a row
 *                       ▼  │               ▼
 *                    restarting          given up
 *   any ──stop──▶ stopped
 */
type State =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running'; readonly process: CargoLeptosProcess; readonly since: number }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'backing-off'; readonly cancel: () => void }
  | { readonly kind: 'given-up' };

/** Keeps cargo-leptos running: starts it again when it dies, with growing pauses, at most `maxRetries` times in a row. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #state: State = { kind: 'stopped' };
  #attempts = 0;
  /** The run that has been asked to end, until it is gone. */
  #ending: CargoLeptosProcess | null = null;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#state.kind === 'running') return;
    this.#options.onStart();
    const process: CargoLeptosProcess = new CargoLeptosProcess({
      ...this.#options.processOptions(),
      onExit: (how) => void this.#onExit(process, how),
    });
    this.#state = { kind: 'running', process, since: this.#options.clock.now() };
  }

  /** Ends the present run and begins another; counts as no failure. */
  async restart(): Promise<void> {
    const state = this.#state;
    if (state.kind === 'restarting' || state.kind === 'given-up' || state.kind === 'stopped') return;
    this.#state = { kind: 'restarting' };
    if (state.kind === 'backing-off') state.cancel();
    if (state.kind === 'running') await this.#end(state.process);
    if ((this.#state as State).kind === 'restarting') this.start();
  }

  /** Ends everything; resolves when no process of ours is left. */
  async stop(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'stopped' };
    if (state.kind === 'backing-off') state.cancel();
    const process = state.kind === 'running' ? state.process : this.#ending;
    if (process) await this.#end(process);
  }

  /** Ends everything at once, also what `stop` still waits for. */
  async kill(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'stopped' };
    if (state.kind === 'backing-off') state.cancel();
    const process = state.kind === 'running' ? state.process : this.#ending;
    await process?.kill();
  }

  async #end(process: CargoLeptosProcess): Promise<void> {
    this.#ending = process;
    await process.stop();
    if (this.#ending === process) this.#ending = null;
  }

  /** The processes below cargo-leptos, and remembers them. */
  async offspring(): Promise<readonly ProcessInfo[]> {
    return this.#state.kind === 'running' ? this.#state.process.noteOffspring() : [];
  }

  async #onExit(process: CargoLeptosProcess, how: string): Promise<void> {
    const state = this.#state;
    if (state.kind !== 'running' || state.process !== process) return;
    await process.killLeftovers();
    if (this.#state !== state) return;
    const { clock, maxRetries, onRetry, onGivenUp } = this.#options;
    if (clock.now() - state.since >= STABLE_MS) this.#attempts = 0;
    this.#attempts += 1;
    if (this.#attempts > maxRetries) {
      this.#state = { kind: 'given-up' };
      onGivenUp(how);
      return;
    }
    onRetry(this.#attempts, how);
    const pause = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#attempts - 1), MAX_BACKOFF_MS);
    const cancel = clock.after(pause, () => {
      if (this.#state.kind === 'backing-off') {
        this.#state = { kind: 'stopped' };
        this.start();
      }
    });
    this.#state = { kind: 'backing-off', cancel };
  }
}
