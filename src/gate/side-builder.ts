import { type Clock, delay } from '../core/clock.js';
import type { RustSide } from '../core/events.js';
import type { CargoOutcome, CargoRun } from './cargo-run.js';
import type { CargoRequest } from './protocol.js';

/** What the gate answers to a shim: 0 as cargo's success, anything else as its failure. */
export type Answer = (code: number) => void;

/** One shim that waits. */
interface Waiter {
  readonly answer: Answer;
  readonly gone: AbortSignal;
}

export interface SideBuilderOptions {
  readonly side: RustSide;
  readonly clock: Clock;
  /** How long (ms) a request that finds nothing changed waits for a late file event before it is answered. */
  readonly graceMs: number;
  /**
   * Sees to it that cargo will notice these files, which changed since the last successful build, and no others; absolute paths.
   * Called before the first build too.
   */
  readonly prepare: (request: CargoRequest, changed: ReadonlySet<string>) => Promise<void>;
  /** Starts cargo for a request. */
  readonly start: (request: CargoRequest) => CargoRun;
  /** Resolves when everything that was saved so far has been reported to `markDirty`. */
  readonly settled: () => Promise<void>;
  /** Called before a success is answered; resolves with the code to answer. The gate holds a side back here. */
  readonly release: (code: number) => Promise<number>;
  /**
   * A build failed for the `attempt`th time in a row: resolves with the request to try again, after whatever pause or
   * cleaning it needs, or with null when the failure stands.
   */
  readonly retry: (outcome: CargoOutcome, request: CargoRequest, attempt: number) => Promise<CargoRequest | null>;
  readonly onStarted: () => void;
  readonly onFinished: (outcome: CargoOutcome, ms: number) => void;
  readonly onStopped: (reason: string) => void;
  readonly onSkipped: (reason: string) => void;
  /** Something changed that others may wait for. */
  readonly onState: () => void;
}

/*
 *          request              settled, out of date             cargo ended
 *   idle ───────────▶ holding ─────────────────────▶ building ──────────────────▶ answering ──▶ idle
 *                      │  ▲  ▲                          │                            │
 *         up to date   │  │  └──── stopping ◀───────────┘ inputs changed              │ inputs changed
 *   idle ◀─────────────┘  └────────────────────────────────────────────────────────┘
 *
 * A waiter (a shim) may go away at any time: cargo-leptos kills it on every event. That stops nothing here; cargo runs
 * on for the next request, unless the inputs changed. It also runs on when who waits is answered early.
 */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'holding' }
  | { readonly kind: 'building'; readonly run: CargoRun; readonly version: number }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'answering' }
  | { readonly kind: 'closed' };

/** Builds one side: holds requests until the saves have settled, joins those that want the same, never builds twice. */
export class SideBuilder {
  readonly #options: SideBuilderOptions;
  #state: State = { kind: 'idle' };
  #waiters: Waiter[] = [];
  #request: CargoRequest | null = null;
  /** What is not in the last successful build, as far as it is known by name. */
  readonly #changed = new Set<string>();
  /** Counts the changes of this side's inputs. */
  #version = 1;
  #builtVersion = 0;
  #failedVersion = 0;
  /** The call that the last build answered: with other flags the same inputs are another build. */
  #builtCall = '';
  /** False while the outcome of the last build has not reached cargo-leptos, which killed the shim that waited. */
  #delivered = true;
  /** Those who waited for the build that runs were told to go on with what was built before. */
  #answeredEarly = false;
  /** The next request comes from a cargo-leptos that has just been started, not from a file event. */
  #isFirstOfRun = false;
  /** Ends the wait for `release`: what is held back is out of date. */
  #dropHeldBack: () => void = () => undefined;

  constructor(options: SideBuilderOptions) {
    this.#options = options;
  }

  /** True when the last successful build had all inputs as they are now. */
  get isUpToDate(): boolean {
    return this.#builtVersion === this.#version;
  }

  /** True when a build of the inputs as they are now has failed. */
  get hasFailed(): boolean {
    return this.#failedVersion === this.#version;
  }

  /** True from the first request until the answer. */
  get isBusy(): boolean {
    return this.#state.kind !== 'idle' && this.#state.kind !== 'closed';
  }

  /** True when cargo-leptos has been told the outcome of the last build. */
  get isDelivered(): boolean {
    return this.#delivered;
  }

  /** True once cargo-leptos has asked for this side; where it builds by other means, it never does. */
  get wasRequested(): boolean {
    return this.#request !== null;
  }

  /** True when cargo-leptos waits for this side. */
  get isRequested(): boolean {
    return this.#waiters.length > 0;
  }

  /** True while cargo builds what cargo-leptos has been answered about already. */
  get isBuildingOn(): boolean {
    return this.#answeredEarly && this.#state.kind === 'building';
  }

  /** True when the outcome of a build that was answered early is known, and cargo-leptos has yet to ask for it. */
  get isOwed(): boolean {
    return this.#answeredEarly && !this.#delivered && this.isUpToDate;
  }

