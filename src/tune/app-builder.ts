import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CargoStatus } from '../build/cargo-messages.js';
import { NO_METER } from '../build/process-meter.js';
import type { Clock } from '../core/clock.js';
import type { RustSide } from '../core/events.js';
import { type CargoOutcome, startCargo } from '../gate/cargo-run.js';
import { type ArmCallOptions, armCall } from './arm-call.js';
import { type Arm, nameOfArm } from './candidate.js';
import type { EditPlace } from './edit-place.js';
import type { EditTimes, Measurer, Outcome } from './measurer.js';
import type { BuildCalls } from './record-calls.js';
import { startBindgen } from './start-bindgen.js';

/** How much of a failed build's words is told, in lines. */
const WORDS = 6;

export interface AppBuilderOptions extends ArmCallOptions {
  readonly calls: BuildCalls;
  readonly place: EditPlace;
  readonly clock: Clock;
  /** The wasm-bindgen that cargo-leptos takes; null where none is on PATH, and then that step is left out. */
  readonly bindgen: string | null;
  readonly outputName: string;
  /** Where wasm-bindgen writes. */
  readonly pkgFolder: string;
  readonly onStatus: (side: RustSide, status: CargoStatus) => void;
  readonly signal: AbortSignal;
}

interface Stoppable {
  readonly stop: () => Promise<void>;
}

interface BuiltSide {
  readonly ms: number;
  readonly hasCompiled: boolean;
}

/** Thrown within a build whose time is over or whose user has had enough. */
class Cut extends Error {}

/** Builds the copy of the app with one arm after the other, as cargo-leptos builds: both sides at once, then wasm-bindgen. */
export class AppBuilder implements Measurer {
  readonly #options: AppBuilderOptions;
  readonly #running = new Set<Stoppable>();
  #edit = 0;

  constructor(options: AppBuilderOptions) {
    this.#options = options;
  }

  async warmUp(arm: Arm, until: number): Promise<Outcome<number>> {
    const outcome = await this.build(arm, until);
    return outcome.kind === 'done' ? { kind: 'done', value: outcome.value.ms } : outcome;
  }

  async build(arm: Arm, until: number): Promise<Outcome<EditTimes>> {
    const { clock, signal, place } = this.#options;
    if (signal.aborted) return { kind: 'stopped' };
    if (clock.now() >= until) return { kind: 'late' };
    let isLate = false;
    let isCut = false;
    const cut = (): void => {
      isCut = true;
      for (const running of this.#running) void running.stop();
    };
    const cancel = clock.after(until - clock.now(), () => {
      isLate = true;
      cut();
    });
    signal.addEventListener('abort', cut);
    try {
      this.#edit += 1;
      await place.make(this.#edit);
      const start = clock.now();
      const isRunning = (): boolean => !isCut;
      // Both are waited for, also when one fails: nothing may build on behind the next arm.
      const [front, server] = await Promise.allSettled([
        this.#front(arm, isRunning),
        this.#cargo('server', arm, isRunning),
      ]);
      if (front.status === 'rejected') throw front.reason;
      if (server.status === 'rejected') throw server.reason;
      // What took no work says nothing of the setting, and must not be taken for a fast one.
      if (!front.value.hasCompiled && !server.value.hasCompiled)
        throw new BuildFailed(`${nameOfArm(arm)}: cargo had nothing to compile for the edit of ${place.what}`);
      return {
        kind: 'done',
        value: {
          ms: clock.now() - start,
          frontMs: front.value.ms,
          bindgenMs: front.value.bindgenMs,
          serverMs: server.value.ms,
          wasmBytes: front.value.wasmBytes,
        },
      };
    } catch (error) {
      if (isCut) return isLate ? { kind: 'late' } : { kind: 'stopped' };
      if (error instanceof BuildFailed) return { kind: 'failed', why: error.message };
      throw error;
    } finally {
      cancel();
      signal.removeEventListener('abort', cut);
    }
  }

  async #front(
    arm: Arm,
    isRunning: () => boolean,
  ): Promise<BuiltSide & { readonly bindgenMs: number; readonly wasmBytes: number | null }> {
    const { clock, bindgen, outputName, pkgFolder } = this.#options;
    const start = clock.now();
    const { wasm, hasCompiled } = await this.#cargo('front', arm, isRunning);
    if (wasm === null || bindgen === null) {
      return {
        ms: clock.now() - start,
        hasCompiled,
        bindgenMs: 0,
        wasmBytes: wasm === null ? null : await sizeOf(wasm),
      };
    }
    const bindgenStart = clock.now();
    await mkdir(pkgFolder, { recursive: true });
    await this.#bindgen(bindgen, wasm, isRunning);
    return {
      ms: clock.now() - start,
      hasCompiled,
      bindgenMs: clock.now() - bindgenStart,
      wasmBytes: await sizeOf(join(pkgFolder, `${outputName}_bg.wasm`)),
    };
  }

  async #cargo(
    side: RustSide,
    arm: Arm,
    isRunning: () => boolean,
  ): Promise<BuiltSide & { readonly wasm: string | null }> {
    const { calls, clock, onStatus } = this.#options;
    if (!isRunning()) throw new Cut();
    const start = clock.now();
    const request = armCall(side, calls[side], arm, this.#options);
    const run = startCargo({
      shimFolder: '',
      request,
      extraArgs: [],
      onStatus: (status) => onStatus(side, status),
      clock,
      meter: NO_METER,
    });
    const outcome = await this.#during(run, run.finished);
    if (!isRunning()) throw new Cut();
    if (!outcome.ok) throw new BuildFailed(`${side}, ${nameOfArm(arm)}: ${wordsOf(outcome)}`);
    return { ms: clock.now() - start, hasCompiled: outcome.compiled.length > 0, wasm: outcome.artifact };
  }

  async #bindgen(program: string, wasm: string, isRunning: () => boolean): Promise<void> {
    const { outputName, pkgFolder, calls } = this.#options;
    if (!isRunning()) throw new Cut();
    const run = startBindgen({ program, wasm, outputName, folder: pkgFolder, env: calls.front.env });
    const { code, words } = await this.#during(run, run.finished);
    if (!isRunning()) throw new Cut();
    if (code !== 0) throw new BuildFailed(`wasm-bindgen: ${words.trim().split('\n').slice(0, WORDS).join('\n')}`);
  }

  async #during<T>(running: Stoppable, ended: Promise<T>): Promise<T> {
    this.#running.add(running);
    try {
      return await ended;
    } finally {
      this.#running.delete(running);
    }
  }
}

class BuildFailed extends Error {}

/** The first error as rustc tells it, or else what cargo said last. */
function wordsOf({ diagnostics, output, code }: CargoOutcome): string {
  const error = diagnostics.find(({ level }) => level === 'error');
  if (error)
    return [error.message, error.file === null ? '' : `${error.file}:${error.line}`].filter(Boolean).join(', ');
  const words = output
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return words.slice(-WORDS).join('\n') || `cargo ended with code ${code}`;
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}
