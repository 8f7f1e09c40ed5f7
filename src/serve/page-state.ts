import type { Clock } from '../core/clock.js';
import type { Event, EventBus } from '../core/events.js';
import { BuildTimes } from './build-times.js';
import type { Page } from './page-channel.js';
import { PageErrors } from './page-errors.js';
import type { PageError, PageMessage, PageStatus, ServerMessage, Since, ViewPatch } from './page-protocol.js';

/** So many batches and patches are remembered, for pages that report late. */
const KEPT = 50;
/** Batches count from 1. */
const NO_BATCH_YET = 0;

export interface PageStateOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** The workspace's folder, absolute. */
  readonly root: string;
  /** Says something to every open page. */
  readonly broadcast: (message: ServerMessage) => void;
  readonly pages: () => readonly Page[];
  /** Opens the editor at a place. Null: the page uses a link. */
  readonly open: ((place: NonNullable<PageError['place']>) => void) | null;
  /** Paths, as in URLs, of the stylesheets or assets of a batch; empty when any may have changed. */
  readonly pathsOf: (kind: Swapped, files: readonly string[]) => readonly string[];
  /** The view patches that together show a batch of files as they are now; null when there is more than they show. */
  readonly patchesFor: (batch: number, files: readonly string[]) => readonly string[] | null;
}

/** What can be swapped in an open page. */
type Swapped = 'style' | 'assets';

interface SentPatch {
  readonly patch: ViewPatch;
  readonly file: string;
  /** The batch that its file settled in. */
  batch: number | null;
  /** Time (ms) from the save until a page had painted it. */
  shownMs: number | null;
}

/** Files that pages were told of before the save had settled and had a batch. Times in ms since the epoch. */
interface Early {
  readonly writtenAt: number;
  shownAt: number | null;
  /** The batch that it turned out to belong to. */
  batch: number | null;
}

/** What open pages should know: from when on the content is the newest, what is being built, what is broken. */
export class PageState {
  readonly #options: PageStateOptions;
  readonly #errors: PageErrors;
  readonly #times: BuildTimes;
  #since: Since = { content: 0, style: 0, assets: 0 };
  /** When the server that answers was started, in ms since the epoch; 0 before there was one. */
  #serverSince = 0;
  #isServerUp = false;
  readonly #batches = new Map<number, { readonly files: readonly string[]; readonly savedAt: number | null }>();
  readonly #patches = new Map<string, SentPatch>();
  readonly #early = new Map<Swapped, Early>();
  /** What was last told of a batch whose wasm was not there yet. */
  #contentOnly: Extract<ServerMessage, { type: 'reload' }> | null = null;

