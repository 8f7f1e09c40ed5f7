import type { Event, RustSide, Side } from '../core/events.js';
import {
  type BatchResult,
  type BuildRecord,
  LISTED,
  listed,
  type Phase,
  RECORD_VERSION,
  type Revision,
  type SideResult,
  type Versions,
} from './build-record.js';

/** What holds for every batch of a session. */
export interface SessionFacts {
  readonly session: string;
  readonly project: string;
  readonly mode: string;
  readonly versions: Versions;
}

/** How it arrived. */
export type Arrival = Pick<BuildRecord, 'reload' | 'contentMs'>;

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

/** Gathers what the events tell of one batch. Moments are in ms since the epoch. */
export class BatchDraft {
  readonly id: number;
  readonly revision: Promise<Revision | null>;
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
  #peakRss = 0;
  /** Its server ended; whether it comes back is open. */
  serverExited = false;

  constructor(opening: Opening) {
    this.#opening = opening;
    this.id = opening.id;
    this.revision = opening.revision;
    this.#sides = new Map(opening.sides.map((side) => [side, { result: 'waiting' }]));
    this.#savedAt = opening.savedAt ?? opening.settledAt;
  }

  /** A build of that side runs for it. */
  isBuilding(side: Side): boolean {
    return this.#begun.has(side);
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

  /** It turned out when the last save was. */
  savedAt(at: number): void {
    this.#savedAt = at;
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
    for (const { level, code, rendered } of diagnostics) {
      if (level !== 'error') continue;
      this.#errors.add(rendered);
      if (code !== null) this.#codes.add(code);
    }
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

  painted(ms: number): void {
    this.#paintedMs ??= ms;
  }

  /** What is known by now. */
  record(result: BatchResult, arrival: Arrival, git: Revision | null, facts: SessionFacts): BuildRecord {
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
      peakRss: this.#peakRss,
      ...(git && { git }),
      versions: facts.versions,
      mode: facts.mode,
    };
  }
}
