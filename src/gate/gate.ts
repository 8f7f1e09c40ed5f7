import { spawn } from 'node:child_process';
import type { CargoStatus } from '../build/cargo-messages.js';
import type { Clock } from '../core/clock.js';
import type { RustSide } from '../core/events.js';
import type { LeptosProject } from '../project/model.js';
import { recogniseCall } from './cargo-call.js';
import { type CargoOutcome, startCargo, withoutShim } from './cargo-run.js';
import { type GateCall, GateServer } from './gate-server.js';
import { type MetadataRewrite, rewriteMetadata } from './rewrite-metadata.js';
import { writeShim } from './shim.js';
import { SideBuilder } from './side-builder.js';

/** See SideBuilderOptions.graceMs: cargo-leptos reports an event after 100 ms, so ours is there by then. */
const GRACE_MS = 150;

export interface GateOptions {
  readonly project: LeptosProject;
  readonly clock: Clock;
  readonly realCargo: string;
  /** Where the shim is written; goes in front of cargo-leptos's PATH. */
  readonly shimFolder: string;
  readonly socketPath: string;
  readonly rewrite: MetadataRewrite;
  /** What `cargo build` gets besides cargo-leptos's own arguments: the profile, where no file has it. */
  readonly buildArgs: readonly string[];
  readonly settled: () => Promise<void>;
  readonly listener: GateListener;
}

/** What the gate reports. Times in ms. */
export interface GateListener {
  onStarted(side: RustSide): void;
  onStatus(side: RustSide, status: CargoStatus): void;
  onFinished(side: RustSide, outcome: CargoOutcome, ms: number): void;
  onStopped(side: RustSide, reason: string): void;
  onSkipped(side: RustSide, reason: string): void;
  /** A request came, or a side became idle: time to see what is still missing. */
  onState(): void;
}

/** What cargo-leptos sees as cargo: holds its builds until the saves have settled, and passes its metadata on changed. */
export class Gate {
  readonly #options: GateOptions;
  readonly #server: GateServer;
  readonly sides: Readonly<Record<RustSide, SideBuilder>>;
  /** Called when a side becomes idle. */
  #idleListeners: (() => void)[] = [];
  /** When cargo-leptos's present run of both sides began: the last time the gate was without any request. */
  #frontFailedInThisRun = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.sides = { front: this.#builder('front'), server: this.#builder('server') };
    this.#server = new GateServer((call) => this.#onCall(call));
  }

  /** Writes the shim and begins to listen. */
  async open(): Promise<void> {
    const { shimFolder, socketPath, realCargo } = this.#options;
    await writeShim({ folder: shimFolder, socketPath, realCargo });
    await this.#server.listen(socketPath);
  }

  /** Ends running builds, answers those who wait with 130 as after Ctrl-C, and stops listening. */
  async close(): Promise<void> {
    await Promise.all([this.sides.front.close(), this.sides.server.close()]);
    await this.#server.close(130);
  }

  #builder(side: RustSide): SideBuilder {
    const { clock, settled, listener, realCargo, shimFolder, buildArgs } = this.#options;
    return new SideBuilder({
      side,
      clock,
      graceMs: GRACE_MS,
      settled,
      start: (request) =>
        startCargo({
          realCargo,
          shimFolder,
          request,
          extraArgs: buildArgs,
          onStatus: (status) => listener.onStatus(side, status),
        }),
      release: (code) => this.#release(side, code),
      onStarted: () => listener.onStarted(side),
      onFinished: (outcome, ms) => listener.onFinished(side, outcome, ms),
      onStopped: (reason) => listener.onStopped(side, reason),
      onSkipped: (reason) => listener.onSkipped(side, reason),
      onState: () => this.#onState(),
    });
  }

  /**
   * The server's success is told only when the front's outcome is known, and as a failure when that failed: cargo-leptos
   * notes the new binary's hash as soon as it hears of success, and then never restarts the server for it once the front
   * is mended. It waits for both sides before it restarts anyway, so this costs no time.
   */
  async #release(side: RustSide, code: number): Promise<number> {
    if (side === 'front') {
      this.#frontFailedInThisRun = code !== 0;
      return code;
    }
    while (this.sides.front.isBusy) await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    return code === 0 && this.#frontFailedInThisRun ? 1 : code;
  }

  #onState(): void {
    const { front, server } = this.sides;
    if (!front.isBusy) {
      const listeners = this.#idleListeners;
      this.#idleListeners = [];
      for (const wake of listeners) wake();
    }
    if (!front.isBusy && !server.isBusy) this.#frontFailedInThisRun = false;
    this.#options.listener.onState();
  }

  #onCall(call: GateCall): void {
    const { request } = call;
    const recognised = recogniseCall(request.args, this.#options.project);
    switch (recognised.kind) {
      case 'metadata':
        this.#metadata(call);
        return;
      case 'build':
        this.sides[recognised.side].request(request, (code) => call.reply({ kind: 'exit', code }), call.gone);
        return;
      case 'other':
        call.reply({ kind: 'decline' });
        return;
    }
  }

  #metadata(call: GateCall): void {
    const { realCargo, shimFolder, rewrite } = this.#options;
    const { args, cwd, env } = call.request;
    const child = spawn(realCargo, [...args], {
      cwd,
      env: withoutShim(env, shimFolder),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => call.reply({ kind: 'stderr', data: chunk.toString('base64') }));
    child.on('error', () => call.reply({ kind: 'decline' }));
    child.on('close', (code) => {
      const text = rewriteMetadata(Buffer.concat(out).toString('utf8'), rewrite);
      call.reply({ kind: 'stdout', data: Buffer.from(text).toString('base64') });
      call.reply({ kind: 'exit', code: code ?? 1 });
    });
  }
}
