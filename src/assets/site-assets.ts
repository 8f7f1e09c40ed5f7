import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { EventBus } from '../core/events.js';
import type { LeptosConfig } from '../project/model.js';
import { AssetMirror, type Brought, type PlaceMethod, reservedNames } from './asset-mirror.js';
import { tryLink } from './link-support.js';
import { SitePlace } from './site-place.js';

/** In the folder that cargo-leptos takes for the assets: where it arrives, that cargo-leptos copies from nowhere else. */
const MARKER = '.leptos-fast';
/** A variable, not the manifest, names the folder: cargo-leptos prefers variables (config/dotenvs.rs). */
const VARIABLES = ['LEPTOS_ASSETS_DIR', 'LEPTOS_SITE_ROOT'] as const;

export interface SiteAssetsOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** The project's state folder, absolute. */
  readonly stateFolder: string;
  /** The workspace's folder and the target directory, absolute. */
  readonly root: string;
  readonly targetDir: string;
  /** Read anew for each start of cargo-leptos: settings may change. */
  readonly config: () => LeptosConfig;
  /** Settings of cargo-leptos can be changed on their way through `cargo metadata`. */
  readonly gate: boolean;
  /** Symbolic links in place of copies. */
  readonly link: boolean;
  /** See AssetMirrorOptions. */
  readonly knownContent: (path: string) => string | undefined;
  readonly onPlaced: (paths: readonly string[]) => void;
}

/** Where cargo-leptos is to think that the assets and the site are; absolute. */
export interface AssetSettings {
  readonly assetsDir?: string;
  readonly siteRoot?: string;
}

/**
 * Takes the assets off cargo-leptos's hands: it is given an empty folder, and an AssetMirror fills the site root.
 *
 * With links the site root is a folder of ours. In the project's own one another cargo-leptos, say a `cargo leptos build`
 * in a second terminal, may copy an asset onto the link to it, which empties the asset (*run*: docs/assets.md).
 */
export class SiteAssets {
  readonly #options: SiteAssetsOptions;
  #mirror: AssetMirror | null = null;
  /** Links were asked for and a trial of them succeeded. */
  #canLink = false;
  /** This cargo-leptos has been seen to copy from our folder alone. */
  #isTrusted = false;
  /** Since this cargo-leptos was started. */
  #hasSynced = false;

  constructor(options: SiteAssetsOptions) {
    this.#options = options;
  }

  /** Finds out whether links work, where they are wanted. Before `onStart`. */
  async open(): Promise<void> {
    const { link, stateFolder, bus } = this.#options;
    if (!link) return;
    const trial = await tryLink(stateFolder);
    this.#canLink = trial.kind === 'linked';
    if (trial.kind !== 'linked') bus.emit({ event: 'notice', message: `assets are copied, not linked: ${trial.why}` });
  }

  /** Where the site is. */
  get siteRoot(): string {
    return this.#canLink ? join(this.#options.stateFolder, 'site') : this.#options.config().siteRoot;
  }

  /** What goes to cargo-leptos through `cargo metadata`. */
  get metadata(): AssetSettings {
    return this.#options.gate && !this.#isSetByVariable() ? this.#settings : {};
  }

