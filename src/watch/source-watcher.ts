import { join } from 'node:path';
import { watch as chokidarWatch, type FSWatcher } from 'chokidar';
import type { Clock } from '../core/clock.js';
import { mapLimited } from '../core/concurrency.js';
import { isInside } from '../core/paths.js';
import { type Fingerprint, fingerprint, type HashSource, READ_CONCURRENCY } from './content-hash.js';
import type { IgnoreRules } from './ignore.js';
import { walk } from './walk.js';

/** One file whose content differs from what it was when last reported. */
export interface FileChange {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

/** The changes between two settled moments. Times in ms since the epoch. */
export interface ChangeSet {
  readonly changes: readonly FileChange[];
  readonly firstEventAt: number;
  /** The last save: what a person waits from. */
  readonly lastEventAt: number;
}

export interface WatcherOptions {
  /** Absolute folders and files. */
  readonly roots: readonly string[];
  readonly ignore: IgnoreRules;
  /** Only these files are hashed and reported. */
  readonly isRelevant: (path: string) => boolean;
  /** Trailing debounce in ms: a batch is complete when nothing happened for so long. */
  readonly debounceMs: number;
  /** Look for changes every so many ms instead of waiting for file events: for file systems that have none. */
  readonly pollMs?: number;
  readonly clock: Clock;
  /** Hashes of an earlier run, for the first look at the files. */
  readonly hashes?: HashSource;
  readonly onChange: (set: ChangeSet) => void;
  /** Something happened to a file, before anybody looked whether its content changed. */
  readonly onFileEvent?: (path: string) => void;
  readonly onError: (error: Error) => void;
  /** File events do not reach us; from now on the files are looked at every so many ms. */
  readonly onMissedEvents?: (pollMs: number) => void;
}

/** Between two sweeps pass at least 2 s and so many times what the last one took, so that they cost under 4 % of a core. */
const SWEEP_EVERY_MS = 2_000;
const SWEEP_REST_FACTOR = 25;
/** Where the sweep is all there is, it may cost more. */
const POLL_REST_FACTOR = 3;
/** Time (ms) until chokidar watches a new folder. */
const NEW_FOLDER_SETTLES_MS = 250;
/** Interval (ms) once events have been seen to fail here. */
const FALLBACK_POLL_MS = 1_000;
/** One missed event may be an overflow or a suspended machine; so many mean that events do not work here. */
const MISSES_TO_POLL = 2;

/*
 *            event                 quiet for debounceMs            all read, no new event
 *   idle ────────────▶ collecting ─────────────────────▶ reading ─────────────────────────▶ idle
 *                        ▲   │ event: timer starts anew      │ event while reading
 *                        └───┘                               └──────────▶ collecting (the next set)
 */
type State =
  | { readonly kind: 'starting'; readonly early: Set<string> }
  | { readonly kind: 'idle' }
  | { readonly kind: 'collecting'; readonly batch: Pending; cancelTimer: () => void }
  | { readonly kind: 'reading'; readonly next: Pending | null }
  | { readonly kind: 'closed' };

/** Who told of a path. */
type Source = 'event' | 'sweep';

interface Pending {
  readonly paths: Map<string, Source>;
  readonly firstEventAt: number;
  lastEventAt: number;
}

/**
 * Watches the sources and reports settled sets of real changes. Events come from the system (chokidar); a cheap sweep
 * (stat only) finds what they missed: an overflowed queue, a file system without events, a suspended machine. An event
 * is only a hint: what counts is that a file's content differs from the content that was last reported, so `touch`,
 * equal bytes and atomic saves need no special case.
 */
export class SourceWatcher {
  readonly #options: WatcherOptions;
  readonly #known = new Map<string, Fingerprint>();
  #state: State = { kind: 'starting', early: new Set() };
  readonly #roots: Set<string>;
  #chokidar: FSWatcher | null = null;
  #cancelSweep: () => void = () => undefined;
  #misses = 0;
  #waiting: (() => void)[] = [];

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#roots = new Set(options.roots);
  }

