import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { SiteAssets } from '../assets/site-assets.js';
import type { CacheMeter } from '../cache/cache-figures.js';
import { cacheFolder } from '../cache/cache-folder.js';
import { DiskCache } from '../cache/disk-cache.js';
import { FileHashes } from '../cache/file-hashes.js';
import { KeptBindgen, keptBindgenFolder } from '../cache/kept-bindgen.js';
import { MetadataCache } from '../cache/metadata-cache.js';
import type { Clock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { type EventBus, errorEvent, RUST_SIDES, type RustSide, type Side } from '../core/events.js';
import { ok, type Result } from '../core/result.js';
import { DASHBOARD_PATH } from '../dashboard/data.js';
import type { ToolVersions } from '../doctor/machine.js';
import { BuiltBefore } from '../gate/built-before.js';
import { abilitiesOf } from '../gate/cargo-leptos-abilities.js';
import { Gate } from '../gate/gate.js';
import type { SideBuilder } from '../gate/side-builder.js';
import { Triggers } from '../gate/triggers.js';
import { PatchFeed } from '../patch/patch-feed.js';
import { projectStateDir } from '../project/state-dir.js';
import type { SessionHistory } from '../record/session-history.js';
import { FrontDoor } from '../serve/front-door.js';
import { ServerWatch } from '../serve/server-watch.js';
import { ProjectSources } from '../watch/project-sources.js';
import { cargoLeptosArgs, cargoLeptosEnv, siteUrl, withPublicPort } from './cargo-leptos-call.js';
import type { LogFact } from './cargo-leptos-log.js';
import { DevLoop } from './dev-loop.js';
import { givenUp } from './given-up.js';
import type { ProcessInfo } from './process-tree.js';
import type { ProjectLock } from './project-lock.js';
import { ServerRecovery } from './server-recovery.js';
import type { Setup } from './setup.js';
import { SiteFolder } from './site-folder.js';
import { Supervisor } from './supervisor.js';

/** What cargo-leptos is asked for; the assets are brought without it. */
const TRIGGERED: readonly Side[] = [...RUST_SIDES, 'style'];
/** Unix socket paths end at 104 (macOS) or 108 bytes (Linux). */
const MAX_SOCKET_PATH_BYTES = 100;
/** What a server says whose port is taken: Rust's words, Node's, and the systems' numbers for it. */
const ADDRESS_TAKEN = /address (already )?in use|EADDRINUSE|os error (98|48|10048)\b/i;
/** So many lines of cargo-leptos's are kept, to tell why it ended: it says the cause, a backtrace and how to have a longer one. */
const LAST_WORDS = 60;
/** How often (ms) our own folder in the target directory is looked at. */
const LOOK_AFTER_STATE_MS = 1_000;

export interface SessionOptions {
  readonly dir: string;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly setup: Setup;
  /** Reads the setup anew after the user's settings changed. */
  readonly renew: (before: Setup, now: Pick<Setup, 'workspace' | 'project'>) => Promise<Result<Setup>>;
  /** `--project`, for reading the workspace anew. */
  readonly projectName?: string;
  /** leptos-fast.toml (absolute), and what to do when it has changed. */
  readonly settingsFile: string;
  readonly onSettingsFile: () => Promise<void>;
  readonly tools: ToolVersions;
  /** Held by the caller's `prepare`; the session releases it. */
  readonly lock: ProjectLock;
  readonly history: Pick<SessionHistory, 'routes' | 'knownDurations'>;
  /** What builds the server in cargo's place, if anything. */
  readonly serverCommand?: { readonly name: string; readonly program: string };
  readonly gate: boolean;
  /** Leave out builds of sides that an edit does not reach. */
  readonly skip: boolean;
  readonly skipComments: boolean;
  /** Start a new server before the wasm that belongs to it is built. */
  readonly contentFirst: boolean;
  /** Show edits of `view!` in open pages before they are built. */
  readonly hotReload: boolean;
  /** Symbolic links to the assets in place of copies. */
  readonly linkAssets: boolean;
  readonly debounceMs: number;
  readonly pollMs?: number;
  readonly maxRetries: number;
  /** How much is kept on the disk for the next run. */
  readonly maxCacheBytes: number;
  /** Counts what that is good for. */
  readonly meter: CacheMeter;
  readonly appArgs: readonly string[];
  /** Called for each request of a browser. */
  readonly onVisit?: () => void;
  /** cargo-leptos died too often: the session is over. */
  readonly onGivenUp: (error: LfError) => void;
}

/**
 * One run of `dev`: puts the parts together and takes them apart. A saved file goes
 * watcher → classifier → loop → trigger → cargo-leptos → shim → gate → cargo → cargo-leptos → server → loop → sinks.
 */
export class DevSession {
  readonly #options: SessionOptions;
  #setup: Setup;
  readonly #state: string;
  readonly #sources: ProjectSources;
  readonly #triggers: Triggers;
  readonly #loop: DevLoop;
  readonly #supervisor: Supervisor;
  readonly #server: ServerWatch;
  readonly #recovery: ServerRecovery;
  readonly #door: FrontDoor;
  /** Null when pages are not to be patched, or cannot hear of it. */
  readonly #feed: PatchFeed | null;
  readonly #assets: SiteAssets;
  readonly #cache: DiskCache;
  /** Null without the gate, or without a wasm-bindgen on PATH. */
  readonly #bindgen: KeptBindgen | null;
  readonly #builtBefore: BuiltBefore;
  readonly #site = new SiteFolder(() => join(this.#assets.siteRoot, this.#setup.project.config.sitePkgDir));
  #gate: Gate | null = null;
  #temporaryFolder: string | null = null;
  #filesWatched = 0;
  #wasReady = false;
  /** The server ended before it answered: better a page that says so than a long wait. */
  #serverIsDown = false;
  /** The server said so; if it ends now, that is why. */
  #addressWasTaken = false;
  /** The last lines of cargo-leptos's own. */
  #lastWords: readonly string[] = [];
  /** The loop asked for a new cargo-leptos, and the old one is still ending. */
  #isRestarting = false;
  #cancelLook: () => void = () => undefined;
  #stopped = false;
  #opening: Promise<Result<void>> = Promise.resolve(ok(undefined));
  /** What `cargo clean` has taken comes back. */
  #restoring: Promise<void> = Promise.resolve();
  #begun = false;
  #startedAt: number;

  constructor(options: SessionOptions) {
    const { setup, bus, clock, maxRetries } = options;
    this.#options = options;
    this.#setup = setup;
    this.#startedAt = clock.now();
    this.#state = projectStateDir(setup.workspace, setup.project);
    const { oneSide } = abilitiesOf(options.tools.cargoLeptos);
    this.#triggers = new Triggers(join(this.#state, 'trigger'), setup.workspace.root, oneSide ? TRIGGERED : RUST_SIDES);
    const folder = cacheFolder(setup.workspace);
    this.#cache = new DiskCache({ folder, maxBytes: options.maxCacheBytes, meter: options.meter });
    this.#bindgen = this.#makeBindgen();
    this.#builtBefore = new BuiltBefore({
      folder: this.#state,
      targetDir: () => this.#setup.workspace.targetDir,
      localCrates: () => this.#setup.workspace.packages.map(({ name }) => name),
    });
    this.#sources = this.#makeSources();
    this.#assets = this.#makeAssets();
    this.#server = new ServerWatch({
      bus,
      clock,
      address: () => ({ host: this.#setup.ports.host, port: this.#setup.ports.app }),
      findProcess: () => this.#findServer(),
      onProcess: (startedAt) => this.#door.onServerProcess(startedAt),
      betweenRuns: () => this.#loop.betweenRuns(),
      onDied: ({ pid }, answered) => {
        this.#serverIsDown = !answered;
        const { app, site } = this.#setup.ports;
        if (!answered && this.#addressWasTaken && app !== site) void this.#leaveSiteToApp();
        else this.#recovery.onDied(pid, answered);
        this.#addressWasTaken = false;
      },
    });
    this.#recovery = new ServerRecovery({ bus, clock, maxRetries, restart: () => void this.#supervisor.restart() });
    this.#door = new FrontDoor({
      bus,
      clock,
      env: options.env,
      root: setup.workspace.root,
      routes: options.history.routes,
      knownDurations: options.history.knownDurations,
      patchesFor: (batch, files) =>
        this.#feed?.patchesFor(
          batch,
          files.map((file) => resolve(setup.workspace.root, file)),
        ) ?? null,
      ports: () => this.#setup.ports,
      config: () => this.#setup.project.config,
      isServerDue: () => this.#wasReady && !this.#serverIsDown,
      onVisit: () => options.onVisit?.(),
    });
    const canPatch = options.hotReload && setup.ports.app !== setup.ports.site;
    this.#feed = canPatch ? this.#makeFeed() : null;
    bus.on(({ event }) => {
      if (event === 'server-started') this.#serverIsDown = false;
    });
    this.#supervisor = this.#makeSupervisor();
    this.#loop = this.#makeLoop();
  }

  /** Opens what cargo-leptos and browsers will come to; nothing is built yet. Error: LF040 when a port was taken since it was chosen. */
  open(): Promise<Result<void>> {
    this.#opening = this.#open();
    return this.#opening;
  }

  /** Begins to build and to watch, once; resolves when the sources are watched. `startedAt` (ms since the epoch) is what the first build's time counts from. */
  async begin(startedAt: number): Promise<void> {
    if (this.#begun || this.#stopped) return;
    this.#begun = true;
    this.#startedAt = startedAt;
    this.#loop.startAt(startedAt);
    // Both at once: the gate holds cargo-leptos's first builds until the watcher knows what they are built from.
    this.#supervisor.start();
    this.#filesWatched = await this.#sources.start();
    void this.#assets.onWatching();
    void this.#feed?.start(this.#sources.frontFiles);
    this.#lookAfterState();
  }

  async #open(): Promise<Result<void>> {
    const { gate, bus } = this.#options;
    await mkdir(this.#state, { recursive: true });
    await this.#assets.open();
    if (gate) {
      const socketPath = await this.#socketPath();
      await this.#triggers.create();
      this.#gate = this.#makeGate(socketPath);
      await this.#gate.open();
    } else {
      bus.emit({
        event: 'notice',
        message:
          'without the gate: a burst of saves can build more than once, and what cargo-leptos does not see waits for the next save',
      });
    }
    return this.#door.open();
  }

  /** `cargo clean` takes our shim, socket and triggers along with everything that was built. */
  #lookAfterState(): void {
    this.#cancelLook = this.#options.clock.after(LOOK_AFTER_STATE_MS, async () => {
      if (this.#gate && !existsSync(join(this.#state, 'bin', 'cargo'))) await this.#rebuildState(this.#gate);
      else if (this.#loop.isIdle && this.#site.hasLostFiles()) this.#rebuildSite();
      else await this.#assets.mend();
      if (!this.#stopped) this.#lookAfterState();
    });
  }

  /** cargo-leptos writes only what it thinks is new; all of it comes back when it starts anew. */
  #rebuildSite(): void {
    const why = "files of the site's folder were removed";
    this.#options.bus.emit({ event: 'recovery', kind: 'restart', attempt: 1, why });
    this.#site.forget();
    void this.#supervisor.restart();
  }

  async #rebuildState(gate: Gate): Promise<void> {
    this.#options.bus.emit({
      event: 'recovery',
      kind: 'clean',
      attempt: 1,
      why: 'the target directory was removed; everything is built anew',
    });
    this.#restoring = this.#restoreState(gate);
    await this.#restoring;
    if (!this.#stopped) await this.#supervisor.restart();
  }

  async #restoreState(gate: Gate): Promise<void> {
    await mkdir(this.#state, { recursive: true });
    await this.#triggers.create();
    await gate.reopen();
    await this.#options.lock.note([]);
    for (const side of RUST_SIDES) gate.sides[side].markDirty();
  }

  /** Looks for what was saved while this process was suspended. */
  async resume(): Promise<void> {
    if (this.#begun) await this.#sources.sweep();
  }

  /** Nothing of it is being built, and the page can be opened. */
  get isIdle(): boolean {
    return this.#wasReady && this.#loop.isIdle;
  }

  /** Where the page is. */
  get url(): string {
    return siteUrl(this.#setup.ports);
  }

  /** Where the dashboard is; null without the proxy. */
  get dashboardUrl(): string | null {
    const { ports } = this.#setup;
    return ports.app === ports.site ? null : new URL(DASHBOARD_PATH, siteUrl(ports)).href;
  }

  /** Builds what is not up to date, as after a save of everything. */
  rebuild(): void {
    if (this.#begun) this.#loop.rebuild();
  }

  /** Ends everything in order; resolves when no process of ours is left and the ports are free. */
  async stop(): Promise<void> {
    await this.#standStill();
    await Promise.all([
      this.#door.close(),
      this.#gate?.close(),
      this.#supervisor.stop(),
      this.#sources.close(),
      this.#assets.close(),
    ]);
    await Promise.all(
      RUST_SIDES.map(async (side) => this.#builtBefore.save(side, await this.#sources.unchangedInputs(side))),
    );
    await this.#cleanUp();
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    await this.#standStill();
    await Promise.all([this.#door.close(), this.#gate?.close(), this.#supervisor.kill(), this.#assets.close()]);
    await this.#cleanUp();
  }

  /** Nothing is begun any more. */
  async #standStill(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook();
    // What is only just being opened could not be closed.
    await Promise.allSettled([this.#opening, this.#restoring]);
    this.#recovery.cancel();
    this.#loop.stop();
    this.#feed?.stop();
    this.#server.stop();
  }

  async #cleanUp(): Promise<void> {
    // Without a gate of our own, the socket there is another run's.
    if (this.#gate) await rm(join(this.#state, 'gate.sock'), { force: true });
    await this.#options.lock.release();
    if (this.#temporaryFolder) await rm(this.#temporaryFolder, { recursive: true, force: true });
  }

  #makeSources(): ProjectSources {
    const { dir, projectName, env, bus, clock, debounceMs, pollMs, settingsFile, onSettingsFile } = this.#options;
    const { workspace, project } = this.#setup;
    return new ProjectSources({
      dir,
      ...(projectName !== undefined && { projectName }),
      env,
      workspace,
      project,
      bus,
      clock,
      hashes: new FileHashes(this.#cache, workspace.root),
      skipComments: this.#options.skipComments,
      settingsFile,
      onSettingsFile: () => void onSettingsFile(),
      debounceMs,
      ...(pollMs !== undefined && { pollMs }),
      onChange: (set) => {
        this.#recovery.onChange();
        this.#loop.onChangeSet(set);
      },
      onFileEvent: (path) => {
        this.#assets.onFileEvent(path);
        this.#feed?.onFileEvent(path);
      },
      onNewSettings: (now) => this.#onNewSettings(now),
    });
  }

  #makeBindgen(): KeptBindgen | null {
    const { gate, tools, clock, meter, maxCacheBytes: maxBytes } = this.#options;
    const program = tools.wasmBindgenPath;
    // Names with a hash are given after wasm-bindgen.
    if (!gate || program === undefined || this.#setup.project.config.hashFiles) return null;
    const folder = keptBindgenFolder(this.#setup.workspace, this.#setup.project);
    return new KeptBindgen({ folder, program, clock, maxBytes, meter });
  }

  #makeAssets(): SiteAssets {
    const { bus, clock, env, gate, linkAssets } = this.#options;
    const { root, targetDir } = this.#setup.workspace;
    return new SiteAssets({
      bus,
      clock,
      env,
      stateFolder: this.#state,
      root,
      targetDir,
      config: () => this.#setup.project.config,
      gate,
      link: linkAssets,
      knownContent: (path) => this.#sources.contentOf(path),
      onPlaced: (paths) => this.#door.onAssets(paths),
    });
  }

  /** The app binds the site's port whatever LEPTOS_SITE_ADDR says: then it gets it, and there is no proxy. */
  async #leaveSiteToApp(): Promise<void> {
    const { ports } = this.#setup;
    this.#setup = { ...this.#setup, ports: { ...ports, app: ports.site } };
    this.#options.bus.emit({
      event: 'notice',
      message: `the app binds port ${ports.site} itself, not LEPTOS_SITE_ADDR (leptos_options.site_addr): going on without the proxy`,
    });
    const moved = await this.#door.move();
    if (!moved.ok) this.#options.bus.emit(errorEvent(moved.error));
    if (!this.#stopped) void this.#supervisor.restart();
  }

  /** cargo-leptos reads its settings once. */
  async #onNewSettings(now: Pick<Setup, 'workspace' | 'project'>): Promise<void> {
    const { bus, renew } = this.#options;
    const renewed = await renew(this.#setup, now);
    if (this.#stopped) return;
    if (!renewed.ok) {
      bus.emit(errorEvent(renewed.error));
      return;
    }
    const before = this.#setup;
    this.#setup = renewed.value;
    bus.emit({ event: 'recovery', kind: 'restart', attempt: 1, why: "the project's Leptos settings changed" });
    this.#site.forget();
    void this.#supervisor.restart();
    if (this.#setup.ports !== before.ports) {
      const moved = await this.#door.move();
      bus.emit(
        moved.ok
          ? { event: 'notice', message: `the app has moved to ${siteUrl(this.#setup.ports)}` }
          : errorEvent(moved.error),
      );
    }
  }

  #makeFeed(): PatchFeed {
    const { bus, clock } = this.#options;
    const { root } = this.#setup.workspace;
    return new PatchFeed({
      bus,
      clock,
      root,
      onPatch: (patch, file) => this.#door.onPatch(patch, relative(root, file)),
    });
  }

  #makeGate(socketPath: string): Gate {
    const { clock, tools, maxRetries, serverCommand } = this.#options;
    return new Gate({
      project: () => this.#setup.project,
      clock,
      realCargo: tools.cargoPath,
      ...(serverCommand && { serverCommand }),
      targetDir: this.#setup.workspace.targetDir,
      localCrates: () => this.#setup.workspace.packages.map(({ name }) => name),
      maxRetries,
      // Only the proxy can keep the wasm of before from the new page.
      contentFirst: () => this.#options.contentFirst && this.#setup.ports.app !== this.#setup.ports.site,
      shimFolder: join(this.#state, 'bin'),
      socketPath,
      ...(this.#bindgen && { wasmBindgen: this.#bindgen }),
      cache: new MetadataCache(this.#cache),
      builtBefore: this.#builtBefore,
      rewrite: () => {
        const { project, fastMode } = this.#setup;
        return {
          project: project.name,
          triggers: this.#triggers.paths,
          changeTypes: abilitiesOf(tools.cargoLeptos).oneSide,
          ...this.#assets.metadata,
          ...(fastMode.profiles && { profiles: fastMode.profiles }),
        };
      },
      buildArgs: () => this.#setup.fastMode.buildArgs,
      settled: async () => {
        await this.#sources.settled();
        await this.#loop.judged();
      },
      listener: this.#loop,
    });
  }

  #makeSupervisor(): Supervisor {
    const { clock, maxRetries, bus } = this.#options;
    return new Supervisor({
      clock,
      maxRetries,
      processOptions: () => {
        const { env, tools, appArgs } = this.#options;
        const { workspace, project, ports, fastMode } = this.#setup;
        const shimFolder = this.#gate ? join(this.#state, 'bin') : null;
        this.#assets.onStart();
        return {
          path: tools.cargoLeptosPath,
          args: cargoLeptosArgs(workspace, project, appArgs),
          cwd: workspace.root,
          env: cargoLeptosEnv({
            env,
            fast: fastMode.env,
            ports,
            stateFolder: this.#state,
            shimFolder,
            variables: this.#assets.variables,
          }),
          onFact: (fact) => this.#onFact(fact),
          onAppOutput: (stream, line) => {
            this.#addressWasTaken ||= ADDRESS_TAKEN.test(line);
            bus.emit({ event: 'app-output', stream, line: withPublicPort(line, this.#setup.ports) });
          },
        };
      },
      onStart: () => {
        this.#isRestarting = false;
        this.#recovery.cancel();
        this.#gate?.onStart();
        this.#loop.onStart();
        this.#server.onRestart();
      },
      onRetry: (attempt, why) => bus.emit({ event: 'recovery', kind: 'restart', attempt, why: `cargo-leptos ${why}` }),
      onGivenUp: (why) => this.#options.onGivenUp(givenUp(why, maxRetries, this.#lastWords)),
    });
  }

  #makeLoop(): DevLoop {
    const { bus, clock, gate } = this.#options;
    const { workspace } = this.#setup;
    return new DevLoop({
      bus,
      clock,
      root: workspace.root,
      classifier: () => this.#sources.classifier,
      builders: (): Readonly<Record<RustSide, SideBuilder>> | null => this.#gate?.sides ?? null,
      trigger: (side: Side) => void this.#trigger(side),
      triggerFolders: this.#triggers.sides.map((side) => this.#triggers.folderOf(side)),
      restart: (why) => this.#restart(why),
      serverAnswers: async () => {
        await this.#assets.settled();
        return this.#server.answers();
      },
      placeAssets: (paths, since) => this.#assets.place(paths, since),
      onReady: () => {
        this.#wasReady = true;
        this.#site.note();
        bus.emit({
          event: 'ready',
          url: siteUrl(this.#setup.ports),
          ...(this.dashboardUrl !== null && { dashboard: this.dashboardUrl }),
          startupMs: clock.now() - this.#startedAt,
          mode: this.#setup.fastMode.mode,
          gate,
          filesWatched: this.#filesWatched,
        });
      },
      onWasm: (state) => this.#door.onWasm(state),
      onFiles: (changes) => this.#sources.review(changes),
      onBuilt: (side, outcome, startedAt) => void this.#sources.onBuilt(side, outcome, startedAt),
      ...(this.#options.skip && { judge: (changes) => this.#sources.judge(changes) }),
    });
  }

  #restart(why: string): void {
    this.#isRestarting = true;
    this.#options.bus.emit({ event: 'recovery', kind: 'restart', attempt: 1, why });
    void this.#supervisor.restart();
  }

  async #trigger(side: Side): Promise<void> {
    if (!this.#triggers.sides.includes(side)) {
      if (!this.#isRestarting) {
        this.#restart(`cargo-leptos ${this.#options.tools.cargoLeptos} missed a change of the stylesheets`);
      }
      return;
    }
    // Without its folder a trigger has nobody to reach; `#lookAfterState` mends that.
    await this.#triggers.pull(side).catch(() => undefined);
  }

  #onFact(fact: LogFact): void {
    if (fact.kind === 'message') this.#lastWords = [...this.#lastWords.slice(1 - LAST_WORDS), fact.text];
    if (fact.kind === 'updated' && fact.server) {
      this.#recovery.cancel();
      this.#server.onRestart();
    }
    if (fact.kind === 'serving') this.#server.onServing();
    if (fact.kind === 'written' && fact.side === 'assets') void this.#assets.sync();
    if (fact.kind === 'idle') void this.#assets.onIdle();
    if (fact.kind === 'bindgen-started') this.#bindgen?.onStarted();
    if (fact.kind === 'bindgen-finished') void this.#bindgen?.onFinished();
    this.#gate?.onFact(fact);
    this.#loop.onFact(fact);
  }

  async #findServer(): Promise<ProcessInfo | null> {
    const { project } = this.#setup;
    const offspring = await this.#supervisor.offspring();
    await this.#options.lock.note(offspring).catch(() => undefined);
    // The system keeps 15 characters of a command's name.
    const name = project.binPackage.name.slice(0, 15);
    return offspring.find((candidate) => candidate.command.startsWith(name)) ?? null;
  }

  async #socketPath(): Promise<string> {
    const path = join(this.#state, 'gate.sock');
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
    this.#temporaryFolder = await mkdtemp(join(tmpdir(), 'leptos-fast-'));
    return join(this.#temporaryFolder, 'gate.sock');
  }
}
