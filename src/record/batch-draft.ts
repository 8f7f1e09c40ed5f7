import type { Event, ProcessUsage, ReloadKind, RustSide, Side } from '../core/events.js';
import {
  type BatchResult,
  type BuildRecord,
  LISTED,
  listed,
  type Phase,
  RECORD_VERSION,
  type Revision,
  type SideResult,
  type SideStep,
  type Versions,
  type WasmSize,
} from './build-record.js';

/** What holds for every batch of a session. */
export interface SessionFacts {
  readonly session: string;
  readonly project: string;
  readonly mode: string;
  readonly versions: Versions;
}

/** How it arrived. */
export type Arrival = Pick<BuildRecord, 'reload' | 'contentMs' | 'interactiveMs'>;

export interface Opening {
  readonly id: number;
  readonly files: readonly string[];
  readonly why: string;
  readonly sides: readonly Side[];
  /** When the saves had settled, in ms since the epoch. */
  readonly settledAt: number;
  /** The last save, where it was told. */
  readonly savedAt?: number;
  readonly revision: Promise<Revision | null>;
}

const NO_WASM: Promise<WasmSize> = Promise.resolve({});
const NOT_SERVED: Promise<number | null> = Promise.resolve(null);

/** What has to be waited for before a record is complete. */
export interface LateFacts {
  readonly git: Revision | null;
  readonly wasm: WasmSize;
}

/** Gathers what the events tell of one batch. Moments are in ms since the epoch. */
export class BatchDraft {
  readonly id: number;
  readonly #revision: Promise<Revision | null>;
  readonly #opening: Opening;
  readonly #sides: Map<Side, SideResult>;
  readonly #begun = new Map<Side, number>();
  readonly #phases: Phase[] = [];
  readonly #errors = new Set<string>();
  readonly #codes = new Set<string>();
  readonly #compiled = new Set<string>();
  #savedAt: number;
  #syntaxErrors = 0;
  #recoveries = 0;
  #patchedMs: number | null = null;
  #paintedMs: number | null = null;
  #contentMs: number | null = null;
  #peakRss = 0;
  #usage: ProcessUsage | null = null;
  #steps: readonly SideStep[] = [];
  #waitedMs = 0;
  #builtWasm: Promise<WasmSize> = NO_WASM;
  #servedWasm: Promise<number | null> = NOT_SERVED;
  /** Its server ended; whether it comes back is open. */
  serverExited = false;

  constructor(opening: Opening) {
    this.#opening = opening;
    this.id = opening.id;
    this.#revision = opening.revision;
    this.#sides = new Map(opening.sides.map((side) => [side, { result: 'waiting' }]));
    this.#savedAt = opening.savedAt ?? opening.settledAt;
  }

  /** A build of that side runs for it. */
  isBuilding(side: Side): boolean {
    return this.#begun.has(side);
  }

  isBuilt(side: Side): boolean {
    return this.#sides.get(side)?.result === 'built';
  }