  /** The same as variables, where they have to win over the user's own: the app sees them too. */
  get variables(): Readonly<Record<string, string>> {
    if (this.#options.gate && !this.#isSetByVariable()) return {};
    const { assetsDir, siteRoot } = this.#settings;
    return {
      ...(assetsDir !== undefined && { LEPTOS_ASSETS_DIR: assetsDir }),
      ...(siteRoot !== undefined && { LEPTOS_SITE_ROOT: siteRoot }),
    };
  }

  /** cargo-leptos is about to start, and will empty the site. */
  onStart(): void {
    const { assetsDir } = this.#options.config();
    void this.#mirror?.close();
    this.#mirror = assetsDir === undefined ? null : this.#makeMirror(assetsDir);
    this.#isTrusted = false;
    this.#hasSynced = false;
    if (this.#mirror) this.#makeEmptyFolder();
  }

  /** cargo-leptos waits: another version than 0.3.11 may not have told when it had emptied the site. */
  async onIdle(): Promise<void> {
    if (!this.#hasSynced) await this.sync();
  }

  /** From now on changes are seen; there may have been some since the first look. */
  async onWatching(): Promise<void> {
    if (this.#hasSynced) await this.sync();
  }

  /** cargo-leptos has emptied the site, and will put nothing there but its own files. */
  async sync(): Promise<void> {
    const { bus } = this.#options;
    const mirror = this.#mirror;
    if (!mirror) return;
    this.#hasSynced = true;
    const marker = join(this.siteRoot, MARKER);
    if (existsSync(marker)) {
      this.#isTrusted = true;
      rmSync(marker);
    }
    const startedAt = performance.now();
    bus.emit({ event: 'step', step: 'assets', state: 'started' });
    await mirror.sync();
    bus.emit({ event: 'step', step: 'assets', state: 'finished' });
    const ms = Math.round(performance.now() - startedAt);
    const how = this.#method === 'link' ? 'linked' : 'copied';
    bus.emit({ event: 'log', level: 'debug', line: `assets: ${mirror.count} files ${how} in ${ms} ms` });
  }

  /** Something happened to a file (absolute). */
  onFileEvent(path: string): void {
    this.#mirror?.onFileEvent(path);
  }

  /** See AssetMirror. */
  place(paths: readonly string[], since: number): Promise<Brought> {
    return this.#mirror?.place(paths, since) ?? Promise.resolve({ at: this.#options.clock.now(), savedAt: since });
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#mirror?.settled();
  }

  /** Puts back what somebody took out of the site. */
  async mend(): Promise<void> {
    await this.#mirror?.mend();
  }

  /** Nothing is written any more; resolves when that is so. */
  async close(): Promise<void> {
    await this.#mirror?.close();
    this.#mirror = null;
  }

  get #emptyFolder(): string {
    return join(this.#options.stateFolder, 'assets');
  }

  get #settings(): AssetSettings {
    if (this.#options.config().assetsDir === undefined) return {};
    return { assetsDir: this.#emptyFolder, ...(this.#canLink && { siteRoot: this.siteRoot }) };
  }

  get #method(): PlaceMethod {
    return this.#canLink && this.#isTrusted ? 'link' : 'copy';
  }

  #makeMirror(assetsDir: string): AssetMirror {
    const { bus, clock, root, targetDir, config, knownContent, onPlaced } = this.#options;
    const { sitePkgDir } = config();
    return new AssetMirror({
      clock,
      assetsDir,
      place: new SitePlace(this.siteRoot, root),
      method: () => this.#method,
      excluded: [targetDir, config().siteRoot],
      reserved: reservedNames(sitePkgDir),
      knownContent,
      onPlacing: () => bus.emit({ event: 'step', step: 'assets', state: 'started' }),
      onPlaced: (paths) => {
        bus.emit({ event: 'step', step: 'assets', state: 'finished', changed: paths.length > 0 });
        if (paths.length > 0) onPlaced(paths);
      },
      onLeftOut: (name, why) => {
        const file = join(relative(root, assetsDir), name);
        bus.emit({ event: 'notice', message: `${file} is not on the site: ${why}` });
      },
    });
  }

  #makeEmptyFolder(): void {
    mkdirSync(this.#emptyFolder, { recursive: true });
    for (const name of readdirSync(this.#emptyFolder)) {
      if (name !== MARKER) rmSync(join(this.#emptyFolder, name), { recursive: true });
    }
    writeFileSync(join(this.#emptyFolder, MARKER), '');
  }

  #isSetByVariable(): boolean {
    const { env, config } = this.#options;
    const { envFile } = config();
    const dotenv = envFile === undefined ? '' : readOrNothing(envFile);
    return VARIABLES.some((name) => env[name] !== undefined || dotenv.includes(name));
  }
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