  /**
   * Answers those who wait for the running build with success, so that they go on with what was built before it; false
   * when no build runs, or nobody waits. Its outcome has to be asked for once more.
   */
  answerEarly(): boolean {
    if (this.#state.kind !== 'building' || this.#waiters.length === 0) return false;
    this.#answeredEarly = true;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.answer(0);
    return true;
  }

  /** cargo-leptos is started anew: it asks for both sides whatever has changed. */
  onStart(): void {
    this.#isFirstOfRun = true;
  }

  /** cargo-leptos asks for this side; `answer` is called once unless `gone` fires first. */
  request(request: CargoRequest, answer: Answer, gone: AbortSignal): void {
    if (this.#state.kind === 'closed') {
      answer(130);
      return;
    }
    this.#request = request;
    const waiter = { answer, gone };
    this.#waiters.push(waiter);
    gone.addEventListener('abort', () => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    });
    if (this.#state.kind === 'idle') void this.#hold();
    this.#options.onState();
  }

  /** The inputs changed: what is being built is out of date. `files` are the changed ones, as far as they are known. */
  markDirty(files: Iterable<string> = []): void {
    this.#version += 1;
    for (const file of files) this.#changed.add(file);
    this.#dropHeldBack();
    if (this.#state.kind === 'building') void this.#stop(this.#state.run, 'the sources changed again');
  }

  /** The inputs are again what the last successful build had; a build of anything else is not wanted any more. */
  markUpToDate(): void {
    if (this.#builtVersion === 0 || this.isUpToDate) return;
    // A number of its own: the next change must not get that of one whose build has failed.
    this.#version += 1;
    this.#builtVersion = this.#version;
    this.#changed.clear();
    this.#dropHeldBack();
    if (this.#state.kind === 'building') void this.#stop(this.#state.run, 'the edit was undone');
  }

  /** Ends a running build and refuses further ones. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'building') await state.run.stop();
  }

  async #hold(): Promise<void> {
    this.#state = { kind: 'holding' };
    await this.#options.settled();
    // What is owed, or asked for at a start, is not asked for because of an event that we have yet to hear of.
    const isByEvent = !this.isOwed && !this.#isFirstOfRun;
    this.#isFirstOfRun = false;
    if (this.isUpToDate && isByEvent) {
      await delay(this.#options.clock, this.#options.graceMs);
      await this.#options.settled();
    }
    if (this.#state.kind !== 'holding') return;
    const request = this.#request;
    if (request === null || this.#waiters.length === 0) {
      this.#become({ kind: 'idle' });
      return;
    }
    const call = callKey(request);
    if (this.isUpToDate && call === this.#builtCall) {
      if (this.#delivered) this.#options.onSkipped('nothing changed since its last build');
      await this.#answer(0);
    } else if (this.hasFailed && call === this.#builtCall && !this.#delivered) {
      // Once it is delivered, a further request means that somebody saved again to see it fail or succeed.
      await this.#answer(1);
    } else {
      await this.#prepare(request);
      if (this.#state.kind === 'holding') await this.#build(request, call);
    }
  }

  async #prepare(request: CargoRequest): Promise<void> {
    let prepared = 0;
    while (prepared !== this.#version && this.#state.kind === 'holding') {
      prepared = this.#version;
      if (this.#changed.size > 0 || this.#builtVersion === 0) await this.#options.prepare(request, this.#changed);
    }
  }

  async #build(request: CargoRequest, call: string): Promise<void> {
    const startedAt = this.#options.clock.now();
    const version = this.#version;
    this.#answeredEarly = false;
    this.#options.onStarted();
    const outcome = await this.#runCargo(request, version);
    if (!outcome) return;
    this.#builtCall = call;
    this.#delivered = false;
    if (!outcome.ok) this.#failedVersion = version;
    else {
      this.#builtVersion = version;
      if (this.#version === version) this.#changed.clear();
    }
    this.#options.onFinished(outcome, this.#options.clock.now() - startedAt);
    await this.#answer(outcome.code);
  }

  /** Runs cargo until it succeeds or its failure stands; null when it was stopped or the inputs changed meanwhile. */
  async #runCargo(first: CargoRequest, version: number): Promise<CargoOutcome | null> {
    let request = first;
    for (let attempt = 1; ; attempt++) {
      const run = this.#options.start(request);
      const building: State = { kind: 'building', run, version };
      this.#become(building);
      const outcome = await run.finished;
      if (outcome.stopped || this.#state !== building) return null;
      const again = outcome.ok ? null : await this.#options.retry(outcome, request, attempt);
      // While it paused, `markDirty` or `close` may have taken over.
      if (this.#state !== building) return null;
      if (!again) return outcome;
      request = again;
    }
  }

  /** Answers those who wait, unless the inputs changed meanwhile: the newest content is what they wait for. */
  async #answer(code: number): Promise<void> {
    const version = this.#version;
    this.#become({ kind: 'answering' });
    await this.#options.settled();
    const outOfDate = new Promise<number>((resolve) => {
      this.#dropHeldBack = () => resolve(code);
    });
    const released = this.#version === version ? await Promise.race([this.#options.release(code), outOfDate]) : code;
    if (this.#state.kind !== 'answering') return;
    if (this.#version !== version) {
      await this.#hold();
      return;
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    // An answer that differs from the outcome is no delivery: cargo-leptos must ask once more.
    this.#delivered ||= waiters.length > 0 && released === code;
    if (this.#delivered) this.#answeredEarly = false;
    for (const waiter of waiters) waiter.answer(released);
    this.#become({ kind: 'idle' });
  }

  async #stop(run: CargoRun, reason: string): Promise<void> {
    this.#become({ kind: 'stopping' });
    await run.stop();
    this.#options.onStopped(reason);
    if (this.#state.kind === 'stopping') await this.#hold();
  }

  #become(state: State): void {
    this.#state = state;
    this.#options.onState();
  }
}

/** What makes two calls the same build: arguments and the variables that reach cargo, rustc and the build scripts. */
function callKey({ args, cwd, env }: CargoRequest): string {
  const relevant = Object.entries(env).filter(([name]) => /^(RUST|CARGO_|LEPTOS_|SERVER_FN|DISABLE_)/.test(name));
  return JSON.stringify([args, cwd, relevant.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
