import type { Brought } from '../assets/asset-mirror.js';
import { type Clock, delay } from '../core/clock.js';
import {
  type EventBody,
  type EventBus,
  type ReloadKind,
  RUST_SIDES,
  type RustSide,
  SIDES,
  type Side,
} from '../core/events.js';
import type { CargoOutcome } from '../gate/cargo-run.js';
import type { GateListener } from '../gate/gate.js';
import type { SideBuilder } from '../gate/side-builder.js';
import type { PlannedChange, SideVerdict } from '../plan/last-built.js';
import type { Classifier } from '../watch/classify.js';
import type { ChangeSet, FileChange } from '../watch/source-watcher.js';
import type { Batch } from './batch.js';
import type { LogFact } from './cargo-leptos-log.js';
import { type CargoStatus, LASTING_LOCK } from './cargo-messages.js';
import { type SortedChanges, sortChanges } from './sort-changes.js';

/** cargo-leptos reports an event after 100 ms, we settle after 300: so long (ms) after that its request is overdue. */
const FIRST_TRIGGER_AFTER_MS = 150;
/** Time (ms) for a shim that cargo-leptos has just killed to come back as a new request, on a loaded machine too. */
const NEW_REQUEST_WITHIN_MS = 700;
/** Time (ms) for cargo-leptos to react to a trigger; it doubles with each one that brings nothing. */
const NEXT_TRIGGER_AFTER_MS = 1_000;
/** Time (ms) from an act of cargo-leptos to our reading of the line about it. */
const LOG_ARRIVES_WITHIN_MS = 200;
/** So many triggers without a request, and cargo-leptos is started anew. */
const MAX_TRIGGERS = 3;

export interface DevLoopOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly root: string;
  readonly classifier: () => Classifier;
  /** The gate's two builders; null when cargo-leptos runs without the gate. */
  readonly builders: () => Readonly<Record<RustSide, SideBuilder>> | null;
  /** Makes cargo-leptos ask for a side. */
  readonly trigger: (side: Side) => void;
  /** Folders whose watching tells that triggers work. */
  readonly triggerFolders: readonly string[];
  readonly restart: (why: string) => void;
  /** Resolves true when the server answers, false when it died or another start came in between. */
  readonly serverAnswers: () => Promise<boolean>;
  /** The first page can be opened. */
  readonly onReady: () => void;
  /** A side was built: time to learn which files it was made from. */
  readonly onBuilt: (side: RustSide, outcome: CargoOutcome, startedAt: number) => void;
  /** Which sides changes reach, and why; absent when every change is built. */
  readonly judge?: (changes: readonly PlannedChange[]) => Promise<Verdicts>;
  /** What the wasm is to the server that answers, or will in a moment. */
  readonly onWasm?: (state: WasmState) => void;
  /** See AssetMirror. */
  readonly placeAssets: (paths: readonly string[], since: number) => Promise<Brought>;
  /** Which files of a batch changed; before any build for it may start. */
  readonly onFiles: (changes: readonly FileChange[]) => void;
}

/**
 * `fits`: both are of the same sources. `replaced`: a new server is started, whose wasm is not there yet. `building`: that
 * wasm is built. `failed`: it does not compile.
 */
export type WasmState = 'fits' | 'replaced' | 'building' | 'failed';

/** What each side needs. */
export type Verdicts = Readonly<Record<RustSide, SideVerdict>>;

/*
 * cargo-leptos as the loop knows it from its log:
 *
 *   starting ──"Watch waiting"──▶ watching ◀──────────────┐
 *      ▲   first build of both      │ a request or event  │ "Watch updated", "no changes", "Build failed"
 *      │   sides, not watching yet  └──────▶ (a run) ─────┘
 *      └── every start of the process
 */
type Phase = 'starting' | 'watching';

