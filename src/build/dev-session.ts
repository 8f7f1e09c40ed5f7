import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, relative } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { type EventBus, errorEvent, RUST_SIDES, type RustSide, type Side } from '../core/events.js';
import type { ToolVersions } from '../doctor/machine.js';
import { Gate } from '../gate/gate.js';
import type { SideBuilder } from '../gate/side-builder.js';
import { Triggers } from '../gate/triggers.js';
import { type LeptosProject, loadWorkspace, selectProject, type Workspace } from '../project/model.js';
import { stateDir } from '../project/state-dir.js';
import { DevProxy } from '../serve/proxy.js';
import { ServerWatch } from '../serve/server-watch.js';
import { BuildInputs, Classifier, changesConfiguration } from '../watch/classify.js';
import { readDepInfo } from '../watch/dep-info.js';
import { IgnoreRules, isInside } from '../watch/ignore.js';
import { SourceWatcher } from '../watch/source-watcher.js';
import { SyntaxGuard } from '../watch/syntax-guard.js';
import type { LogFact } from './cargo-leptos-log.js';
import { DevLoop } from './dev-loop.js';
import type { FastMode } from './fast-mode.js';
import type { Ports } from './ports.js';
import type { ProcessInfo } from './process-tree.js';
import { OFFSPRING_MARK, type ProjectLock } from './project-lock.js';
import { Supervisor } from './supervisor.js';

/** Unix socket paths end at 104 (macOS) or 108 bytes (Linux). */
const MAX_SOCKET_PATH_BYTES = 100;
/** How often (ms) our own folder in the target directory is looked at. */
const LOOK_AFTER_STATE_MS = 1_000;
/** How long (ms) a file that does not parse keeps its build back. */
const SYNTAX_GRACE_MS = 1_000;
/** How long (ms) a request waits for a server that restarts before a page is answered that reloads itself. */
const HOLD_MS = 30_000;
/** The same during the first build, which takes minutes: better a page that says so. */
const FIRST_HOLD_MS = 1_000;
/** Pauses (ms) before a server that dies at boot, or again and again, is started once more: doubled each time. */
const FIRST_SERVER_PAUSE_MS = 1_000;
const MAX_SERVER_PAUSE_MS = 30_000;

export interface SessionOptions {
  readonly dir: string;
  readonly bus: EventBus;
  readonly clock: Clock;
  /** When the command was started, in ms since the epoch. */
  readonly startedAt: number;
  readonly env: NodeJS.ProcessEnv;
  readonly workspace: Workspace;
  readonly project: LeptosProject;
  /** `--project`, for reading the workspace anew. */
  readonly projectName?: string;
  readonly tools: ToolVersions;
  readonly ports: Ports;
  /** Held by the caller's `prepare`; the session releases it. */
  readonly lock: ProjectLock;
  readonly fastMode: FastMode;
  /** What builds the server in cargo's place, if anything. */
  readonly serverCommand?: { readonly name: string; readonly program: string };
  readonly gate: boolean;
  readonly debounceMs: number;
  readonly pollMs?: number;
  readonly maxRetries: number;
  readonly appArgs: readonly string[];
  /** cargo-leptos died too often: the session is over. */
  readonly onGivenUp: (error: LfError) => void;
}

/**
 * One run of `dev`: puts the parts together and takes them apart. A saved file goes
 * watcher → classifier → loop → trigger → cargo-leptos → shim → gate → cargo → cargo-leptos → server → loop → sinks.
 */
export class DevSession {
  readonly #options: SessionOptions;
  readonly #state: string;
  readonly #classifierAt: { workspace: Workspace; project: LeptosProject; classifier: Classifier };
  /** What the sides were built from; outlives a change of the configuration. */
  readonly #inputs = new BuildInputs();
  readonly #ignore: IgnoreRules;
  readonly #watcher: SourceWatcher;
  readonly #syntax: SyntaxGuard;
  readonly #triggers: Triggers;
  readonly #loop: DevLoop;
  readonly #supervisor: Supervisor;
  readonly #server: ServerWatch;
  readonly #proxy: DevProxy | null;
  #gate: Gate | null = null;
  #temporaryFolder: string | null = null;
  #filesWatched = 0;
  #wasReady = false;
  /** How often the server ended by itself since the last change. */
  #crashes = 0;
  #cancelServerRetry: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  #stopped = false;
  /** The workspace is being read anew; builds wait for it. */
  #rereading: Promise<void> = Promise.resolve();

