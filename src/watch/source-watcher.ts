import { watch as chokidarWatch, type FSWatcher } from 'chokidar';
import type { Clock } from '../core/clock.js';
import { mapLimited } from '../core/concurrency.js';
import { type ContentId, contentId, READ_CONCURRENCY } from './content-hash.js';
import { type IgnoreRules, isInside } from './ignore.js';

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
  /** Interval in ms for file systems without native events. */
  readonly pollMs?: number;
  readonly clock: Clock;
  readonly onChange: (set: ChangeSet) => void;
  /** The first event after quiet, before anything is read or decided. */
  readonly onActivity?: () => void;
  readonly onError: (error: Error) => void;
}

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

interface Pending {
  readonly paths: Set<string>;
  readonly firstEventAt: number;
  lastEventAt: number;
}

/**
 * Watches the sources and reports settled sets of real changes. An event is only a hint: what counts is that a file's
 * content differs from the content that was last reported, so `touch`, equal bytes and atomic saves need no special case.
 */
export class SourceWatcher {
  readonly #options: WatcherOptions;
  readonly #known = new Map<string, ContentId>();
  #state: State = { kind: 'starting', early: new Set() };
  #chokidar: FSWatcher | null = null;
  #waiting: (() => void)[] = [];

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** Scans and hashes everything, then begins to report. Resolves with the number of files it knows. */
  async start(): Promise<number> {
    const { roots, ignore, isRelevant, pollMs } = this.#options;
    const watcher = chokidarWatch([...roots], {
      ignored: (path, stats) => ignore.ignores(path, stats?.isDirectory() ?? false),
      ignoreInitial: false,
      usePolling: pollMs !== undefined,
      ...(pollMs !== undefined && { interval: pollMs, binaryInterval: pollMs }),
    });
    this.#chokidar = watcher;
    const found: string[] = [];
    const note = (path: string): void => {
      if (isRelevant(path)) found.push(path);
    };
    watcher.on('add', note);
    watcher.on('error', (error) => this.#options.onError(error instanceof Error ? error : new Error(String(error))));
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    watcher.off('add', note);
    watcher.on('all', (event, path) => this.#onEvent(event, path));
    await mapLimited(found, READ_CONCURRENCY, async (path) => this.#known.set(path, await contentId(path)));
    this.#begin();
    return this.#known.size;
  }

  /** Resolves when no event is pending: everything saved so far has been reported. */
  settled(): Promise<void> {
    if (this.#state.kind === 'idle' || this.#state.kind === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes a file's present content as reported: cargo wrote it, on our account, and nobody needs to build for it. */
  async acknowledge(path: string): Promise<void> {
    const now = await contentId(path);
    if (now === null) this.#known.delete(path);
    else this.#known.set(path, now);
  }

  /** Watches further folders or files; what is in them counts as added. */
  watchAlso(roots: readonly string[]): void {
    this.#chokidar?.add([...roots]);
  }

  /** Stops watching. Those who wait for `settled` are let go. */
  async close(): Promise<void> {
    if (this.#state.kind === 'collecting') this.#state.cancelTimer();
    this.#state = { kind: 'closed' };
    this.#release();
    await this.#chokidar?.close();
  }

  #begin(): void {
    if (this.#state.kind !== 'starting') return;
    const { early } = this.#state;
    this.#state = { kind: 'idle' };
    if (early.size === 0) this.#release();
    for (const path of early) this.#collect(path);
  }

  #onEvent(event: string, path: string): void {
    if (event === 'unlinkDir') {
      // A folder that was moved away does not always bring an event for every file in it.
      for (const known of this.#known.keys()) if (isInside(known, path)) this.#collect(known);
      return;
    }
    if (event === 'addDir' || !this.#options.isRelevant(path)) return;
    this.#collect(path);
  }

  #collect(path: string): void {
    const state = this.#state;
    const now = this.#options.clock.now();
    switch (state.kind) {
      case 'closed':
        return;
      case 'starting':
        state.early.add(path);
        return;
      case 'idle':
        this.#startCollecting({ paths: new Set([path]), firstEventAt: now, lastEventAt: now });
        this.#options.onActivity?.();
        return;
      case 'collecting':
        state.batch.paths.add(path);
        state.batch.lastEventAt = now;
        state.cancelTimer();
        state.cancelTimer = this.#startTimer();
        return;
      case 'reading': {
        const next = state.next ?? { paths: new Set(), firstEventAt: now, lastEventAt: now };
        next.paths.add(path);
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
    const changes = await this.#compare(batch.paths);
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

  async #compare(paths: ReadonlySet<string>): Promise<FileChange[]> {
    const changes: FileChange[] = [];
    await mapLimited([...paths], READ_CONCURRENCY, async (path) => {
      const before = this.#known.get(path) ?? null;
      const now = await contentId(path);
      if (now === before) return;
      if (now === null) this.#known.delete(path);
      else this.#known.set(path, now);
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