  reaches(...sides: readonly Side[]): boolean {
    return sides.some((side) => this.#sides.has(side));
  }

  /** True when both reach a side in common. */
  shares(other: BatchDraft): boolean {
    return other.reaches(...this.#sides.keys());
  }

  /** cargo builds a side of it, and no event has told of any of its builds: there is no gate. */
  get isUntold(): boolean {
    const rust = [...this.#sides].filter(([side]) => side === 'front' || side === 'server');
    return rust.length > 0 && this.#begun.size === 0 && rust.every(([, { result }]) => result === 'waiting');
  }

  get hasFailed(): boolean {
    return [...this.#sides.values()].some(({ result }) => result === 'failed');
  }

  /** What cargo builds of it has all ended. */
  get isOver(): boolean {
    return [...this.#sides].every(
      ([side, { result }]) => side === 'style' || side === 'assets' || (result !== 'waiting' && !this.#begun.has(side)),
    );
  }

  /** The last save was then, unless the batch itself has told when it was: what arrives ahead of its batch counts from its own save. */
  savedAt(at: number): void {
    this.#savedAt = this.#opening.savedAt ?? at;
  }

  /** The process had so much memory (bytes). */
  sawMemory(rss: number): void {
    this.#peakRss = Math.max(this.#peakRss, rss);
  }

  began(side: Side, at: number): void {
    if (!this.#sides.has(side)) return;
    this.#begun.set(side, at);
  }

  finished(event: Extract<Event, { event: 'build-finished' }>, at: number): void {
    const { side, ok, ms, diagnostics, compiled = [] } = event;
    if (!this.#sides.has(side)) return;
    this.#sides.set(side, { result: ok ? 'built' : 'failed', ms });
    if (side === 'front' || side === 'server') this.#phases.push({ name: side, from: at - ms, to: at });
    this.#begun.delete(side);
    for (const crate of compiled) this.#compiled.add(crate);
    if (side === 'front' || side === 'server') this.#paid(event, side);
    for (const { level, code, rendered } of diagnostics) {
      if (level !== 'error') continue;
      this.#errors.add(rendered);
      if (code !== null) this.#codes.add(code);
    }
  }

  #paid({ usage, steps = [], waitedMs = 0 }: Extract<Event, { event: 'build-finished' }>, side: RustSide): void {
    if (usage) this.#usage = joined(this.#usage, usage);
    const all = [...this.#steps, ...steps.map((step) => ({ ...step, side }))];
    this.#steps = all.sort((a, b) => b.ms - a.ms).slice(0, LISTED);
    this.#waitedMs += waitedMs;
  }

  /** Its front was made; how large it is, is being found out. */
  builtWasm(size: Promise<WasmSize>): void {
    this.#builtWasm = size;
  }

  /** Pages load its wasm; how large it is (bytes), is being found out. */
  servesWasm(size: Promise<number | null>): void {
    this.#servedWasm = size;
  }

  /** Resolves with what was being found out. */
  async lateFacts(): Promise<LateFacts> {
    const [git, built, served] = await Promise.all([this.#revision, this.#builtWasm, this.#servedWasm]);
    return { git, wasm: { ...(served !== null && { served }), ...built } };
  }

  skipped(side: Side, reason: string): void {
    if (this.#sides.get(side)?.result === 'waiting') this.#sides.set(side, { result: 'skipped', reason });
  }

  stopped(side: RustSide, at: number): void {
    const from = this.#begun.get(side);
    if (from === undefined) return;
    this.#begun.delete(side);
    this.#sides.set(side, { result: 'stopped', ms: at - from });
    this.#phases.push({ name: side, from, to: at });
  }

  /** A step of the way that began after the save. */
  phase(phase: Phase): void {
    if (phase.from >= this.#savedAt) this.#phases.push(phase);
  }

  /** An error that is not the compiler's. */
  sawError(code: string, message: string): void {
    this.#errors.add(message);
    this.#codes.add(code);
  }

  sawSyntaxError(): void {
    this.#syntaxErrors += 1;
  }

  sawRecovery(): void {
    this.#recoveries += 1;
  }

  /** The first page that shows it counts. */
  patched(ms: number): void {
    this.#patchedMs ??= ms;
  }

  /** Its content is there, its wasm not yet. */
  content(ms: number): void {
    this.#contentMs ??= ms;
  }

  /** All of it is there after so long (ms). */
  arrival(reload: ReloadKind, ms: number): Arrival {
    return this.#contentMs === null
      ? { reload, contentMs: ms }
      : { reload, contentMs: this.#contentMs, interactiveMs: ms };
  }

  painted(ms: number): void {
    this.#paintedMs ??= ms;
  }

  /** What is known by now. */
  record(result: BatchResult, arrival: Arrival, { git, wasm }: LateFacts, facts: SessionFacts): BuildRecord {
    const { files, why, settledAt } = this.#opening;
    const savedAt = this.#savedAt;
    const settle: Phase[] = settledAt > savedAt ? [{ name: 'settle', from: savedAt, to: settledAt }] : [];
    const phases = [...settle, ...this.#phases].map(({ name, from, to }) => ({
      name,
      from: from - savedAt,
      to: to - savedAt,
    }));
    phases.sort((a, b) => a.from - b.from);
    return {
      v: RECORD_VERSION,
      type: 'build',
      at: savedAt,
      session: facts.session,
      id: this.id,
      project: facts.project,
      files: listed(files),
      why,
      sides: Object.fromEntries(this.#sides),
      phases,
      result,
      ...arrival,
      ...(this.#patchedMs !== null && { patchedMs: this.#patchedMs }),
      ...(this.#paintedMs !== null && { paintedMs: this.#paintedMs }),
      ...(this.#errors.size > 0 && {
        errors: { count: this.#errors.size, codes: [...this.#codes].slice(0, LISTED) },
      }),
      ...(this.#syntaxErrors > 0 && { syntaxErrors: this.#syntaxErrors }),
      ...(this.#recoveries > 0 && { recoveries: this.#recoveries }),
      ...(this.#compiled.size > 0 && { compiled: listed([...this.#compiled]) }),
      ...(this.#usage && { usage: this.#usage }),
      ...(this.#steps.length > 0 && { steps: this.#steps }),
      ...(this.#waitedMs > 0 && { waitedMs: this.#waitedMs }),
      ...(Object.keys(wasm).length > 0 && { wasm }),
      peakRss: this.#peakRss,
      ...(git && { git }),
      versions: facts.versions,
      mode: facts.mode,
    };
  }
}

/** Of two builds: the sum of their CPU time, and the higher peak, which each has of all that ran. */
function joined(one: ProcessUsage | null, other: ProcessUsage): ProcessUsage {
  const peakMemory = Math.max(one?.peakMemory ?? 0, other.peakMemory ?? 0);
  return { cpuMs: (one?.cpuMs ?? 0) + other.cpuMs, ...(peakMemory > 0 && { peakMemory }) };
}
