import { CACHE_KINDS, type CacheFigures } from '../cache/cache-figures.js';
import type { Clock } from '../core/clock.js';
import { type Event, type ReloadKind, type RustSide, SIDES, type Side } from '../core/events.js';
import { type Arrival, BatchDraft, type Opening, type SessionFacts } from './batch-draft.js';
import {
  type BatchResult,
  type BuildRecord,
  type CacheUse,
  type HistoryLine,
  type Incident,
  type Phase,
  type PhaseName,
  RECORD_VERSION,
  type Revision,
  type Versions,
  type WasmSize,
} from './build-record.js';
import type { HistoryStore } from './history-store.js';

/** So long (ms) after a batch arrived a page may still tell that it has painted it, and after a failure the other side. */
const LATE_FACTS_MS = 15_000;
/** Without the gate nobody tells that a batch failed; so many may be open. */
const MAX_OPEN = 50;
/** How often (ms) at most the process's memory is asked for. */
const MEMORY_EVERY_MS = 100;
/** Which side a step of cargo-leptos belongs to. */
const STEP_SIDES = { 'wasm-bindgen': 'front', style: 'style', assets: 'assets' } as const;

type Step = keyof typeof STEP_SIDES;

export interface RecorderOptions {
  readonly clock: Clock;
  readonly store: Pick<HistoryStore, 'append' | 'flush'>;
  readonly versions: Versions;
  /** The commit that is checked out now; null where there is none. */
  readonly revision: () => Promise<Revision | null>;
  /** How much memory (bytes) this process has now. */
  readonly rss: () => number;
  /** Sizes of the wasm at a path. */
  readonly builtWasm: (path: string) => Promise<WasmSize>;
  /** How large (bytes) the wasm is that pages load now. */
  readonly servedWasm: () => Promise<number | null>;
  /** What the caches were good for, so far. */
  readonly cacheFigures: () => CacheFigures;
  /** A line of the history is complete. */
  readonly onLine?: (line: HistoryLine) => void;
}

/*
 *               reloaded, ready                painted, 15 s later, end
 *   collecting ─────────────────▶ arrived ───────────────────────────────────▶ written
 *     │   │      a build failed                all its builds ended, 15 s later, end
 *     │   └─────────────────────▶ failing ───────────────────────────────────▶ written (failed)
 *     │ another batch builds a side of it, or stops its build
 *     ├──────────────────────────────────────────────────────────────────────▶ written (superseded)
 *     └ end ─────────────────────────────────────────────────────────────────▶ written (unfinished)
 */
type State =
  | { readonly kind: 'collecting' }
  | { readonly kind: 'arrived'; readonly arrival: Arrival; readonly cancel: () => void }
  | { readonly kind: 'failing'; readonly cancel: () => void };

interface Open {
  readonly draft: BatchDraft;
  state: State;
}

