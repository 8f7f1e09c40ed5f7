import { lstat, stat } from 'node:fs/promises';
import { dirname, extname, relative, sep } from 'node:path';
import type { Clock } from '../core/clock.js';
import { mapLimited } from '../core/concurrency.js';
import { isInside } from '../core/paths.js';
import { fingerprint, READ_CONCURRENCY } from '../watch/content-hash.js';
import { type AssetFile, listAssets } from './asset-files.js';
import type { SitePlace } from './site-place.js';

/** Time (ms) for the rest of a save: a truncation and the writing after it, a file and the one that it replaces. */
const GATHER_MS = 15;
/** Between two rounds passes so many times what the last one took: a large file that is written for seconds is not copied all the time. */
const REST_FACTOR = 2;

/**
 * How an asset comes into the site. Never as a hard link: an editor that saves by renaming leaves the old content in it,
 * and whoever opens the site's file for writing truncates the asset.
 */
export type PlaceMethod = 'copy' | 'link';

/** Since when the site has a file as it is, and the save that brought it; in ms since the epoch. */
export interface Brought {
  readonly at: number;
  readonly savedAt: number;
}

export interface AssetMirrorOptions {
  readonly clock: Clock;
  /** Absolute. */
  readonly assetsDir: string;
  readonly place: SitePlace;
  readonly method: () => PlaceMethod;
  /** Absolute folders that are no assets though they may lie in the folder. */
  readonly excluded: readonly string[];
  /** Why cargo-leptos keeps that name for itself, where it does. */
  readonly reserved: (name: string) => boolean;
  /** What a file last was, where that is known: see Fingerprint. */
  readonly knownContent: (path: string) => string | undefined;
  /** Files that were saved are looked at. */
  readonly onPlacing: () => void;
  /** These files (absolute) are in the site with their new content, or are no longer there. May be none. */
  readonly onPlaced: (paths: readonly string[]) => void;
  /** An asset is not in the site. */
  readonly onLeftOut: (name: string, why: string) => void;
}

/*
 * Work comes from file events and, for all files, from `sync`. It is done in rounds, one at a time:
 *
 *          event             GATHER_MS, or a rest          nothing came meanwhile
 *   idle ────────▶ gathering ─────────────────▶ placing ──────────────────────────▶ idle
 *                      ▲                           │ event while placing
 *                      └───────────────────────────┘
 */
type State = 'idle' | 'gathering' | 'placing';

/**
 * Keeps the assets in the site root, one file at a time and as soon as it is saved, while cargo-leptos would delete and
 * copy them all. What else is in the site root it leaves alone.
 */
export class AssetMirror {
  readonly #options: AssetMirrorOptions;
  /** Files in the site that are ours, by name. */
  readonly #placed = new Set<string>();
  /** What they were when pages were last told, where that is known. */
  readonly #contents = new Map<string, string | null>();
  /** By path. */
  readonly #brought = new Map<string, Brought>();
  /** Assets (absolute) behind links, and when (ctime, ms) they were last changed: those in a watched folder have other names there. */
  readonly #linked = new Map<string, number>();
  /** Names that could not be placed, and were told. */
  readonly #leftOut = new Set<string>();
  #state: State = 'idle';
  /** Files that are to be looked at, and when (ms since the epoch) the first event about each came. */
  #pending = new Map<string, number>();
  /** One after the other: two writers of one file would leave the older content. */
  #work: Promise<void> = Promise.resolve();
  #cancelTimer: () => void = () => undefined;
  /** Until the first `sync` cargo-leptos may still empty the site, and events say nothing that it would not find. */
  #isOpen = false;
  #isClosed = false;
  /** How folders of the site looked when their files were last seen to be there: mtime in ms. */
  readonly #folderTimes = new Map<string, number>();
  /** Folders that lacked a file at the last look, likewise. */
  readonly #brokenFolders = new Map<string, number>();

  constructor(options: AssetMirrorOptions) {
    this.#options = options;
  }