  constructor(options: PageStateOptions) {
    this.#options = options;
    this.#errors = new PageErrors(options.root);
    this.#times = new BuildTimes(options.clock);
    options.bus.on((event) => this.#onEvent(event));
  }

  /** See BuildTimes. */
  learn(known: ReadonlyMap<string, readonly number[]>): void {
    this.#times.learn(known);
  }

  /** What a page hears first. */
  hello(): ServerMessage {
    // A page in place of the app's is behind everything: it waits here for the server.
    const since = this.#isServerUp ? this.#since : { ...this.#since, content: 0 };
    return { type: 'hello', since, status: this.#status(), canOpen: this.#options.open !== null };
  }

  /** The server that answers from now on was started at that moment (ms since the epoch). */
  onServerProcess(startedAt: number): void {
    this.#serverSince = startedAt;
  }

  /** A saved file can be shown by a patch; `file` as in `change-batch`. */
  onPatch(patch: ViewPatch, file: string): void {
    this.#patches.set(patch.id, { patch, file, batch: null, shownMs: null });
    forgetOldest(this.#patches);
    this.#options.broadcast({ type: 'patch', patch });
  }

  /** What a page says. */
  onMessage(message: PageMessage, page: Pick<Page, 'send'>): void {
    const { bus, open } = this.#options;
    switch (message.type) {
      case 'hello':
        // Its HTML may have come after a patch from the server before it.
        for (const { patch } of this.#unbuilt()) page.send({ type: 'patch', patch });
        return;
      case 'shown':
        this.#onShown(message.batch, message.kind);
        return;
      case 'patched':
        if (message.ok) this.#onPatched(message.id);
        return;
      case 'open': {
        const place = this.#errors.list[message.error]?.place;
        if (place) open?.(place);
        return;
      }
      case 'page-error':
        bus.emit({ event: 'page-error', message: message.message });
        return;
    }
  }

  #onEvent(event: Event): void {
    if (event.event === 'server-started') this.#onServerUp();
    if (event.event === 'server-exited') this.#isServerUp = false;
    if (event.event === 'ready') this.#onReady();
    if (event.event === 'step' && event.step === 'style' && event.changed) this.onFiles('style', []);
    if (event.event === 'change-batch') this.#onBatch(event.id, event.files, event.savedAt ?? null);
    if (event.event === 'reloaded') this.#onReloaded(event);
    if (event.event === 'interactive') this.#onInteractive(event.batch);
    // Both have to see each event.
    const changes = [this.#errors.on(event), this.#times.on(event)];
    if (changes.includes(true)) this.#options.broadcast({ type: 'status', status: this.#status() });
  }

  /** The same content from a new process is no reason to load a page anew, unless it stands in place of the app's. */
  #onServerUp(): void {
    this.#isServerUp = true;
    if (this.#since.content === 0) return;
    const message: ServerMessage = { type: 'reload', since: this.#since.content, batch: 0, patches: null };
    for (const page of this.#options.pages()) if (page.at === 0) page.send(message);
  }

  /** Tabs that are open since an earlier run, or since the first build began. */
  #onReady(): void {
    const content = this.#serverSince > 0 ? this.#serverSince : this.#options.clock.now();
    this.#since = { content, style: content, assets: content };
    this.#options.broadcast({ type: 'reload', since: content, batch: 0, patches: null });
  }

  #onBatch(id: number, files: readonly string[], savedAt: number | null): void {
    this.#batches.set(id, { files, savedAt });
    forgetOldest(this.#batches);
    for (const sent of this.#patches.values()) {
      if (sent.batch !== null || !files.includes(sent.file)) continue;
      sent.batch = id;
      this.#tellPatched(sent);
    }
  }

  #onReloaded({ batch, kind, ms, restarted, contentOnly, time }: Extract<Event, { event: 'reloaded' }>): void {
    const { broadcast, clock, pathsOf, patchesFor } = this.#options;
    const { files = [], savedAt = null } = this.#batches.get(batch) ?? {};
    this.#batches.set(batch, { files, savedAt: savedAt ?? Date.parse(time) - ms });
    const now = clock.now();
    switch (kind) {
      case 'none':
        patchesFor(batch, files);
        return;
      case 'full': {
        const since = restarted && this.#serverSince > 0 ? this.#serverSince : now;
        this.#since = { ...this.#since, content: Math.max(since, this.#since.content) };
        const message = { type: 'reload', since, batch, patches: patchesFor(batch, files) } as const;
        if (contentOnly) this.#contentOnly = message;
        broadcast({ ...message, ...(contentOnly && { contentOnly }) });
        return;
      }
      case 'style':
      case 'assets':
        if (this.#wasShownEarly(kind, batch)) return;
        this.#since = { ...this.#since, [kind]: now };
        broadcast({ type: kind, since: now, batch, paths: pathsOf(kind, files) });
        return;
    }
  }

  /** Hidden pages have waited for it. */
  #onInteractive(batch: number): void {
    // An earlier batch comes with a later one, of which it is told in its turn.
    if (this.#contentOnly?.batch !== batch) return;
    this.#options.broadcast(this.#contentOnly);
    this.#contentOnly = null;
  }

  /**
   * The stylesheet, or these assets (absolute), can be had with their new content: no page needs to wait for the end of the
   * debounce.
   */
  onFiles(kind: Swapped, files: readonly string[]): void {
    if (this.#since.content === 0) return;
    const { broadcast, clock, pathsOf } = this.#options;
    // A page takes each moment once.
    const writtenAt = Math.max(clock.now(), this.#since[kind] + 1);
    this.#since = { ...this.#since, [kind]: writtenAt };
    this.#early.set(kind, { writtenAt, shownAt: null, batch: null });
    broadcast({ type: kind, since: writtenAt, batch: NO_BATCH_YET, paths: pathsOf(kind, files) });
  }

  /** What the batch has of it was written after its save, so pages have it. */
  #wasShownEarly(kind: Swapped, batch: number): boolean {
    const early = this.#early.get(kind);
    const savedAt = this.#batches.get(batch)?.savedAt ?? null;
    if (!early || savedAt === null || early.writtenAt < savedAt) return false;
    early.batch = batch;
    if (early.shownAt !== null) this.#tellPainted(batch, kind, early.shownAt);
    return true;
  }

  #onShown(batch: number, kind: 'reload' | Swapped): void {
    const now = this.#options.clock.now();
    if (batch !== NO_BATCH_YET) this.#tellPainted(batch, kind, now);
    else if (kind !== 'reload') {
      const early = this.#early.get(kind);
      if (!early || early.shownAt !== null) return;
      early.shownAt = now;
      if (early.batch !== null) this.#tellPainted(early.batch, kind, now);
    }
  }

  #tellPainted(batch: number, kind: 'reload' | Swapped, at: number): void {
    const savedAt = this.#batches.get(batch)?.savedAt;
    if (savedAt === undefined || savedAt === null) return;
    this.#options.bus.emit({ event: 'painted', batch, kind, ms: at - savedAt });
  }

  #onPatched(id: string): void {
    const sent = this.#patches.get(id);
    if (!sent || sent.shownMs !== null) return;
    sent.shownMs = this.#options.clock.now() - sent.patch.savedAt;
    this.#tellPatched(sent);
  }

  #tellPatched({ batch, shownMs }: SentPatch): void {
    if (batch !== null && shownMs !== null) this.#options.bus.emit({ event: 'patched', batch, ms: shownMs });
  }

  /** Patches whose sources are not in any server yet. */
  #unbuilt(): readonly SentPatch[] {
    return [...this.#patches.values()].filter(({ patch }) => patch.savedAt > this.#since.content);
  }

  #status(): PageStatus {
    const { building } = this.#times;
    const errors = this.#errors.list;
    if (errors.length > 0) {
      const { title, warnings } = this.#errors;
      return { kind: 'failed', title, errors, warnings, building: building !== null };
    }
    return building ? { kind: 'building', ...building } : { kind: 'idle' };
  }
}

/** A map keeps its order: what came first is forgotten first. */
function forgetOldest(map: Map<unknown, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= KEPT) return;
    map.delete(key);
  }
}