/** Makes one record of each batch, and of each incident, from the events alone, and hands it to the store. */
export class Recorder {
  readonly #options: RecorderOptions;
  #facts: SessionFacts;
  readonly #open = new Map<number, Open>();
  readonly #begunSteps = new Map<Step, number>();
  /** The last one of each kind: style and assets are often through before their saves have settled. */
  readonly #lastSteps = new Map<Step, Phase>();
  readonly #writing = new Set<Promise<void>>();
  readonly #builds: BuildRecord[] = [];
  readonly #incidents: Incident[] = [];
  #sampledAt = 0;
  #rss = 0;
  /** What the records so far tell of the caches. */
  #cacheTold: CacheUse = { hits: 0, misses: 0, savedMs: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#facts = { session: '', project: '', mode: '', versions: options.versions };
  }

  /** The batches of this session that are complete. */
  get builds(): readonly BuildRecord[] {
    return this.#builds;
  }

  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  /** Takes note of an event. */
  on(event: Event): void {
    if (event.event === 'app-output' || event.event === 'log' || event.event === 'build-progress') return;
    const at = Date.parse(event.time);
    if (this.#open.size > 0) this.#sampleMemory(at);
    switch (event.event) {
      case 'starting':
        this.#facts = { ...this.#facts, session: event.session, project: event.project, mode: event.mode };
        this.#begin({ id: 0, files: [], why: 'first build', sides: SIDES }, at);
        return;
      case 'ready':
        this.#open.get(0)?.draft.savedAt(at - event.startupMs);
        this.#arrive(0, 'full', event.startupMs);
        return;
      case 'change-batch': {
        const { id, files, reason, sides, savedAt } = event;
        this.#begin({ id, files, why: reason, sides, ...(savedAt !== undefined && { savedAt }) }, at);
        return;
      }
      case 'build-started':
        this.#supersede(event.batch, event.side);
        this.#open.get(event.batch)?.draft.began(event.side, at);
        return;
      case 'build-finished':
        this.#finished(event, at);
        this.#afterBuild(event.batch);
        return;
      case 'build-skipped':
        this.#open.get(event.batch)?.draft.skipped(event.side, event.reason);
        this.#afterBuild(event.batch);
        return;
      case 'build-stopped':
        this.#stop(event.side, event.batch, at);
        return;
      case 'step':
        this.#step(event.step, event.state, at);
        return;
      case 'server-started':
        for (const { draft } of this.#collecting('front', 'server')) {
          draft.phase({ name: 'boot', from: at - event.ms, to: at });
        }
        return;
      case 'reloaded':
        if (event.batch > 0) this.#open.get(event.batch)?.draft.savedAt(at - event.ms);
        if (event.contentOnly) this.#open.get(event.batch)?.draft.content(event.ms);
        else this.#arrive(event.batch, event.kind, event.ms);
        return;
      case 'interactive':
        this.#arrive(event.batch, 'full', event.ms);
        return;
      case 'patched':
        this.#open.get(event.batch)?.draft.patched(event.ms);
        return;
      case 'painted': {
        const open = this.#open.get(event.batch);
        open?.draft.painted(event.ms);
        if (open?.state.kind === 'arrived') this.#write(open);
        return;
      }
      case 'server-exited':
        for (const { draft } of this.#collecting('front', 'server')) draft.serverExited = true;
        this.#incident('server exited', event.reason, at);
        return;
      case 'recovery':
        this.#newest()?.draft.sawRecovery();
        this.#incident(event.kind, event.why, at);
        return;
      case 'syntax-error':
        this.#newest()?.draft.sawSyntaxError();
        return;
      case 'error':
        this.#newest()?.draft.sawError(event.code, event.message);
        return;
      case 'page-error':
      case 'notice':
      case 'config':
      case 'stopping':
      case 'stopped':
        return;
    }
  }

  #sampleMemory(at: number): void {
    // Events come in bursts, and asking the system costs as much as everything else here.
    if (at >= this.#sampledAt + MEMORY_EVERY_MS) {
      this.#sampledAt = at;
      this.#rss = this.#options.rss();
    }
    for (const { draft } of this.#open.values()) draft.sawMemory(this.#rss);
  }

  /** Writes what is open as it is; resolves when it is on the disk. */
  async close(): Promise<void> {
    for (const open of [...this.#open.values()]) this.#write(open);
    await Promise.all(this.#writing);
    await this.#options.store.flush();
  }

  #begin(opening: Omit<Opening, 'settledAt' | 'revision'>, settledAt: number): void {
    const draft = new BatchDraft({ ...opening, settledAt, revision: this.#options.revision() });
    for (const [step, phase] of this.#lastSteps) if (draft.reaches(STEP_SIDES[step])) draft.phase(phase);
    this.#open.set(opening.id, { draft, state: { kind: 'collecting' } });
    this.#sampleMemory(settledAt);
    for (const open of this.#open.values()) if (this.#open.size > MAX_OPEN) this.#write(open);
  }

  /** A later batch builds a side: what earlier ones waited for comes with it. */
  #supersede(batch: number, side: Side): void {
    for (const open of [...this.#open.values()]) {
      const { draft, state } = open;
      if (draft.id >= batch || state.kind === 'arrived' || !draft.reaches(side)) continue;
      this.#write(open, state.kind === 'failing' || draft.serverExited ? 'failed' : 'superseded');
    }
  }

  /** The event may name the later batch, for which the build was stopped. */
  #stop(side: RustSide, batch: number, at: number): void {
    for (const open of [...this.#open.values()]) {
      if (!open.draft.isBuilding(side)) continue;
      open.draft.stopped(side, at);
      if (open.draft.id < batch) this.#supersede(batch, side);
    }
  }

  #step(step: Step, state: 'started' | 'finished', at: number): void {
    const from = this.#begunSteps.get(step);
    if (state === 'started') {
      if (from === undefined) this.#begunSteps.set(step, at);
      return;
    }
    this.#begunSteps.delete(step);
    if (from === undefined) return;
    const name: PhaseName = step;
    const phase = { name, from, to: at };
    this.#lastSteps.set(step, phase);
    for (const { draft } of this.#collecting(STEP_SIDES[step])) draft.phase(phase);
  }

  #finished(event: Extract<Event, { event: 'build-finished' }>, at: number): void {
    const draft = this.#open.get(event.batch)?.draft;
    draft?.finished(event, at);
    // The next build of the front overwrites it.
    if (event.side === 'front' && event.artifact !== undefined)
      draft?.builtWasm(this.#options.builtWasm(event.artifact));
  }

  #afterBuild(batch: number): void {
    const open = this.#open.get(batch);
    if (!open?.draft.hasFailed || open.state.kind === 'arrived') return;
    if (open.draft.isOver) this.#write(open, 'failed');
    else if (open.state.kind === 'collecting') open.state = { kind: 'failing', cancel: this.#writeLater(open) };
  }

  #arrive(batch: number, reload: ReloadKind, contentMs: number): void {
    const open = this.#open.get(batch);
    if (open?.state.kind !== 'collecting') return;
    const arrival = open.draft.arrival(reload, contentMs);
    if (open.draft.isBuilt('front')) open.draft.servesWasm(this.#options.servedWasm());
    // Without the gate nothing tells what was stopped: a later save of the same sides has come along.
    const isJoined =
      open.draft.isUntold && this.#collecting().some(({ draft }) => draft.id > batch && draft.shares(open.draft));
    open.state = { kind: 'arrived', arrival, cancel: this.#writeLater(open) };
    if (isJoined) this.#write(open, 'superseded');
    // Nothing new is painted, or nobody tells of it.
    else if (reload === 'none' || batch === 0) this.#write(open);
  }

  #writeLater(open: Open): () => void {
    return this.#options.clock.after(LATE_FACTS_MS, () => this.#write(open));
  }

  #collecting(...sides: readonly Side[]): Open[] {
    return [...this.#open.values()].filter(
      ({ state, draft }) => state.kind === 'collecting' && (sides.length === 0 || draft.reaches(...sides)),
    );
  }

  #newest(): Open | undefined {
    return this.#collecting().at(-1);
  }

  #incident(kind: string, why: string, at: number): void {
    const { session } = this.#facts;
    const batch = this.#newest()?.draft.id ?? null;
    const incident: Incident = { v: RECORD_VERSION, type: 'incident', at, session, batch, kind, why };
    this.#incidents.push(incident);
    this.#deliver(incident);
  }

  #write(open: Open, as?: BatchResult): void {
    const { draft, state } = open;
    if (!this.#open.delete(draft.id)) return;
    if (state.kind !== 'collecting') state.cancel();
    const result = as ?? resultOf(state);
    const arrival = state.kind === 'arrived' ? state.arrival : {};
    const facts = this.#facts;
    const cache = this.#cacheUse();
    const writing = draft.lateFacts().then((late) => {
      const record = { ...draft.record(result, arrival, late, facts), ...(cache && { cache }) };
      this.#builds.push(record);
      this.#deliver(record);
      this.#writing.delete(writing);
    });
    this.#writing.add(writing);
  }

  /** What the caches were asked for since the last record; null when nothing. */
  #cacheUse(): CacheUse | null {
    const before = this.#cacheTold;
    const now = cacheUse(this.#options.cacheFigures());
    const use = {
      hits: now.hits - before.hits,
      misses: now.misses - before.misses,
      savedMs: Math.max(0, Math.round(now.savedMs - before.savedMs)),
    };
    if (use.hits + use.misses === 0) return null;
    this.#cacheTold = now;
    return use;
  }

  #deliver(line: HistoryLine): void {
    this.#options.store.append(line);
    this.#options.onLine?.(line);
  }
}

function resultOf(state: State): BatchResult {
  switch (state.kind) {
    case 'arrived':
      return 'arrived';
    case 'failing':
      return 'failed';
    case 'collecting':
      return 'unfinished';
  }
}

/** All kinds of caches together. */
function cacheUse(figures: CacheFigures): CacheUse {
  const sum = (of: keyof CacheUse): number => CACHE_KINDS.reduce((total, kind) => total + figures[kind][of], 0);
  return { hits: sum('hits'), misses: sum('misses'), savedMs: sum('savedMs') };
}
