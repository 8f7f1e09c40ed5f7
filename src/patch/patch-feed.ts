import { readFile } from 'node:fs/promises';
import type { Clock } from '../core/clock.js';
import { mapLimited } from '../core/concurrency.js';
import type { Event, EventBus } from '../core/events.js';
import type { ViewPatch } from '../serve/page-protocol.js';
import { READ_CONCURRENCY } from '../watch/content-hash.js';
import { ViewPatcher } from './view-patcher.js';

/** An editor writes in several steps; when nothing more came for so long (ms), the file is whole. */
const WRITTEN_AFTER_MS = 30;

export interface PatchFeedOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** The workspace's folder, absolute. */
  readonly root: string;
  /** A saved file (absolute) can be shown before it is built. */
  readonly onPatch: (patch: ViewPatch, file: string) => void;
}

/** More files than this at once are no edit but a formatter or another branch. */
const MAX_AT_ONCE = 20;

interface Pending {
  readonly savedAt: number;
  readonly cancel: () => void;
}

/** Feeds saved Rust files to the view patcher, long before the saves have settled, and tells it of the builds. */
export class PatchFeed {
  readonly #options: PatchFeedOptions;
  readonly #patcher: ViewPatcher;
  readonly #pending = new Map<string, Pending>();
  /** Many files came at once; true until all of them are read. */
  #isFlood = false;
  /** All files are taken in: before that, whatever is saved may look like a view that is not known yet. */
  #isIndexed = false;
  #stopped = false;

  constructor(options: PatchFeedOptions) {
    this.#options = options;
    this.#patcher = new ViewPatcher({ root: options.root });
    options.bus.on((event) => this.#onEvent(event));
  }

  /** Takes in the Rust files (absolute) that the page is made of, before the first of them changes. */
  async start(files: readonly string[]): Promise<void> {
    // One by one as they are read: all texts at once would double the memory of a large project for good.
    await mapLimited(files, READ_CONCURRENCY, async (path) => {
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text !== null && !this.#stopped) this.#patcher.index([[path, text]]);
    });
    this.#isIndexed = true;
  }

  /** The system tells that something happened to a file. */
  onFileEvent(path: string): void {
    if (!path.endsWith('.rs') || this.#stopped) return;
    const before = this.#pending.get(path);
    before?.cancel();
    const savedAt = before?.savedAt ?? this.#options.clock.now();
    const cancel = this.#options.clock.after(WRITTEN_AFTER_MS, () => void this.#read(path, savedAt));
    this.#pending.set(path, { savedAt, cancel });
    this.#isFlood ||= this.#pending.size > MAX_AT_ONCE;
  }

  /** See PageStateOptions.patchesFor; `files` are absolute. */
  patchesFor(batch: number, files: readonly string[]): readonly string[] | null {
    const covering = this.#patcher.covers(batch, files);
    this.#patcher.buildShown(batch, covering === null);
    return covering;
  }

  stop(): void {
    this.#stopped = true;
    for (const { cancel } of this.#pending.values()) cancel();
  }

  async #read(path: string, savedAt: number): Promise<void> {
    const isOneOfMany = this.#isFlood;
    this.#pending.delete(path);
    if (this.#pending.size === 0) this.#isFlood = false;
    const text = await readFile(path, 'utf8').catch(() => null);
    // Emptied to be written anew: that is told next.
    if (text === '' || this.#stopped) return;
    if (isOneOfMany || !this.#isIndexed) {
      this.#patcher.onReplaced(path, text);
      return;
    }
    const patch = this.#patcher.onSaved(path, text, savedAt);
    if (patch) this.#options.onPatch(patch, path);
  }

  #onEvent(event: Event): void {
    if (event.event !== 'build-started') return;
    if (event.side === 'front' || event.side === 'server') this.#patcher.buildStarted(event.batch);
  }
}