  constructor(options: SessionOptions) {
    const { workspace, project, bus, clock, ports } = options;
    this.#options = options;
    this.#state = stateDir(workspace);
    this.#classifierAt = { workspace, project, classifier: new Classifier(workspace, project, this.#inputs) };
    this.#triggers = new Triggers(join(this.#state, 'trigger'), workspace.root);
    this.#ignore = this.#makeIgnoreRules();
    this.#watcher = this.#makeWatcher();
    this.#syntax = this.#makeSyntaxGuard();
    this.#server = new ServerWatch({
      bus,
      clock,
      address: () => ({ host: ports.host, port: ports.app }),
      findProcess: () => this.#findServer(),
      betweenRuns: () => this.#loop.betweenRuns(),
      onDied: (server, answered) => this.#onServerDied(server, answered),
    });
    this.#proxy = ports.app === ports.site ? null : this.#makeProxy();
    this.#supervisor = this.#makeSupervisor();
    this.#loop = this.#makeLoop();
  }

  /** Starts everything; resolves when the sources are watched. */
  async start(): Promise<void> {
    const { gate, bus } = this.#options;
    await mkdir(this.#state, { recursive: true });
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
    await this.#proxy?.listen();
    // Both at once: the gate holds cargo-leptos's first builds until the watcher knows what they are built from.
    this.#supervisor.start();
    this.#filesWatched = await this.#watcher.start();
    this.#lookAfterState();
  }

  /** `cargo clean` takes our shim, socket and triggers along with everything that was built. */
  #lookAfterState(): void {
    this.#cancelLook = this.#options.clock.after(LOOK_AFTER_STATE_MS, async () => {
      if (this.#gate && !existsSync(join(this.#state, 'bin', 'cargo'))) await this.#rebuildState(this.#gate);
      if (!this.#stopped) this.#lookAfterState();
    });
  }

  async #rebuildState(gate: Gate): Promise<void> {
    const { bus, lock } = this.#options;
    bus.emit({
      event: 'recovery',
      kind: 'clean',
      attempt: 1,
      why: 'the target directory was removed; everything is built anew',
    });
    await mkdir(this.#state, { recursive: true });
    await this.#triggers.create();
    await gate.reopen();
    await lock.note([]);
    for (const side of RUST_SIDES) gate.sides[side].markDirty();
    await this.#supervisor.restart();
  }

  /** Looks for what was saved while this process was suspended. */
  resume(): Promise<void> {
    return this.#watcher.sweep();
  }

  /** Ends everything in order; resolves when no process of ours is left and the ports are free. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook();
    this.#cancelServerRetry();
    this.#loop.stop();
    this.#server.stop();
    await Promise.all([this.#proxy?.close(), this.#gate?.close(), this.#supervisor.stop(), this.#watcher.close()]);
    await this.#cleanUp();
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook();
    this.#cancelServerRetry();
    this.#loop.stop();
    this.#server.stop();
    await Promise.all([this.#proxy?.close(), this.#gate?.close(), this.#supervisor.kill()]);
    await this.#cleanUp();
  }

  async #cleanUp(): Promise<void> {
    // Without a gate of our own, the socket there is another run's.
    if (this.#gate) await rm(join(this.#state, 'gate.sock'), { force: true });
    await this.#options.lock.release();
    if (this.#temporaryFolder) await rm(this.#temporaryFolder, { recursive: true, force: true });
  }

  #makeIgnoreRules(): IgnoreRules {
    const { workspace, project } = this.#options;
    const { config } = project;
    return new IgnoreRules({
      root: workspace.root,
      excluded: [workspace.targetDir, config.siteRoot, config.frontTargetDir, config.binTargetDir],
      forced: this.#classifierAt.classifier.forced,
    });
  }

  #makeWatcher(): SourceWatcher {
    const { clock, debounceMs, pollMs, bus } = this.#options;
    return new SourceWatcher({
      roots: this.#classifierAt.classifier.roots,
      ignore: this.#ignore,
      isRelevant: (path) => basename(path) === '.gitignore' || this.#classifierAt.classifier.classify(path) !== null,
      debounceMs,
      ...(pollMs !== undefined && { pollMs }),
      clock,
      onChange: (set) => {
        this.#crashes = 0;
        const rules = set.changes.filter(({ path }) => basename(path) === '.gitignore');
        for (const { path } of rules) this.#ignore.forget(path);
        // What the old rules hid has never been looked at.
        if (rules.length > 0) void this.#watcher.sweep();
        this.#loop.onChangeSet(set);
      },
      onError: (error) => bus.emit({ event: 'notice', message: `file watching: ${error.message}` }),
      onMissedEvents: (ms) =>
        bus.emit({
          event: 'notice',
          message: `files changed without an event from the system: looking every ${ms} ms from now on (--poll does so from the start)`,
        }),
    });
  }

  #makeProxy(): DevProxy {
    const { clock, ports } = this.#options;
    const { host, site, app } = ports;
    return new DevProxy({
      clock,
      listen: { host, port: site },
      app: { host, port: app },
      holdMs: () => (this.#wasReady ? HOLD_MS : FIRST_HOLD_MS),
    });
  }

  #makeSyntaxGuard(): SyntaxGuard {
    const { bus, clock, workspace } = this.#options;
    return new SyntaxGuard({
      clock,
      graceMs: SYNTAX_GRACE_MS,
      // The parser is 1 MB of wasm: loaded when the first Rust file changes.
      load: async () => (await import('../watch/rust-syntax.js')).RustSyntax.load(),
      onProblem: (path, { line, column, message }) =>
        bus.emit({
          event: 'syntax-error',
          file: relative(workspace.root, path),
          line,
          column,
          message,
          graceMs: SYNTAX_GRACE_MS,
        }),
    });
  }

  /** Watches what a build has read, wherever it lies: included files, migrations, generated modules. */
  async #learnInputs(side: RustSide, artifact: string, startedAt: number): Promise<void> {
    const { workspace } = this.#classifierAt;
    const files = (await readDepInfo(artifact, workspace.root)).filter((path) => !isInside(path, workspace.targetDir));
    this.#inputs.set(side, files);
    const unwatched = files.filter((path) => !isInside(path, workspace.root) || this.#ignore.ignores(path, false));
    this.#ignore.force(unwatched);
    await this.#watcher.adopt(files, startedAt);
    this.#watcher.watchAlso(unwatched);
  }

  #makeGate(socketPath: string): Gate {
    const { workspace, project, clock, tools, fastMode, maxRetries, serverCommand } = this.#options;
    return new Gate({
      project,
      clock,
      realCargo: tools.cargoPath,
      ...(serverCommand && { serverCommand }),
      targetDir: workspace.targetDir,
      maxRetries,
      shimFolder: join(this.#state, 'bin'),
      socketPath,
      rewrite: {
        project: project.name,
        triggers: this.#triggers.paths,
        ...(fastMode.profiles && { profiles: fastMode.profiles }),
      },
      buildArgs: fastMode.buildArgs,
      settled: () => this.#settled(),
      listener: this.#loop,
    });
  }

  #makeSupervisor(): Supervisor {
    const { clock, maxRetries, bus } = this.#options;
    return new Supervisor({
      clock,
      maxRetries,
      processOptions: () => {
        const { tools, workspace } = this.#options;
        return {
          path: tools.cargoLeptosPath,
          args: this.#cargoLeptosArgs(),
          cwd: workspace.root,
          env: this.#cargoLeptosEnv(),
          onFact: (fact) => this.#onFact(fact),
          onAppOutput: (stream, line) => bus.emit({ event: 'app-output', stream, line: this.#withPublicPort(line) }),
        };
      },
      onStart: () => {
        this.#gate?.onStart();
        this.#loop.onStart();
        this.#server.onRestart();
      },
      onRetry: (attempt, why) => bus.emit({ event: 'recovery', kind: 'restart', attempt, why: `cargo-leptos ${why}` }),
      onGivenUp: (why) => this.#options.onGivenUp(givenUp(why, maxRetries)),
    });
  }

  #makeLoop(): DevLoop {
    const { bus, clock, workspace, startedAt, ports, fastMode, gate } = this.#options;
    return new DevLoop({
      bus,
      clock,
      root: workspace.root,
      startedAt,
      classifier: () => this.#classifierAt.classifier,
      builders: (): Readonly<Record<RustSide, SideBuilder>> | null => this.#gate?.sides ?? null,
      // Without its folder a trigger has nobody to reach; `#lookAfterState` mends that.
      trigger: (side: Side) => void this.#triggers.pull(side).catch(() => undefined),
      triggerFolders: (['front', 'server', 'style', 'assets'] as const).map((side) => this.#triggers.folderOf(side)),
      restart: (why) => {
        bus.emit({ event: 'recovery', kind: 'restart', attempt: 1, why });
        void this.#supervisor.restart();
      },
      serverAnswers: () => this.#server.answers(),
      onReady: () => {
        this.#wasReady = true;
        bus.emit({
          event: 'ready',
          url: siteUrl(ports),
          startupMs: clock.now() - startedAt,
          mode: fastMode.mode,
          gate,
          filesWatched: this.#filesWatched,
        });
      },
      onFiles: (changes) => this.#syntax.review(changes),
      onBuilt: (side, artifact, builtFrom) => {
        this.#syntax.onBuilt();
        if (artifact !== null) void this.#learnInputs(side, artifact, builtFrom);
      },
      onConfigurationChange: (files) => {
        if (files.some(changesConfiguration)) this.#rereading = this.#reread();
      },
    });
  }

  #cargoLeptosArgs(): string[] {
    const { workspace, project, appArgs } = this.#options;
    const select = workspace.projects.length > 1 ? ['--project', project.name] : [];
    return ['leptos', 'watch', '-vv', ...select, ...(appArgs.length > 0 ? ['--', ...appArgs] : [])];
  }

  #cargoLeptosEnv(): Record<string, string | undefined> {
    const { env, ports, fastMode } = this.#options;
    const path = this.#gate ? [join(this.#state, 'bin'), env.PATH ?? ''].join(delimiter) : env.PATH;
    return {
      ...env,
      ...fastMode.env,
      PATH: path,
      // cargo-leptos would call this one instead of the `cargo` on PATH; a surrounding `cargo run` sets it.
      CARGO: undefined,
      [OFFSPRING_MARK]: this.#state,
      LEPTOS_SITE_ADDR: formatAddress(ports.host, ports.app),
      LEPTOS_RELOAD_PORT: String(ports.reload),
    };
  }

  /** The app names the port that it was given; people should come to the proxy's. */
  #withPublicPort(line: string): string {
    const { app, site } = this.#options.ports;
    return app === site ? line : line.replaceAll(new RegExp(`(?<=:)${app}\\b`, 'g'), String(site));
  }

  #onFact(fact: LogFact): void {
    if (fact.kind === 'updated' && fact.server) {
      this.#cancelServerRetry();
      this.#server.onRestart();
    }
    if (fact.kind === 'serving') this.#server.onServing();
    this.#gate?.onFact(fact);
    this.#loop.onFact(fact);
  }

  async #settled(): Promise<void> {
    await this.#watcher.settled();
    await this.#rereading;
    await this.#syntax.clear();
  }

  /** Reads the workspace after a manifest or .env changed; other settings need a new cargo-leptos. */
  async #reread(): Promise<void> {
    const { dir, env, bus, projectName } = this.#options;
    const loaded = await loadWorkspace(dir, { env });
    const selected = loaded.ok ? selectProject(loaded.value, dir, projectName) : loaded;
    if (!loaded.ok || !selected.ok) {
      // cargo says the same when it builds; here it comes at once and with its place.
      if (!loaded.ok) bus.emit(errorEvent(loaded.error));
      else if (!selected.ok) bus.emit(errorEvent(selected.error));
      return;
    }
    // Reading the metadata may have brought Cargo.lock up to date: that is part of this change, not another one.
    await this.#watcher.acknowledge(join(loaded.value.root, 'Cargo.lock'));
    const at = this.#classifierAt;
    const before = JSON.stringify(at.project);
    const rootsBefore = at.classifier.roots;
    at.workspace = loaded.value;
    at.project = selected.value;
    at.classifier = new Classifier(loaded.value, selected.value, this.#inputs);
    this.#watcher.watchAlso(at.classifier.roots.filter((root) => !rootsBefore.includes(root)));
    if (JSON.stringify(selected.value) === before) return;
    const { siteAddr, reloadPort } = selected.value.config;
    const { siteAddr: oldAddr, reloadPort: oldReloadPort } = this.#options.project.config;
    if (siteAddr.host !== oldAddr.host || siteAddr.port !== oldAddr.port || reloadPort !== oldReloadPort) {
      bus.emit({ event: 'notice', message: 'the new address counts from the next start of leptos-fast dev on' });
    }
    bus.emit({ event: 'recovery', kind: 'restart', attempt: 1, why: "the project's Leptos settings changed" });
    void this.#supervisor.restart();
  }

  async #findServer(): Promise<ProcessInfo | null> {
    const { project } = this.#options;
    const offspring = await this.#supervisor.offspring();
    await this.#options.lock.note(offspring).catch(() => undefined);
    // The system keeps 15 characters of a command's name.
    const name = project.binPackage.name.slice(0, 15);
    return offspring.find((candidate) => candidate.command.startsWith(name)) ?? null;
  }

  #onServerDied(server: ProcessInfo, answered: boolean): void {
    const { bus, clock, maxRetries } = this.#options;
    bus.emit({
      event: 'server-exited',
      pid: server.pid,
      reason: answered ? 'it ended by itself' : 'it ended before it answered',
    });
    this.#crashes += 1;
    const attempt = this.#crashes;
    if (answered && attempt <= maxRetries) {
      bus.emit({ event: 'recovery', kind: 'restart', attempt, why: 'the server ended by itself' });
      void this.#supervisor.restart();
      return;
    }
    // It will not do better at once: a database that is not up, a port, a bug. The next change starts it too.
    const pause = Math.min(FIRST_SERVER_PAUSE_MS * 2 ** (attempt - 1), MAX_SERVER_PAUSE_MS);
    bus.emit({
      event: 'notice',
      message: `the server is started again in ${Math.round(pause / 1_000)} s, or after the next change`,
    });
    this.#cancelServerRetry = clock.after(pause, () => {
      bus.emit({ event: 'recovery', kind: 'restart', attempt, why: 'the server had ended by itself' });
      void this.#supervisor.restart();
    });
  }

  async #socketPath(): Promise<string> {
    const path = join(this.#state, 'gate.sock');
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
    this.#temporaryFolder = await mkdtemp(join(tmpdir(), 'leptos-fast-'));
    return join(this.#temporaryFolder, 'gate.sock');
  }
}

/** The address as a URL for a browser on this machine. */
export function siteUrl({ host, site }: Ports): string {
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${formatAddress(shown, site)}/`;
}

function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function givenUp(why: string, maxRetries: number): LfError {
  return {
    code: 'LF050',
    message: `cargo-leptos ${why}, ${maxRetries + 1} times in a row`,
    why: 'What it said stands above.',
    help: [
      'mend what it complains about, then start leptos-fast dev again',
      'see how it fails alone: cargo leptos watch',
    ],
    exitCode: 4,
  };
}