  /** Scans and hashes everything, then begins to report. Resolves with the number of files it knows. */
  async start(): Promise<number> {
    const { ignore, isRelevant, pollMs, hashes } = this.#options;
    await Promise.all([pollMs === undefined && this.#listen(), hashes?.load()]);
    const found = await walk([...this.#roots], ignore, isRelevant);
    await mapLimited([...found.keys()], READ_CONCURRENCY, (path) => this.#learn(path, hashes));
    this.#begin();
    this.#sweepLater(pollMs ?? SWEEP_EVERY_MS);
    return this.#known.size;
  }

  /** What every file is known by. */
  get fingerprints(): ReadonlyMap<string, Fingerprint> {
    return this.#known;
  }

  /** Every file that it knows. */
  get files(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** What a file was when last reported: see Fingerprint. */
  contentOf(path: string): string | undefined {
    return this.#known.get(path)?.content;
  }

  /** Resolves when no event is pending: everything saved so far has been reported. */
  settled(): Promise<void> {
    if (this.#state.kind === 'idle' || this.#state.kind === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes a file's present content as reported: cargo wrote it, on our account, and nobody needs to build for it. */
  acknowledge(path: string): Promise<void> {
    return this.#learn(path);
  }

  /**
   * Files turned out to be inputs of a build that began at `since` (ms since the epoch). They are taken as known;
   * one that was written after that moment is reported.
   */
  async adopt(paths: readonly string[], since: number): Promise<void> {
    const fresh = paths.filter((path) => !this.#known.has(path));
    await mapLimited(fresh, READ_CONCURRENCY, async (path) => {
      const now = await fingerprint(path);
      if (now === null || this.#known.has(path)) return;
      if (now.mtimeMs <= since) this.#known.set(path, now);
      else this.#collect(path);
    });
  }

  /** Watches further folders or files; what is in them counts as added. */
  watchAlso(roots: readonly string[]): void {
    for (const root of roots) this.#roots.add(root);
    this.#chokidar?.add([...roots]);
  }

  /** Looks at every file at once, for example after the machine was suspended. */
  async sweep(): Promise<void> {
    const { ignore, isRelevant } = this.#options;
    const found = await walk([...this.#roots], ignore, isRelevant);
    // While events come in, they tell; the next sweep finds what they leave out.
    if (this.#state.kind !== 'idle') return;
    for (const [path, stat] of found) if (this.#known.get(path)?.stat !== stat) this.#collect(path, 'sweep');
    for (const path of this.#known.keys()) if (!found.has(path)) this.#collect(path, 'sweep');
  }

  /** Stops watching. Those who wait for `settled` are let go. */
  async close(): Promise<void> {
    if (this.#state.kind === 'collecting') this.#state.cancelTimer();
    this.#cancelSweep();
    this.#state = { kind: 'closed' };
    this.#release();
    await this.#chokidar?.close();
  }

  /**
   * Resolves when the system's events arrive for all folders. chokidar keeps watches on folders alone, as they come and
   * go; what happened in them its raw events tell. A watch for each file would cost 20,000 files 150 MB.
   */
  async #listen(): Promise<void> {
    const { ignore, onError } = this.#options;
    const watcher = chokidarWatch([...this.#roots], {
      ignored: (path, stats) => {
        if (stats === undefined) return false;
        return stats.isDirectory() ? ignore.ignores(path, true) : !this.#roots.has(path);
      },
      ignoreInitial: true,
    });
    this.#chokidar = watcher;
    watcher.on('error', (error) => {
      onError(error instanceof Error ? error : new Error(String(error)));
      // Out of inotify watches or descriptors: from now on only the sweep can be relied on.
      if (isOutOfWatches(error)) this.#distrustEvents();
    });
    watcher.on('raw', (_event, name, details: unknown) => this.#onRawEvent(name, details));
    watcher.on('addDir', (path) => this.#onNewFolder(path));
    watcher.on('unlinkDir', (path) => this.#onLostFolder(path));
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
  }

  #sweepLater(ms: number): void {
    this.#cancelSweep = this.#options.clock.after(ms, async () => {
      const { clock, pollMs } = this.#options;
      const startedAt = clock.now();
      await this.sweep();
      if (this.#state.kind === 'closed') return;
      const took = clock.now() - startedAt;
      const polls = pollMs !== undefined || this.#misses >= MISSES_TO_POLL;
      const pause = polls ? (pollMs ?? FALLBACK_POLL_MS) : SWEEP_EVERY_MS;
      this.#sweepLater(Math.max(pause, (polls ? POLL_REST_FACTOR : SWEEP_REST_FACTOR) * took));
    });
  }

  #begin(): void {
    if (this.#state.kind !== 'starting') return;
    const { early } = this.#state;
    this.#state = { kind: 'idle' };
    if (early.size === 0) this.#release();
    for (const path of early) this.#collect(path);
  }

  /** @param name the file in the watched folder, where the system tells it; or nothing, for a watched file. */
  #onRawEvent(name: string | null, details: unknown): void {
    const { ignore, isRelevant } = this.#options;
    const watched = watchedPath(details);
    if (watched === null) return;
    const candidates = name === null ? [watched] : [watched, join(watched, name)];
    for (const path of candidates) if (isRelevant(path) && !ignore.ignores(path, false)) this.#collect(path);
  }

  /** Files may have come with their folder, or between the folder and our watch on it. */
  #onNewFolder(folder: string): void {
    const look = async (): Promise<void> => {
      const { ignore, isRelevant } = this.#options;
      for (const path of (await walk([folder], ignore, isRelevant)).keys()) {
        // What the first look has found waits already: a second word of it would only lengthen the wait.
        const isCollected = this.#state.kind === 'collecting' && this.#state.batch.paths.has(path);
        if (!this.#known.has(path) && !isCollected) this.#collect(path);
      }
    };
    void look();
    this.#options.clock.after(NEW_FOLDER_SETTLES_MS, () => void look());
  }

  /** A folder that was moved away brings no event for the files in it. */
  #onLostFolder(folder: string): void {
    for (const known of this.#known.keys()) if (isInside(known, folder)) this.#collect(known);
  }

  #collect(path: string, source: Source = 'event'): void {
    const state = this.#state;
    const now = this.#options.clock.now();
    if (source === 'event' && state.kind !== 'starting') this.#options.onFileEvent?.(path);
    switch (state.kind) {
      case 'closed':
        return;
      case 'starting':
        state.early.add(path);
        return;
      case 'idle':
        this.#startCollecting({ paths: new Map([[path, source]]), firstEventAt: now, lastEventAt: now });
        return;
      case 'collecting':
        if (source === 'event' || !state.batch.paths.has(path)) state.batch.paths.set(path, source);
        state.batch.lastEventAt = now;
        state.cancelTimer();
        state.cancelTimer = this.#startTimer();
        return;
      case 'reading': {
        const next = state.next ?? { paths: new Map(), firstEventAt: now, lastEventAt: now };
        next.paths.set(path, source);
        next.lastEventAt = now;
        this.#state = { kind: 'reading', next };
        return;
      }
    }
  }

  #startCollecting(batch: Pending): void {
    this.#state = { kind: 'collecting', batch, cancelTimer: this.#startTimer() };
  }

  #startTimer(): () => void {
    return this.#options.clock.after(this.#options.debounceMs, () => void this.#read());
  }

  async #read(): Promise<void> {
    if (this.#state.kind !== 'collecting') return;
    const { batch } = this.#state;
    this.#state = { kind: 'reading', next: null };
    const changes = await this.#compare([...batch.paths.keys()]);
    this.#countMisses(batch, changes);
    const after = this.#state as State;
    if (after.kind !== 'reading') return;
    // Report before anybody is let go, so that those who wait for `settled` see the outcome.
    if (changes.length > 0) {
      this.#options.onChange({ changes, firstEventAt: batch.firstEventAt, lastEventAt: batch.lastEventAt });
    }
    if (after.next) {
      this.#startCollecting(after.next);
      return;
    }
    this.#state = { kind: 'idle' };
    this.#release();
  }

  /** A change that only the sweep told of, though its event had the whole debounce to come. */
  #countMisses({ paths }: Pending, changes: readonly FileChange[]): void {
    if (this.#options.pollMs !== undefined || this.#misses >= MISSES_TO_POLL) return;
    if (!changes.some((change) => paths.get(change.path) === 'sweep')) return;
    this.#misses += 1;
    if (this.#misses === MISSES_TO_POLL) this.#distrustEvents();
  }

  #distrustEvents(): void {
    this.#misses = MISSES_TO_POLL;
    this.#options.onMissedEvents?.(FALLBACK_POLL_MS);
  }

  async #learn(path: string, hashes?: HashSource): Promise<void> {
    const now = await fingerprint(path, hashes);
    if (now === null) this.#known.delete(path);
    else this.#known.set(path, now);
  }

  async #compare(paths: readonly string[]): Promise<FileChange[]> {
    const changes: FileChange[] = [];
    await mapLimited(paths, READ_CONCURRENCY, async (path) => {
      const before = this.#known.get(path) ?? null;
      const now = await fingerprint(path);
      if (now === null) this.#known.delete(path);
      else this.#known.set(path, now);
      if (now?.content === before?.content) return;
      changes.push({ path, kind: before === null ? 'added' : now === null ? 'removed' : 'changed' });
    });
    return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function isOutOfWatches(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EMFILE', 'ENFILE'].includes(String(error.code));
}

/** The folder or file whose watch brought a raw event of chokidar. */
function watchedPath(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return null;
  return typeof details.watchedPath === 'string' ? details.watchedPath : null;
}
