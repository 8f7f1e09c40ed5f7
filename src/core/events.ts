import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.js';
import type { ErrorCode, LfError, Place } from './errors.js';

/** What can be out of date: the wasm, the server binary, the stylesheet, the copied assets. */
export type Side = 'front' | 'server' | 'style' | 'assets';

/** The two sides that cargo builds. */
export type RustSide = Extract<Side, 'front' | 'server'>;

export const RUST_SIDES: readonly RustSide[] = ['front', 'server'];

export const SIDES: readonly Side[] = ['front', 'server', 'style', 'assets'];

/** Names what was built, for people and as a key: `front and server`. */
export function nameOfSides(sides: Iterable<Side>): string {
  const wanted = new Set(sides);
  return SIDES.filter((side) => wanted.has(side)).join(' and ');
}

/** One message of the compiler. `line` and `column` count from 1. */
export interface Diagnostic {
  readonly level: 'error' | 'warning';
  /** rustc's code such as `E0308`, or null. */
  readonly code: string | null;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** As rustc renders it, with ANSI colours. */
  readonly rendered: string;
}

/** One setting of `dev`, as `--print-config` tells it. */
export interface ConfigEntry {
  /** Its name in leptos-fast.toml. */
  readonly name: string;
  /** Null, or an empty list, while nobody sets it; `unset` says what counts then. */
  readonly value: string | number | boolean | readonly string[] | null;
  readonly unset?: string;
  readonly source: 'default' | 'file' | 'environment' | 'flag';
  /** The source for people: a place, a variable, a flag, or `default`. */
  readonly from: string;
  readonly where?: Place;
}

/** What a build cost the machine: cargo and all processes below it. */
export interface ProcessUsage {
  /** CPU time in ms, of those that ended meanwhile too. */
  readonly cpuMs: number;
  /**
   * The most memory (bytes) that all builds that ran were seen to have at one moment, without code that they share. Absent when
   * it ended before anybody looked.
   */
  readonly peakMemory?: number;
}

/** A step of cargo's that was seen to run, in ms. A `link` is part of the `compile` of its name. */
export interface BuildStep {
  /** The crate; for `build script` the package. */
  readonly name: string;
  readonly kind: 'compile' | 'link' | 'build script';
  readonly ms: number;
  /** The linker's command. */
  readonly tool?: string;
}

/** How a batch came to the page. */
export type ReloadKind = 'full' | 'style' | 'assets' | 'none';

