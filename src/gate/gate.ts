import type { LogFact } from '../build/cargo-leptos-log.js';
import type { CargoStatus } from '../build/cargo-messages.js';
import { classifyFailure } from '../build/failure.js';
import { ProcProcessMeter } from '../build/process-meter.js';
import type { MetadataCache } from '../cache/metadata-cache.js';
import { type Clock, delay } from '../core/clock.js';
import { RUST_SIDES, type RustSide } from '../core/events.js';
import type { LeptosProject } from '../project/model.js';
import { writeBindgenShim } from './bindgen-shim.js';
import type { BuiltBefore } from './built-before.js';
import { recogniseCall } from './cargo-call.js';
import { type CargoOutcome, startCargo } from './cargo-run.js';
import { type GateCall, GateServer } from './gate-server.js';
import { removeIncrementalCache } from './incremental-cache.js';
import { answerMetadata } from './metadata-call.js';
import type { CargoRequest } from './protocol.js';
import type { MetadataRewrite } from './rewrite-metadata.js';
import { writeShim } from './shim.js';
import { SideBuilder } from './side-builder.js';
import { outdateFingerprints } from './stale-time-stamps.js';

/** See SideBuilderOptions.graceMs: cargo-leptos reports an event after 100 ms, so ours is there by then. */
const GRACE_MS = 150;
/** Time (ms) for cargo-leptos to log that it starts wasm-bindgen, once it has the wasm; it hashes that first. */
const BINDGEN_BEGINS_WITHIN_MS = 2_000;

/** So far apart (ms) the two requests of one run of cargo-leptos can be on a busy machine. */
const REQUESTS_APART_MS = 1_000;
/** Pause (ms) before the first retry; it doubles with each one. */
const FIRST_PAUSE_MS = 300;

export interface GateOptions {
  /** Settings may change while the gate is open: this and the other functions are called for each request. */
  readonly project: () => LeptosProject;
  readonly clock: Clock;
  readonly realCargo: string;
  /** What `bin-cargo-command` runs instead of cargo for the server, if anything: its name, and where it is (absolute). */
  readonly serverCommand?: { readonly name: string; readonly program: string };
  /** cargo's target directory, where a call names no other (absolute). */
  readonly targetDir: string;
  /** Names of the packages that are built from source here: workspace members and path dependencies. */
  readonly localCrates: () => readonly string[];
  /** Where the shim is written; goes in front of cargo-leptos's PATH. */
  readonly shimFolder: string;
  readonly socketPath: string;
  /** The wasm-bindgen on PATH, if there is one, and where what it makes is kept; both absolute. */
  readonly wasmBindgen?: { readonly program: string; readonly folder: string };
  readonly cache: MetadataCache | null;
  /** What earlier runs built. */
  readonly builtBefore: Pick<BuiltBefore, 'freshen' | 'note'>;
  readonly rewrite: () => MetadataRewrite;
  /** What `cargo build` gets besides cargo-leptos's own arguments: the profile, where no file has it. */
  readonly buildArgs: () => readonly string[];
  readonly settled: () => Promise<void>;
  /** How often in a row a build that failed for no fault of the code is tried again. */
  readonly maxRetries: number;
  /** A new server may be started while the front that belongs to it is still built. */
  readonly contentFirst: () => boolean;
  readonly listener: GateListener;
}

/** What the gate reports. Times in ms. */
export interface GateListener {
  onStarted(side: RustSide): void;
  onStatus(side: RustSide, status: CargoStatus): void;
  /** Dependencies are compiled again, for this reason. */
  onRebuilt(side: RustSide, reason: string): void;
  /** So many files of the side are newer than its last build, yet have the content that was built. */
  onTouched(side: RustSide, files: number): void;
  onFinished(side: RustSide, outcome: CargoOutcome, ms: number): void;
  onStopped(side: RustSide, reason: string): void;
  onSkipped(side: RustSide, reason: string): void;
  onRecovery(kind: string, attempt: number, why: string): void;
  /** The new server is about to be started though the front that belongs to it is still built. */
  onContentFirst(): void;
  /** A request came, or a side became idle: time to see what is still missing. */
  onState(): void;
}