interface Sighting {
  /** In ms since the epoch. */
  readonly at: number;
  /** The run has read what was there at that moment. */
  readonly begun: boolean;
  readonly written: boolean;
  readonly ended: { readonly at: number; readonly kind: ReloadKind } | null;
}

/**
 * From a set of changes to the page: sorts them by side, sees that cargo-leptos asks for each side that is behind, and
 * follows its log and the gate until the batch can be seen. It is the owner of "what is not on the page yet".
 */
export class DevLoop implements GateListener {
  readonly #options: DevLoopOptions;
  #phase: Phase = 'starting';
  #triggersReady = false;
  readonly #watchedTriggers = new Set<string>();
  #open: Batch[];
  #nextId = 1;
  #isReady = false;
  /** Sides that cargo-leptos builds itself and has not been seen to take up. */
  readonly #unseen = new Set<Side>();
  /** When cargo-leptos last saw a file of a side, and how the run for it ended: often before our batch has settled. */
  readonly #sightings = new Map<Side, Sighting>();
  /** Sides of which this cargo-leptos logs when it begins; another version may not. */
  readonly #logged = new Set<Side>();
  /** Sides that something else than a source has put out of date: only a build makes them right again. */
  readonly #mustBuild = new Set<RustSide>();
  /** What the newest changes need is still being found out. */
  #judging: Promise<void> = Promise.resolve();
  /** The server is, or is about to be, of newer sources than the wasm in the site's folder. */
  #isContentAhead = false;
  /** Open batches of which it was told that their content is there. */
  readonly #contentTold = new Set<Batch>();
  /** The newest batch that needs a side. */
  readonly #lastBatch = new Map<Side, number>();
  /** cargo-leptos has been asked for something, or asks for it, and has not yet said that it waits again. */
  #inRun = true;
  #waitingForIdle: (() => void)[] = [];
  #triggersInARow = 0;
  /** Before this moment (ms since the epoch) the last trigger may still be answered. */
  #nextTriggerAt = 0;
  #cancelCheck: (() => void) | null = null;
  #stopped = false;

  constructor(options: DevLoopOptions) {
    this.#options = options;
    this.#open = [{ id: 0, sides: new Set(SIDES), savedAt: options.clock.now() }];
  }

  /** The first build's time counts from that moment (ms since the epoch), before which nothing was done. */
  startAt(savedAt: number): void {
    this.#open = this.#open.map((batch) => (batch.id === 0 ? { ...batch, savedAt } : batch));
  }

