import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { relative, resolve, sep } from 'node:path';
import type { WasmState } from '../build/dev-loop.js';
import { type Ports, portTaken } from '../build/ports.js';
import type { Clock } from '../core/clock.js';
import { type EventBus, errorEvent } from '../core/events.js';
import { isInside } from '../core/paths.js';
import { err, ok, type Result } from '../core/result.js';
import type { LeptosConfig } from '../project/model.js';
import { editorFrom, openInEditor } from './editor.js';
import { clientRoute, type OwnRoute } from './own-routes.js';
import { PageChannel } from './page-channel.js';
import type { PageError, ViewPatch } from './page-protocol.js';
import { PageState } from './page-state.js';
import { DevProxy } from './proxy.js';
import { ReloadRelay } from './reload-relay.js';
import { WasmHold } from './wasm-hold.js';

/** How long (ms) a request waits for a server that restarts before a page is answered that reloads itself. */
const HOLD_MS = 30_000;
/** The same during the first build, which takes minutes: better a page that says so. */
const FIRST_HOLD_MS = 1_000;

/** Of more assets than these a page is told that any may have changed: to name them all would be a megabyte. */
const MAX_NAMED_ASSETS = 200;

export interface FrontDoorOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** The workspace's folder, absolute. */
  readonly root: string;
  /** Read anew for every connection: settings may change. */
  readonly ports: () => Ports;
  readonly config: () => LeptosConfig;
  /** True while the server is only restarting: worth waiting for. */
  readonly isServerDue: () => boolean;
  /** Called for each request that is for the app. */
  readonly onVisit: () => void;
  /** What is answered below OWN_PATH besides our own scripts. */
  readonly routes: readonly OwnRoute[];
  /** See BuildTimes. */
  readonly knownDurations: Promise<ReadonlyMap<string, readonly number[]>>;
  /** See PageStateOptions. */
  readonly patchesFor: (batch: number, files: readonly string[]) => readonly string[] | null;
}

/**
 * Where browsers come: the proxy on the site's port, and behind it the sockets of all open pages. Without the proxy only
 * Leptos's own live reload tells pages of news.
 */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #token = randomBytes(16).toString('hex');
  readonly #channel: PageChannel;
  readonly #pages: PageState;
  readonly #wasm = new WasmHold();
  #routes: readonly OwnRoute[] = [];
  #proxy: DevProxy | null = null;
  #relay: ReloadRelay;
  /** A page went out that our script is not in: it hears of news through Leptos's own live reload alone. */
  #hasPlainPages = false;

  constructor(options: FrontDoorOptions) {
    const { bus, clock, root, env, patchesFor } = options;
    this.#options = options;
    this.#channel = new PageChannel({
      clock,
      token: this.#token,
      hosts: this.#hosts,
      hello: () => this.#pages.hello(),
      onMessage: (message, page) => this.#pages.onMessage(message, page),
    });
    this.#pages = new PageState({
      bus,
      clock,
      root,
      broadcast: (message) => this.#channel.broadcast(message),
      pages: () => this.#channel.pages,
      open: editorFrom(env) ? (place) => void this.#open(place) : null,
      pathsOf: (kind, files) => this.#pathsOf(kind, files),
      patchesFor,
    });
    void options.knownDurations.then((known) => this.#pages.learn(known));
    this.#relay = this.#makeRelay();
    // Open tabs are told at the moment when a batch can be seen.
    bus.on((event) => {
      if (event.event !== 'reloaded' || (this.#proxy && !this.#hasPlainPages)) return;
      if (event.kind === 'style') this.#relay.swapStylesheet();
      else if (event.kind !== 'none') this.#relay.reload();
    });
  }

  /** Begins to listen. Error: LF040 when a port was taken since it was chosen. */
  async open(): Promise<Result<void>> {
    const { host, site, app, reload } = this.#options.ports();
    if (app !== site) {
      this.#routes = [await clientRoute(), ...this.#options.routes];
      this.#proxy = this.#makeProxy();
    }
    for (const [port, listen] of [
      [site, () => this.#proxy?.listen()],
      [reload, () => this.#relay.listen()],
    ] as const) {
      try {
        await listen();
      } catch {
        return err(portTaken(host, port));
      }
    }
    return ok(undefined);
  }

  /** Goes on at the ports as they are now: the user has given the site another address. Error: LF040. */
  async move(): Promise<Result<void>> {
    await this.close();
    this.#proxy = null;
    this.#relay = this.#makeRelay();
    return this.open();
  }

  /** See WasmHold. */
  onWasm(state: WasmState): void {
    this.#wasm.onWasm(state);
  }

  /** The server that answers from now on was started at that moment (ms since the epoch). */
  onServerProcess(startedAt: number): void {
    this.#pages.onServerProcess(startedAt);
  }

  /** A saved file (relative to the workspace) can be shown by a patch. */
  onPatch(patch: ViewPatch, file: string): void {
    this.#pages.onPatch(patch, file);
  }

  /** Assets (absolute) can be had with their new content, or are gone. */
  onAssets(files: readonly string[]): void {
    this.#pages.onFiles('assets', files);
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    this.#channel.close();
    await Promise.all([this.#proxy?.close(), this.#relay.close()]);
  }

  /** A name under which the site is asked for besides localhost and literal addresses. */
  get #hosts(): readonly string[] {
    const { host } = this.#options.ports();
    return isIP(host) === 0 ? [host.toLowerCase()] : [];
  }

  get #pkgPath(): string {
    return `/${this.#options.config().sitePkgDir.split(sep).join('/')}/`;
  }

  async #open(place: NonNullable<PageError['place']>): Promise<void> {
    const { bus, root, env } = this.#options;
    const opened = await openInEditor({ ...place, file: resolve(root, place.file) }, env);
    if (!opened.ok) bus.emit(errorEvent(opened.error));
  }

  #pathsOf(kind: 'style' | 'assets', files: readonly string[]): readonly string[] {
    const { root, config } = this.#options;
    const { assetsDir, outputName, hashFiles } = config();
    // A file name with a hash in it is one that the page does not know yet.
    if (kind === 'style') return hashFiles ? [] : [`${this.#pkgPath}${outputName}.css`];
    if (assetsDir === undefined) return [];
    const paths = files.map((file) => resolve(root, file)).filter((file) => isInside(file, assetsDir));
    if (paths.length > MAX_NAMED_ASSETS) return [];
    return paths.map((file) => `/${relative(assetsDir, file).split(sep).map(inUrl).join('/')}`);
  }

  #makeRelay(): ReloadRelay {
    const { ports, config } = this.#options;
    const { host, reload } = ports();
    return new ReloadRelay({
      host,
      port: reload,
      stylesheet: `${this.#pkgPath.slice(1)}${config().outputName}.css`,
    });
  }

  #makeProxy(): DevProxy {
    const { clock, ports, isServerDue, onVisit } = this.#options;
    const { host, site, app } = ports();
    return new DevProxy({
      clock,
      listen: { host, port: site },
      app: { host, port: app },
      onRequest: onVisit,
      holdMs: () => (isServerDue() ? HOLD_MS : FIRST_HOLD_MS),
      pages: {
        token: this.#token,
        hosts: this.#hosts,
        onPageWithoutScript: () => {
          this.#hasPlainPages = true;
        },
        pkgPath: () => this.#pkgPath,
        wasm: this.#wasm,
        channel: this.#channel,
        routes: this.#routes,
      },
    });
  }
}

/** A file's name as it stands in a URL's path; the rest of the odd characters the browser encodes itself. */
function inUrl(name: string): string {
  return name.replaceAll(/[%#?\\]/g, encodeURIComponent);
}