/** All that happens, as one union; the names and fields are an interface for scripts (`--json`). Times in ms. */
export type EventBody =
  | { readonly event: 'starting'; readonly project: string; readonly dir: string; readonly mode: string }
  /** One of several projects: it is built when it is needed. */
  | { readonly event: 'project-waiting'; readonly project: string; readonly url: string }
  /** Now it is built; `idle` ahead of the first request, since it was needed before and nothing else is to be done. */
  | { readonly event: 'project-wanted'; readonly project: string; readonly why: 'asked for' | 'idle' }
  | {
      readonly event: 'ready';
      readonly url: string;
      /** Where the dashboard is; absent without the proxy. */
      readonly dashboard?: string;
      readonly startupMs: number;
      readonly mode: string;
      readonly gate: boolean;
      readonly filesWatched: number;
    }
  | {
      readonly event: 'change-batch';
      readonly id: number;
      /** Relative to the workspace root. */
      readonly files: readonly string[];
      readonly sides: readonly Side[];
      readonly reason: string;
      /** The last save, in ms since the epoch. */
      readonly savedAt?: number;
    }
  /** A saved file does not parse; its build waits up to `graceMs` for the next save. */
  | {
      readonly event: 'syntax-error';
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly message: string;
      readonly graceMs: number;
    }
  | { readonly event: 'build-started'; readonly batch: number; readonly side: Side }
  | {
      readonly event: 'build-progress';
      readonly side: RustSide;
      readonly done: number;
      readonly total: number;
      readonly crate: string;
    }
  | {
      readonly event: 'build-finished';
      readonly batch: number;
      readonly side: Side;
      readonly ok: boolean;
      readonly ms: number;
      readonly diagnostics: readonly Diagnostic[];
      /** Crates that cargo compiled, not taken as they were. */
      readonly compiled?: readonly string[];
      /** Absent where the system does not tell. */
      readonly usage?: ProcessUsage;
      /** The longest steps that were seen, the longest first. */
      readonly steps?: readonly BuildStep[];
      /** How long it waited for another cargo in the same target directory; absent when it did not. */
      readonly waitedMs?: number;
      /** What was made, absolute; only when the build succeeded. */
      readonly artifact?: string;
      /** What cargo said besides the compiler's messages; only when the build failed. */
      readonly output?: string;
    }
  | { readonly event: 'build-skipped'; readonly batch: number; readonly side: Side; readonly reason: string }
  | { readonly event: 'build-stopped'; readonly batch: number; readonly side: RustSide; readonly reason: string }
  /** cargo-leptos, in whatever run it is, begins or ends a step that is not cargo's. */
  | {
      readonly event: 'step';
      readonly step: 'wasm-bindgen' | 'style' | 'assets';
      readonly state: 'started' | 'finished';
      /** With `finished`, for the stylesheet: it is another one than before, perhaps before its save counts as settled. */
      readonly changed?: boolean;
    }
  | { readonly event: 'server-started'; readonly pid: number | null; readonly ms: number }
  | { readonly event: 'server-exited'; readonly pid: number; readonly reason: string }
  /**
   * The server answers with the batch, or its files are in place; `restarted` when a new server does. With `contentOnly`
   * its wasm is still built, and `interactive` tells when that is there.
   */
  | {
      readonly event: 'reloaded';
      readonly batch: number;
      readonly kind: ReloadKind;
      readonly ms: number;
      readonly restarted: boolean;
      readonly contentOnly?: true;
    }
  /** The wasm of a batch whose content came first is there too; `ms` since the save. */
  | { readonly event: 'interactive'; readonly batch: number; readonly ms: number }
  /** A page has painted the batch; times are from the save. */
  | {
      readonly event: 'painted';
      readonly batch: number;
      readonly kind: 'reload' | 'style' | 'assets';
      readonly ms: number;
    }
  /** A page has painted the batch's view patch, long before it is built. */
  | { readonly event: 'patched'; readonly batch: number; readonly ms: number }
  /** The wasm panicked, or an exception in a page was caught by nobody. */
  | { readonly event: 'page-error'; readonly message: string }
  | { readonly event: 'recovery'; readonly kind: string; readonly attempt: number; readonly why: string }
  | { readonly event: 'notice'; readonly message: string }
  | { readonly event: 'app-output'; readonly stream: 'stdout' | 'stderr'; readonly line: string }
  | { readonly event: 'log'; readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly line: string }
  | {
      readonly event: 'error';
      readonly code: ErrorCode;
      readonly message: string;
      readonly help: readonly string[];
      readonly why?: string;
      readonly where?: Place;
    }
  | {
      readonly event: 'config';
      /** The settings file (absolute), whether it exists or not. */
      readonly file: string;
      readonly settings: readonly ConfigEntry[];
    }
  | { readonly event: 'stopping'; readonly waitingFor: string }
  | { readonly event: 'stopped'; readonly exitCode: number };

/** An event with when and in which run of `dev` it happened. */
export type Event = EventBody & { readonly time: string; readonly session: string };

export type Listener = (event: Event) => void;

/** The one typed bus: those who do the work emit, sinks listen; nothing flows back. */
export class EventBus {
  readonly session: string = randomUUID();
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Delivers an event to every listener at once, in order of registration. */
  emit(body: EventBody): void {
    this.pass({ ...body, time: new Date(this.#clock.now()).toISOString(), session: this.session });
  }

  /** Delivers an event that happened elsewhere, as it is. */
  pass(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Registers a listener; the returned function removes it. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** An expected failure as the event that reports it. */
export function errorEvent({ code, message, help, why, where }: LfError): EventBody {
  return { event: 'error', code, message, help, ...(why !== undefined && { why }), ...(where && { where }) };
}