  /** How many assets are in the site. */
  get count(): number {
    return this.#placed.size;
  }

  /** Something happened to a file (absolute). */
  onFileEvent(path: string): void {
    if (!this.#isOpen || this.#isClosed || !isInside(path, this.#options.assetsDir)) return;
    this.#note(path, this.#options.clock.now());
    if (this.#state === 'idle') this.#gather(GATHER_MS);
  }

  /**
   * Resolves when these files (absolute) are in the site as they are now. What was brought there at `since` (ms since the
   * epoch) or later, on its event, is not brought again.
   */
  async place(paths: readonly string[], since: number): Promise<Brought> {
    const { assetsDir, clock } = this.#options;
    const assets = paths.filter((path) => isInside(path, assetsDir));
    // Of a change that a sweep found, no event came.
    for (const path of assets) if ((this.#brought.get(path)?.at ?? 0) < since) this.#note(path, since);
    this.#cancelTimer();
    await (this.#isOpen ? this.#round() : this.#work);
    const now = { at: clock.now(), savedAt: since };
    const all = assets.map((path) => this.#brought.get(path) ?? now).sort((a, b) => b.at - a.at);
    return all[0] ?? now;
  }

  /** Puts everything into the site that is missing there or older than the asset, and takes away what is no asset any more. */
  sync(): Promise<void> {
    return this.#queue(async () => {
      const { assetsDir, excluded, place } = this.#options;
      place.forgetFolders();
      const assets = await listAssets(assetsDir, excluded);
      for (const name of [...this.#placed]) if (!assets.has(name)) await this.#takeAway(name);
      this.#linked.clear();
      for (const { path, ctimeMs, isLinked } of assets.values()) if (isLinked) this.#linked.set(path, ctimeMs);
      await mapLimited([...assets], READ_CONCURRENCY, async ([name, asset]) => {
        if (!(await this.#isCurrent(name, asset))) await this.#put(name, asset.path);
        else this.#placed.add(name);
      });
      this.#isOpen = true;
    });
  }

  /** Resolves when nothing is being written. */
  settled(): Promise<void> {
    return this.#work;
  }

  /**
   * Puts back what somebody took out of the site, and brings changes behind links. Cheap: looks closely only into folders
   * of the site that changed.
   */
  async mend(): Promise<void> {
    if (!this.#isOpen || this.#state !== 'idle') return;
    for (const [path, before] of this.#linked) {
      const now = (await stat(path).catch(() => null))?.ctimeMs ?? 0;
      if (now === before) continue;
      this.#linked.set(path, now);
      this.onFileEvent(path);
    }
    const byFolder = new Map<string, string[]>();
    for (const name of this.#placed) {
      const folder = dirname(name);
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), name]);
    }
    const { place } = this.#options;
    for (const [folder, names] of byFolder) {
      const time = (await stat(place.pathOf(folder)).catch(() => null))?.mtimeMs ?? 0;
      if (time === this.#folderTimes.get(folder)) continue;
      const present = await mapLimited(names, READ_CONCURRENCY, (name) => exists(place.pathOf(name)));
      if (present.every(Boolean)) this.#folderTimes.set(folder, time);
      else if (this.#brokenFolders.get(folder) === time) {
        this.#brokenFolders.clear();
        await this.sync();
        return;
      }
      // Whoever deletes may still be at it, and would fail at a folder that fills again: at the next look, then.
      else this.#brokenFolders.set(folder, time);
    }
  }

  /** Nothing is written any more; resolves when that is so. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    await this.#work;
  }

  #note(path: string, savedAt: number): void {
    if (!this.#pending.has(path)) this.#pending.set(path, savedAt);
  }

  #gather(ms: number): void {
    this.#state = 'gathering';
    this.#cancelTimer = this.#options.clock.after(ms, () => void this.#round());
  }

  #round(): Promise<void> {
    return this.#queue(async () => {
      const saves = [...this.#pending];
      this.#pending = new Map();
      if (saves.length === 0) {
        this.#state = 'idle';
        return;
      }
      this.#state = 'placing';
      const { clock, place, onPlacing, onPlaced } = this.#options;
      const startedAt = clock.now();
      place.forgetFolders();
      onPlacing();
      const changed = await mapLimited(saves, READ_CONCURRENCY, async ([path, savedAt]) =>
        (await this.#bring(path, savedAt)) ? path : null,
      );
      onPlaced(changed.filter((path) => path !== null).sort());
      this.#state = 'idle';
      if (this.#pending.size > 0) this.#gather(Math.max(GATHER_MS, REST_FACTOR * (clock.now() - startedAt)));
    });
  }

  #queue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(() => (this.#isClosed ? undefined : work()));
    return this.#work;
  }

  /** Makes the site's file what the asset is now. Returns true when that is another content than before. */
  async #bring(path: string, savedAt: number): Promise<boolean> {
    const { assetsDir, knownContent } = this.#options;
    const name = relative(assetsDir, path);
    const before = this.#contents.has(path) ? this.#contents.get(path) : knownContent(path);
    const now = (await fingerprint(path))?.content ?? null;
    this.#contents.set(path, now);
    const isNews = now !== (before ?? null);
    if (now === null) await this.#takeAway(name);
    else {
      const asset = await stat(path).catch(() => null);
      // The watcher may have known before us what is new, and the site not yet have it.
      if (isNews || !asset || !(await this.#isCurrent(name, { path, size: asset.size, ctimeMs: asset.ctimeMs }))) {
        await this.#put(name, path);
      } else if (this.#brought.has(path)) return false;
    }
    this.#brought.set(path, { at: this.#options.clock.now(), savedAt });
    return isNews;
  }

  async #put(name: string, path: string): Promise<void> {
    const { place, onLeftOut, reserved } = this.#options;
    const leaveOut = (why: string): void => {
      if (!this.#leftOut.has(name)) onLeftOut(name, why);
      this.#leftOut.add(name);
    };
    if (reserved(name)) {
      leaveOut('cargo-leptos keeps that name in the site for itself, and stops at such an asset');
      return;
    }
    try {
      // A page may be generated under that name, and must not be written into the asset.
      const isLinked = this.#isToLink(name) && (await place.link(path, name));
      if (!isLinked) await place.copy(path, name);
      this.#placed.add(name);
      this.#leftOut.delete(name);
    } catch (error) {
      // Deleted since: its event is on the way.
      if (await exists(path)) leaveOut(error instanceof Error ? error.message : String(error));
    }
  }

  async #takeAway(name: string): Promise<void> {
    this.#leftOut.delete(name);
    if (this.#placed.delete(name)) await this.#options.place.remove(name).catch(() => undefined);
  }

  async #isCurrent(name: string, asset: Omit<AssetFile, 'isLinked'>): Promise<boolean> {
    const { place } = this.#options;
    if (this.#isToLink(name)) return place.isLinked(asset.path, name);
    const present = await lstat(place.pathOf(name)).catch(() => null);
    return present?.isFile() === true && present.size === asset.size && present.mtimeMs > asset.ctimeMs;
  }

  #isToLink(name: string): boolean {
    return this.#options.method() === 'link' && extname(name) !== '.html';
  }
}

/**
 * Tells the names in the site that are cargo-leptos's own (compile/assets.rs: `reserved`), and with them what would have to
 * be a file where its folder is.
 */
export function reservedNames(
  sitePkgDir: string,
  platform: NodeJS.Platform = process.platform,
): (name: string) => boolean {
  const fold = (name: string): string => {
    const path = name.split(sep).join('/');
    // Here `PKG` and `pkg` may be one folder.
    return platform === 'linux' ? path : path.toLowerCase();
  };
  const pkg = fold(sitePkgDir);
  return (name) => {
    const folded = fold(name);
    return folded === 'index.html' || `${folded}/`.startsWith(`${pkg}/`) || pkg.startsWith(`${folded}/`);
  };
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