/** What cargo-leptos sees as cargo: holds its builds until the saves have settled, and passes its metadata on changed. */
export class Gate {
  readonly #options: GateOptions;
  readonly #server: GateServer;
  readonly #meter: ProcProcessMeter;
  readonly sides: Readonly<Record<RustSide, SideBuilder>>;
  /** Called when the state of a side changes, or wasm-bindgen ends. */
  #idleListeners: (() => void)[] = [];
  /** Since the gate was last without any request, which is where a run of cargo-leptos ends. */
  #frontFailedInThisRun = false;
  #onFrontRequest: () => void = () => undefined;
  /** cargo-leptos has made the wasm of its first build ready: there is one that it can go on with. */
  #hasWasm = false;
  /** In this run of cargo-leptos the front was answered early. */
  #frontGoesOn = false;
  /** What cargo-leptos does with a new wasm: nothing, or it was just told of it, or wasm-bindgen runs. */
  #bindgen: 'none' | 'expected' | 'running' = 'none';
  #cancelExpectation: () => void = () => undefined;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#meter = new ProcProcessMeter(options.clock);
    this.sides = { front: this.#builder('front'), server: this.#builder('server') };
    this.#server = new GateServer((call) => this.#onCall(call));
  }

  /** Writes the shim and begins to listen. */
  async open(): Promise<void> {
    const { shimFolder, socketPath, realCargo, serverCommand, wasmBindgen } = this.#options;
    await writeShim({ folder: shimFolder, socketPath, name: 'cargo', program: realCargo });
    if (serverCommand) await writeShim({ folder: shimFolder, socketPath, ...serverCommand });
    if (wasmBindgen)
      await writeBindgenShim({ folder: shimFolder, kept: wasmBindgen.folder, program: wasmBindgen.program });
    await this.#server.listen(socketPath);
  }

  /** Writes the shim and binds the socket anew, after somebody removed their folder. */
  async reopen(): Promise<void> {
    await this.#server.close(1);
    await this.open();
  }

  /** Ends running builds, answers those who wait with 130 as after Ctrl-C, and stops listening. */
  async close(): Promise<void> {
    await Promise.all([this.sides.front.close(), this.sides.server.close()]);
    await this.#server.close(130);
  }

  /** cargo-leptos was started anew. */
  onStart(): void {
    for (const side of RUST_SIDES) this.sides[side].onStart();
    this.#hasWasm = false;
    this.#frontGoesOn = false;
    this.#setBindgen('none');
  }

  /** One line of cargo-leptos's log. */
  onFact(fact: LogFact): void {
    switch (fact.kind) {
      case 'bindgen-started':
        this.#setBindgen('running');
        return;
      case 'bindgen-finished':
        this.#hasWasm = true;
        this.#setBindgen('none');
        return;
      // Who waits for the server is being killed: both sides are asked for again.
      case 'interrupted':
      case 'failed':
      case 'updated':
      case 'unchanged':
      case 'idle':
        this.#frontGoesOn = false;
        this.#setBindgen('none');
        return;
      case 'watching':
      case 'saw':
      case 'begun':
      case 'written':
      case 'serving':
      case 'message':
      case 'app':
        return;
    }
  }