  /** A settled set of changes. */
  onChangeSet(set: ChangeSet): void {
    const { bus, root, classifier, onFiles } = this.#options;
    const sorted = sortChanges(set.changes, root, classifier());
    if (sorted.sides.size === 0) return;
    const id = this.#nextId++;
    bus.emit({
      event: 'change-batch',
      id,
      files: sorted.files,
      sides: [...sorted.sides],
      reason: sorted.what,
      savedAt: set.lastEventAt,
    });
    onFiles(set.changes);
    const batch = { id, sides: sorted.sides, savedAt: set.lastEventAt };
    const judgement = this.#judge(sorted);
    const placing = sorted.sides.has('assets') ? this.#placeAssets(batch, set) : null;
    if (!judgement && !placing) {
      this.#begin(batch, set.changes);
      return;
    }
    this.#judging = Promise.all([this.#judging, judgement, placing]).then(([, verdicts, placed]) => {
      if (this.#stopped) return;
      if (verdicts) this.#plan(placed ?? batch, set.changes, verdicts);
      else this.#begin(placed ?? batch, set.changes);
    });
  }

  async #placeAssets(batch: Batch, { changes, firstEventAt }: ChangeSet): Promise<Batch> {
    const { bus, placeAssets } = this.#options;
    bus.emit({ event: 'build-started', batch: batch.id, side: 'assets' });
    const paths = changes.map(({ path }) => path);
    const { at: assetsAt, savedAt } = await placeAssets(paths, firstEventAt);
    const ms = assetsAt - savedAt;
    bus.emit({ event: 'build-finished', batch: batch.id, side: 'assets', ok: true, ms, diagnostics: [] });
    // The last event need not have been about the last asset, nor have changed anything.
    const isLast = batch.sides.size === 1 || savedAt > batch.savedAt;
    return { ...batch, assetsAt, savedAt: isLast ? savedAt : batch.savedAt };
  }

  /** Resolves when it is known of every change which sides it needs. */
  async judged(): Promise<void> {
    let judging: Promise<void>;
    do {
      judging = this.#judging;
      await judging;
    } while (judging !== this.#judging);
  }

  /** Null when every side is built anyway. */
  #judge({ sides, sources, unconditional }: SortedChanges): Promise<Verdicts> | null {
    for (const side of unconditional) this.#mustBuild.add(side);
    const open = RUST_SIDES.filter((side) => sides.has(side) && !this.#mustBuild.has(side));
    if (open.length === 0 || !this.#options.builders()) return null;
    return this.#options.judge?.(sources) ?? null;
  }

  /** Takes out of a batch what its changes do not reach. */
  #plan(batch: Batch, changes: readonly FileChange[], verdicts: Verdicts): void {
    const { bus } = this.#options;
    const builders = this.#options.builders();
    const skipped = RUST_SIDES.filter(
      (side) => batch.sides.has(side) && !verdicts[side].needed && !this.#mustBuild.has(side),
    );
    for (const side of skipped) {
      // An edit that broke the build was undone: what was built before it is the newest again.
      builders?.[side].markUpToDate();
      bus.emit({ event: 'build-skipped', batch: batch.id, side, reason: verdicts[side].reason });
    }
    const sides = new Set([...batch.sides].filter((side) => !skipped.some((other) => other === side)));
    if (sides.size > 0) this.#begin({ ...batch, sides }, changes);
    else this.#arrived([batch], 'none', this.#options.clock.now());
  }

  #begin(batch: Batch, changes: readonly FileChange[]): void {
    const builders = this.#options.builders();
    const files = changes.map(({ path }) => path);
    this.#open.push(batch);
    for (const side of batch.sides) this.#lastBatch.set(side, batch.id);
    for (const side of RUST_SIDES) if (batch.sides.has(side)) builders?.[side].markDirty(files);
    if (batch.sides.has('style')) {
      this.#options.bus.emit({ event: 'build-started', batch: batch.id, side: 'style' });
      const sighting = this.#sightings.get('style');
      if (sighting === undefined || sighting.at < batch.savedAt) this.#unseen.add('style');
    }
    this.#finishIfAlreadyDone(batch);
    this.#triggersInARow = 0;
    this.#nextTriggerAt = 0;
    this.#checkLater(FIRST_TRIGGER_AFTER_MS);
  }

  /** Somebody asks for a build of all sides, though no file changed. */
  rebuild(): void {
    const id = this.#nextId++;
    const savedAt = this.#options.clock.now();
    const sides = SIDES.filter((side) => side !== 'assets');
    this.#options.bus.emit({ event: 'change-batch', id, files: [], sides, reason: 'asked for', savedAt });
    for (const side of RUST_SIDES) this.#mustBuild.add(side);
    this.#begin({ id, sides: new Set(sides), savedAt }, []);
  }

  /** A new process of cargo-leptos begins: it builds everything anew and watches only afterwards. */
  onStart(): void {
    this.#phase = 'starting';
    this.#inRun = true;
    this.#triggersReady = false;
    this.#watchedTriggers.clear();
    this.#unseen.clear();
    this.#sightings.clear();
    this.#triggersInARow = 0;
  }

  /** The session ends: nothing is triggered any more. */
  stop(): void {
    this.#stopped = true;
    for (const wake of this.#waitingForIdle.splice(0)) wake();
    this.#cancelCheck?.();
  }

  /** cargo-leptos is up and in no run, and nothing waits for one. */
  get isIdle(): boolean {
    return this.#phase === 'watching' && !this.#inRun && this.#open.length === 0;
  }

  /** Resolves when cargo-leptos is in no run, and its log of the last one has had time (ms) to arrive. */
  async betweenRuns(): Promise<void> {
    await delay(this.#options.clock, LOG_ARRIVES_WITHIN_MS);
    while (this.#inRun && !this.#stopped) await new Promise<void>((resolve) => this.#waitingForIdle.push(resolve));
  }

  /** One line of cargo-leptos's log. */
  onFact(fact: LogFact): void {
    switch (fact.kind) {
      case 'idle':
        this.#inRun = false;
        for (const wake of this.#waitingForIdle.splice(0)) wake();
        if (this.#phase === 'starting') {
          this.#phase = 'watching';
          this.#onRunEnded({ server: true, kind: 'full' });
        }
        this.#checkLater(FIRST_TRIGGER_AFTER_MS);
        return;
      case 'watching':
        if (this.#options.triggerFolders.includes(fact.path)) this.#watchedTriggers.add(fact.path);
        if (this.#watchedTriggers.size === this.#options.triggerFolders.length && !this.#triggersReady) {
          this.#triggersReady = true;
          this.#checkLater(FIRST_TRIGGER_AFTER_MS);
        }
        return;
      case 'saw':
        this.#inRun = true;
        // Not ours: a file that the project's own watch-additional-files names.
        if (fact.side === 'assets') return;
        this.#unseen.delete(fact.side);
        this.#sightings.set(fact.side, { at: this.#options.clock.now(), begun: false, written: false, ended: null });
        return;
      case 'begun':
      case 'written': {
        this.#options.bus.emit({
          event: 'step',
          step: fact.side,
          ...(fact.kind === 'begun' ? { state: 'started' } : { state: 'finished', changed: fact.changed }),
        });
        const sighting = this.#sightings.get(fact.side);
        this.#logged.add(fact.side);
        if (sighting && !sighting.ended) this.#sightings.set(fact.side, { ...sighting, [fact.kind]: true });
        return;
      }
      case 'updated':
        if (fact.server && this.#isContentAhead) this.#options.onWasm?.('replaced');
        this.#onRunEnded({ server: fact.server, kind: fact.onlyStyle ? 'style' : 'full' });
        return;
      case 'unchanged':
        this.#onRunEnded({ server: false, kind: 'none' });
        return;
      case 'failed':
        // Without the gate only the log tells; cargo's own output has shown why.
        if (!this.#options.builders()) this.#close(this.#open);
        this.#onRunFailed();
        this.#checkLater(FIRST_TRIGGER_AFTER_MS);
        return;
      case 'bindgen-started':
      case 'bindgen-finished': {
        const state = fact.kind === 'bindgen-started' ? 'started' : 'finished';
        this.#options.bus.emit({ event: 'step', step: 'wasm-bindgen', state });
        return;
      }
      case 'interrupted':
      case 'serving':
      case 'app':
        return;
      case 'message':
        // Ours, and for the app: cargo-leptos only passes it on.
        if (fact.text.startsWith('Env LEPTOS_RELOAD_EXTERNAL_PORT ')) return;
        this.#options.bus.emit({ event: 'log', level: fact.level, line: fact.text });
        return;
    }
  }

  onStarted(side: RustSide): void {
    if (side === 'front' && this.#isContentAhead) this.#options.onWasm?.('building');
    this.#options.bus.emit({ event: 'build-started', batch: this.#latestBatch(side), side });
  }

  onStatus(side: RustSide, status: CargoStatus): void {
    const { bus } = this.#options;
    if (status.kind === 'progress') {
      bus.emit({ event: 'build-progress', side, done: status.done, total: status.total, crate: status.crate });
    } else if (status.kind === 'blocked' && LASTING_LOCK.test(status.on)) {
      bus.emit({
        event: 'notice',
        message: `${side} waits: another cargo, often rust-analyzer's, holds the ${status.on}`,
      });
    }
  }

  onRebuilt(side: RustSide, reason: string): void {
    this.#options.bus.emit({ event: 'notice', message: `${side}: ${reason}` });
  }

  onTouched(side: RustSide, files: number): void {
    const what =
      files === 1
        ? '1 file is newer than its build, with the same'
        : `${files} files are newer than their build, with the same`;
    this.#options.bus.emit({
      event: 'notice',
      message: `${side}: ${what} content (switching branches does that): nothing is compiled for it`,
    });
  }

  onFinished(side: RustSide, outcome: CargoOutcome, ms: number): void {
    this.#options.bus.emit({
      event: 'build-finished',
      batch: this.#latestBatch(side),
      side,
      ok: outcome.ok,
      ms,
      diagnostics: outcome.diagnostics,
      ...(outcome.compiled.length > 0 && { compiled: outcome.compiled }),
      ...costOf(outcome),
      ...(!outcome.ok && outcome.output !== '' && { output: outcome.output }),
    });
    if (outcome.ok) {
      this.#mustBuild.delete(side);
      this.#options.onBuilt(side, outcome, this.#options.clock.now() - ms);
    }
    if (outcome.ok) return;
    if (side === 'front' && this.#isContentAhead) this.#options.onWasm?.('failed');
    // The errors stand on the screen: these batches wait for nothing more. The next one takes their content along.
    this.#close(this.#open.filter((batch) => batch.sides.has(side)));
  }

  onStopped(side: RustSide, reason: string): void {
    this.#options.bus.emit({ event: 'build-stopped', batch: this.#latestBatch(side), side, reason });
  }

  onSkipped(side: RustSide, reason: string): void {
    // cargo-leptos asks for both sides whatever was saved; only what a batch still waits for is worth telling.
    const batch = this.#open.findLast(({ sides }) => sides.has(side));
    if (batch) this.#options.bus.emit({ event: 'build-skipped', batch: batch.id, side, reason });
  }

  onRecovery(kind: string, attempt: number, why: string): void {
    this.#options.bus.emit({ event: 'recovery', kind, attempt, why });
  }

  onContentFirst(): void {
    this.#isContentAhead = true;
    this.#options.onWasm?.('replaced');
  }

  onState(): void {
    const builders = this.#options.builders();
    if (builders && RUST_SIDES.some((side) => builders[side].isRequested)) {
      this.#triggersInARow = 0;
      this.#inRun = true;
    }
    // Nobody was killed who would have to come back.
    const isOwed = !this.#inRun && (builders?.front.isOwed ?? false);
    this.#checkLater(isOwed ? 0 : NEW_REQUEST_WITHIN_MS);
  }

  #latestBatch(side: Side): number {
    return this.#lastBatch.get(side) ?? 0;
  }

  /**
   * Assets are in their place by now. The stylesheet is quick as well: cargo-leptos, which waits only 100 ms, may be through
   * before we have settled.
   */
  #finishIfAlreadyDone(batch: Batch): void {
    // Not before there is somebody to serve them.
    if (this.#phase === 'starting' || !this.#isReady) return;
    let last: Sighting['ended'] = null;
    for (const side of batch.sides) {
      const ended = this.#endOf(side, batch);
      if (!ended) return;
      if (!last || ended.at > last.at) last = ended;
    }
    if (!last) return;
    this.#close([batch]);
    this.#arrived([batch], last.kind, last.at);
  }

  #endOf(side: Side, { assetsAt }: Batch): Sighting['ended'] | undefined {
    if (side === 'assets') return assetsAt === undefined ? null : { at: assetsAt, kind: 'assets' };
    if (side !== 'style' || this.#unseen.has(side)) return null;
    return this.#sightings.get(side)?.ended;
  }

  /**
   * A run of cargo-leptos ended: what it saw has become of it. What it saw too late it forgets (command/watch.rs clears
   * the changes at the end of each run, whenever they came): that counts as not seen.
   */
  #endSightings(kindOf: (side: Side, sighting: Sighting) => ReloadKind | null): void {
    const at = this.#options.clock.now();
    for (const [side, sighting] of this.#sightings) {
      if (sighting.ended) continue;
      const kind = kindOf(side, sighting);
      if (!sighting.begun && this.#logged.has(side)) {
        this.#sightings.delete(side);
        if (this.#open.some((batch) => batch.sides.has(side))) this.#unseen.add(side);
      } else if (kind) this.#sightings.set(side, { ...sighting, ended: { at, kind } });
    }
  }

  /** A build failed, yet the stylesheet or the assets of the same run are written; cargo-leptos tells no page of it. */
  #onRunFailed(): void {
    this.#endSightings((side, { written }) => {
      if (side !== 'style') return 'none';
      return written ? side : null;
    });
    for (const batch of [...this.#open]) this.#finishIfAlreadyDone(batch);
  }

  /** The batches that a run of cargo-leptos brought to the page, as soon as the server answers. */
  #onRunEnded(run: { server: boolean; kind: ReloadKind }): void {
    this.#endSightings(() => run.kind);
    // A server that is held back belongs to these batches though none of them may name it: its restart is still to come.
    if (this.#isServerHeldBack()) return;
    const done = this.#open.filter((batch) => [...batch.sides].every((side) => this.#isDone(side)));
    if (done.length === 0 && !this.#isContentAhead) return;
    this.#open = this.#open.filter((batch) => !done.includes(batch));
    if (run.server || !this.#isReady) {
      void this.#afterServer(done);
      return;
    }
    this.#arrived(done, run.kind, this.#options.clock.now());
    this.#endContentFirst();
  }

  async #afterServer(done: readonly Batch[]): Promise<void> {
    const content = this.#open.filter((batch) => this.#hasContent(batch));
    if (await this.#options.serverAnswers()) {
      this.#arrived(done, 'full', this.#options.clock.now(), true);
      this.#contentArrived(content);
      this.#endContentFirst();
      for (const batch of [...this.#open]) this.#finishIfAlreadyDone(batch);
    }
    // The server died or is replaced: what it should have shown waits for the next one.
    else this.#open = [...done, ...this.#open];
  }

  /** Batches of which only the wasm is not there yet; without the front, there would be none to wait for. */
  #contentArrived(batches: readonly Batch[]): void {
    const { bus, clock } = this.#options;
    for (const batch of batches) {
      // Meanwhile the wasm may have come, or turned out not to compile.
      if (!this.#open.includes(batch) || this.#contentTold.has(batch)) continue;
      this.#contentTold.add(batch);
      const ms = clock.now() - batch.savedAt;
      this.#tellStyle(batch, ms);
      bus.emit({ event: 'reloaded', batch: batch.id, kind: 'full', ms, restarted: true, contentOnly: true });
    }
  }

  /** The server that was just started has the content of this batch. */
  #hasContent(batch: Batch): boolean {
    return this.#isContentAhead && [...batch.sides].every((side) => side === 'front' || this.#isDone(side));
  }

  #close(batches: readonly Batch[]): void {
    this.#open = this.#open.filter((batch) => !batches.includes(batch));
    for (const batch of batches) this.#contentTold.delete(batch);
  }

  #arrived(done: readonly Batch[], kind: ReloadKind, at: number, restarted = false): void {
    const { bus } = this.#options;
    if (!this.#isReady && done.length > 0) {
      this.#isReady = true;
      this.#options.onReady();
    }
    for (const batch of done) {
      const ms = at - batch.savedAt;
      if (this.#contentTold.delete(batch)) {
        bus.emit({ event: 'interactive', batch: batch.id, ms });
        continue;
      }
      this.#tellStyle(batch, ms);
      const onlyFiles = [...batch.sides].every((side) => side === 'assets' || side === 'style');
      const what = onlyFiles && batch.sides.has('assets') ? 'assets' : kind;
      if (batch.id > 0) bus.emit({ event: 'reloaded', batch: batch.id, kind: what, ms, restarted });
    }
  }

  #tellStyle({ id, sides }: Batch, ms: number): void {
    if (id === 0 || !sides.has('style')) return;
    this.#options.bus.emit({ event: 'build-finished', batch: id, side: 'style', ok: true, ms, diagnostics: [] });
  }

  /** A run ended, and pages have been told to load what is new: the wasm for it may be given out. */
  #endContentFirst(): void {
    if (!this.#isContentAhead || !RUST_SIDES.every((side) => this.#isDone(side))) return;
    this.#isContentAhead = false;
    this.#options.onWasm?.('fits');
  }

  /** A new server binary is there, and cargo-leptos was told that it failed because the front had. */
  #isServerHeldBack(): boolean {
    const builders = this.#options.builders();
    if (!builders) return false;
    return builders.server.isUpToDate && !builders.server.isDelivered;
  }

  #isDone(side: Side): boolean {
    if (side === 'assets') return true;
    if (side === 'style') return !this.#unseen.has(side);
    const builder = this.#options.builders()?.[side];
    if (!builder?.wasRequested) return true;
    return builder.isUpToDate && builder.isDelivered;
  }

  #checkLater(ms: number): void {
    this.#cancelCheck?.();
    this.#cancelCheck = this.#stopped ? null : this.#options.clock.after(ms, () => this.#check());
  }

  /** Asks cargo-leptos for every side that is behind and that it has not asked for itself. */
  #check(): void {
    const behind = this.#sidesBehind();
    if (behind.length === 0 || !this.#triggersReady) return;
    // Other news may call for a check sooner; an answer to the last trigger has its time all the same.
    const tooEarly = this.#nextTriggerAt - this.#options.clock.now();
    if (tooEarly > 0) {
      this.#checkLater(tooEarly);
      return;
    }
    if (this.#triggersInARow >= MAX_TRIGGERS) {
      this.#triggersInARow = 0;
      this.#options.restart(`cargo-leptos did not react to ${MAX_TRIGGERS} requests for ${behind.join(' and ')}`);
      return;
    }
    this.#triggersInARow += 1;
    // On an overloaded machine it may only be slow; to start it anew would cost more than to wait.
    const pause = NEXT_TRIGGER_AFTER_MS * 2 ** (this.#triggersInARow - 1);
    this.#nextTriggerAt = this.#options.clock.now() + pause;
    for (const side of behind) this.#options.trigger(side);
    this.#checkLater(pause);
  }

  #sidesBehind(): readonly Side[] {
    const builders = this.#options.builders();
    if (!builders) return [];
    const { front } = builders;
    const behind: Side[] = RUST_SIDES.filter((side) => {
      const builder = builders[side];
      if (builder.isRequested || !builder.wasRequested) return false;
      if (builder.isBuildingOn) return false;
      // An event during a run makes cargo-leptos forget to restart a server that it has already seen.
      if (builder.isOwed && this.#inRun) return false;
      if (!builder.isUpToDate) return !builder.hasFailed || !builder.isDelivered;
      // A server that is held back waits for the front to be mended.
      return !builder.isDelivered && !(side === 'server' && front.hasFailed);
    });
    return [...behind, ...this.#unseen];
  }
}

/** What a build cost, as far as it is known. */
function costOf({
  ok,
  metered,
  waitedMs,
  artifact,
}: CargoOutcome): Partial<Extract<EventBody, { event: 'build-finished' }>> {
  return {
    ...(metered?.usage && { usage: metered.usage }),
    ...(metered && metered.steps.length > 0 && { steps: metered.steps }),
    ...(waitedMs > 0 && { waitedMs }),
    ...(ok && artifact !== null && { artifact }),
  };
}