  #setBindgen(state: 'none' | 'expected' | 'running'): void {
    this.#cancelExpectation();
    this.#bindgen = state;
    if (state === 'none') this.#wake();
    if (state === 'expected') {
      this.#cancelExpectation = this.#options.clock.after(BINDGEN_BEGINS_WITHIN_MS, () => this.#setBindgen('none'));
    }
  }

  #wake(): void {
    const listeners = this.#idleListeners;
    this.#idleListeners = [];
    for (const wake of listeners) wake();
  }

  #builder(side: RustSide): SideBuilder {
    const { clock, settled, listener, shimFolder, buildArgs, builtBefore } = this.#options;
    let isFirst = true;
    let args: readonly string[] = [];
    return new SideBuilder({
      side,
      clock,
      graceMs: GRACE_MS,
      settled,
      prepare: async (request, changed) => {
        if (isFirst) {
          isFirst = false;
          const touched = await builtBefore.freshen(side);
          if (touched > 0) listener.onTouched(side, touched);
        }
        await outdateFingerprints(request.args, this.#options.targetDir, this.#options.localCrates(), changed);
      },
      start: (request) => {
        args = request.args;
        return startCargo({
          shimFolder,
          request,
          extraArgs: buildArgs(),
          isBehind: side === 'front' && this.#isContentFirst && !this.sides.server.isUpToDate,
          clock,
          meter: this.#meter,
          onStatus: (status) => listener.onStatus(side, status),
          ...(this.#isPlainBuild(request) && { onRebuilt: (reason: string) => listener.onRebuilt(side, reason) }),
        });
      },
      retry: (outcome, request, attempt) => this.#retry(side, outcome, request, attempt),
      release: (code) => this.#release(side, code),
      onStarted: () => listener.onStarted(side),
      onFinished: (outcome, ms) => {
        const finishedAt = clock.now();
        if (outcome.ok)
          builtBefore.note(side, { args, startedAt: finishedAt - ms, finishedAt, hasWaited: outcome.waitedMs > 0 });
        listener.onFinished(side, outcome, ms);
      },
      onStopped: (reason) => listener.onStopped(side, reason),
      onSkipped: (reason) => listener.onSkipped(side, reason),
      onState: () => this.#onState(),
    });
  }

  /** `cargo build`, not `cargo component build` or another program, which need not know all of its options. */
  #isPlainBuild({ program, args }: CargoRequest): boolean {
    const [first = '', second] = args;
    return program === this.#options.realCargo && (first === 'build' || (first.startsWith('+') && second === 'build'));
  }

  /** The recovery ladder of one build: again after a pause, with fewer jobs, without the incremental cache; then it stands. */
  async #retry(
    side: RustSide,
    outcome: CargoOutcome,
    request: CargoRequest,
    attempt: number,
  ): Promise<CargoRequest | null> {
    const { clock, maxRetries, listener } = this.#options;
    const failure = classifyFailure(outcome);
    if (failure.kind === 'final' || attempt > maxRetries) return null;
    if (failure.kind === 'corrupt') {
      listener.onRecovery('clean', attempt, `${side}: ${failure.why}; built again without its incremental cache`);
      await removeIncrementalCache(request.args, this.#options.targetDir);
      return request;
    }
    const fewer = failure.fewerJobs ? ', with one job at a time' : '';
    listener.onRecovery('retry', attempt, `${side}: ${failure.why}; built again${fewer}`);
    await delay(clock, FIRST_PAUSE_MS * 2 ** (attempt - 1));
    return failure.fewerJobs ? { ...request, env: { ...request.env, CARGO_BUILD_JOBS: '1' } } : request;
  }

  /**
   * The server's success is told only when the front's outcome is known, and as a failure when that failed: cargo-leptos
   * notes the new binary's hash as soon as it hears of success, and then never restarts the server for it once the front
   * is mended. The same happens when an event interrupts its wasm-bindgen, so the end of that is awaited too. It waits
   * for both before it restarts the server anyway, so this costs no time.
   */
  async #release(side: RustSide, code: number): Promise<number> {
    if (side === 'front') {
      this.#frontFailedInThisRun = code !== 0;
      if (code === 0 && this.sides.front.isRequested) this.#setBindgen('expected');
      return code;
    }
    await this.#frontRequest();
    const { front } = this.sides;
    for (;;) {
      if (code === 0 && this.#mayGoFirst && front.answerEarly()) {
        this.#frontGoesOn = true;
        // It looks at the wasm, sees the one that it has, and says so.
        this.#setBindgen('expected');
      }
      const goesFirst = code === 0 && this.#frontGoesOn;
      if (this.#bindgen === 'none' && (goesFirst || !front.isBusy)) break;
      await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    }
    if (code !== 0 || !this.#frontGoesOn) return code === 0 && this.#frontFailedInThisRun ? 1 : code;
    // If it was out of date meanwhile, it is not started.
    if (this.sides.server.isUpToDate) this.#options.listener.onContentFirst();
    return 0;
  }

  get #isContentFirst(): boolean {
    return this.#hasWasm && this.#options.contentFirst();
  }

  /** There is a new server, and cargo-leptos does nothing with a wasm that would have to be awaited. */
  get #mayGoFirst(): boolean {
    const { isUpToDate, isDelivered } = this.sides.server;
    return (
      this.#isContentFirst && this.#bindgen === 'none' && !this.#frontFailedInThisRun && isUpToDate && !isDelivered
    );
  }

  /** cargo-leptos asks for both sides at once, but the front's shim may be the later one to reach us. */
  #frontRequest(): Promise<void> {
    const { front } = this.sides;
    if (front.isBusy || front.isUpToDate || front.hasFailed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(REQUESTS_APART_MS, resolve);
      this.#onFrontRequest = () => {
        cancel();
        resolve();
      };
    });
  }

  #onState(): void {
    const { front, server } = this.sides;
    if (front.isBusy) this.#onFrontRequest();
    this.#wake();
    if (!front.isBusy && !server.isBusy) this.#frontFailedInThisRun = false;
    this.#options.listener.onState();
  }

  #onCall(call: GateCall): void {
    const { request } = call;
    const recognised = recogniseCall(request.args, this.#options.project());
    switch (recognised.kind) {
      case 'metadata':
        void answerMetadata(call, this.#options);
        return;
      case 'build':
        // A further request is one of a further run.
        if (recognised.side === 'front') this.#frontFailedInThisRun = false;
        this.sides[recognised.side].request(request, (code) => call.reply({ kind: 'exit', code }), call.gone);
        return;
      case 'other':
        call.reply({ kind: 'decline' });
        return;
    }
  }
}
