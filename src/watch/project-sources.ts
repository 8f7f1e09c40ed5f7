import { basename, extname, join, relative } from 'node:path';
import type { FileHashes } from '../cache/file-hashes.js';
import type { Clock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { type EventBus, errorEvent, type RustSide } from '../core/events.js';
import { isInside } from '../core/paths.js';
import type { Result } from '../core/result.js';
import type { CargoOutcome } from '../gate/cargo-run.js';
import { type Dependencies, dependencyChanges, readDependencies } from '../plan/dependency-changes.js';
import { LastBuilt, type PlannedChange, type SideVerdict } from '../plan/last-built.js';
import { type LeptosProject, loadWorkspace, selectProject, type Workspace } from '../project/model.js';
import { BuildInputs, Classifier, changesConfiguration, changesDependencies } from './classify.js';
import { readDepInfo } from './dep-info.js';
import { IgnoreRules } from './ignore.js';
import { type ChangeSet, type FileChange, SourceWatcher } from './source-watcher.js';
import { SyntaxGuard } from './syntax-guard.js';

/** How long (ms) a file that does not parse keeps its build back. */
const SYNTAX_GRACE_MS = 1_000;

export interface SourcesOptions {
  /** Where `dev` was started, and `--project`: for reading the workspace anew. */
  readonly dir: string;
  readonly projectName?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly workspace: Workspace;
  readonly project: LeptosProject;
  readonly bus: EventBus;
  readonly clock: Clock;
  /** The sources' hashes as the last run knew them. */
  readonly hashes: FileHashes;
  /** Comments and white space alone are no reason to build. */
  readonly skipComments: boolean;
  /** leptos-fast.toml (absolute): nothing is built from it, and its changes are told to `onSettingsFile`. */
  readonly settingsFile: string;
  readonly onSettingsFile: () => void;
  readonly debounceMs: number;
  readonly pollMs?: number;
  readonly onChange: (set: ChangeSet) => void;
  /** See WatcherOptions. */
  readonly onFileEvent: (path: string) => void;
  /** The project's Leptos settings are others than before. Builds wait until it resolves. */
  readonly onNewSettings: (now: { readonly workspace: Workspace; readonly project: LeptosProject }) => Promise<void>;
}

/**
 * Everything that the app is built from: which files those are, whether they have settled, parse and are known in their
 * newest content. Learns from each build which files it read, and reads the project anew when a manifest changes.
 */
export class ProjectSources {
  readonly #options: SourcesOptions;
  #workspace: Workspace;
  #project: LeptosProject;
  #classifier: Classifier;
  /** What the sides were built from; outlives a change of the configuration. */
  readonly #inputs = new BuildInputs();
  readonly #lastBuilt: LastBuilt;
  readonly #ignore: IgnoreRules;
  readonly #watcher: SourceWatcher;
  readonly #syntax: SyntaxGuard;
  /** As the newest build takes them, or will. */
  #dependencies: Promise<Dependencies | null> = Promise.resolve(null);
  /** What each side's last build consisted of. */
  readonly #builtPackages = new Map<RustSide, ReadonlySet<string>>();
  /** The workspace is being read anew; builds wait for it. */
  #rereading: Promise<void> = Promise.resolve();

  constructor(options: SourcesOptions) {
    const { workspace, project } = options;
    this.#options = options;
    this.#workspace = workspace;
    this.#project = project;
    this.#classifier = new Classifier(workspace, project, this.#inputs);
    this.#lastBuilt = new LastBuilt({
      // The parser is 1 MB of wasm: loaded when the first Rust file changes.
      load: async () => (await import('../plan/rust-outline.js')).RustOutliner.load(),
      packages: () => this.#workspace.packages,
      root: workspace.root,
      skipComments: options.skipComments,
    });
    const { siteRoot, frontTargetDir, binTargetDir } = project.config;
    this.#ignore = new IgnoreRules({
      root: workspace.root,
      excluded: [workspace.targetDir, siteRoot, frontTargetDir, binTargetDir],
      forced: [...this.#classifier.forced, options.settingsFile],
    });
    this.#watcher = this.#makeWatcher();
    this.#syntax = this.#makeSyntaxGuard();
  }

  get classifier(): Classifier {
    return this.#classifier;
  }

  /** The Rust files that the wasm may be built from. */
  get frontFiles(): readonly string[] {
    const isFront = (path: string) => this.#classifier.classify(path)?.sides.includes('front');
    return this.#watcher.files.filter((path) => extname(path) === '.rs' && isFront(path));
  }

  /** See SourceWatcher. */
  contentOf(path: string): string | undefined {
    return this.#watcher.contentOf(path);
  }

  /** Scans and begins to watch; resolves with the number of files. */
  async start(): Promise<number> {
    const { clock, hashes } = this.#options;
    const startedAt = clock.now();
    this.#dependencies = readDependencies(this.#workspace);
    const count = await this.#watcher.start();
    void hashes.started(this.#watcher.fingerprints, clock.now() - startedAt);
    return count;
  }

  /** Looks at every file now: after a suspension, for example. */
  sweep(): Promise<void> {
    return this.#watcher.sweep();
  }

  async close(): Promise<void> {
    await Promise.all([this.#watcher.close(), this.#options.hashes.save(this.#watcher.fingerprints)]);
  }

  /** Resolves when a build would build the newest content: no save pending, the project read, every file parsed or overdue. */
  async settled(): Promise<void> {
    await this.#watcher.settled();
    await this.#rereading;
    await this.#syntax.clear();
  }

  /** Which sides changes reach, compared with what each was last built from. */
  judge(changes: readonly PlannedChange[]): Promise<Readonly<Record<RustSide, SideVerdict>>> {
    return this.#lastBuilt.judge(changes);
  }

  /** See LastBuilt. */
  unchangedInputs(side: RustSide): Promise<readonly string[] | null> {
    return this.#lastBuilt.unchangedInputs(side);
  }

  /** Takes note of a batch before any build for it may start. */
  review(changes: readonly FileChange[]): void {
    this.#syntax.review(changes);
    const configuration = changes.filter(({ path }) => this.#classifier.classify(path)?.configuration);
    if (configuration.some(({ path }) => changesConfiguration(path))) this.#rereading = this.#reread();
    if (configuration.some(({ path }) => changesDependencies(path))) {
      this.#rereading = this.#rereading.then(() => this.#tellDependencies());
    }
  }

  /**
   * A build that began at `startedAt` (ms since the epoch) succeeded. Watches what it has read, wherever that lies:
   * included files, migrations, generated modules.
   */
  async onBuilt(side: RustSide, { artifact, compilations, packages }: CargoOutcome, startedAt: number): Promise<void> {
    this.#syntax.onBuilt();
    this.#builtPackages.set(side, packages);
    if (artifact === null) {
      await this.#lastBuilt.forget(side);
      return;
    }
    const { root, targetDir } = this.#workspace;
    const files = (await readDepInfo(artifact, root)).filter((path) => !isInside(path, targetDir));
    this.#inputs.set(side, files);
    const unwatched = files.filter((path) => !isInside(path, root) || this.#ignore.ignores(path, false));
    this.#ignore.force(unwatched);
    await Promise.all([
      this.#watcher.adopt(files, startedAt),
      this.#lastBuilt.built(side, { files, startedAt, compilations }),
    ]);
    this.#watcher.watchAlso(unwatched);
  }

  #makeWatcher(): SourceWatcher {
    const { bus, clock, debounceMs, pollMs, hashes, settingsFile, onSettingsFile } = this.#options;
    return new SourceWatcher({
      hashes,
      roots: this.#classifier.roots,
      ignore: this.#ignore,
      isRelevant: (path) =>
        basename(path) === '.gitignore' || path === settingsFile || this.#classifier.classify(path) !== null,
      debounceMs,
      ...(pollMs !== undefined && { pollMs }),
      clock,
      onChange: (set) => {
        this.#applyIgnoreFiles(set);
        if (set.changes.some(({ path }) => path === settingsFile)) onSettingsFile();
        this.#options.onChange(set);
      },
      onFileEvent: this.#options.onFileEvent,
      onError: (error) => bus.emit({ event: 'notice', message: `file watching: ${error.message}` }),
      onMissedEvents: (ms) =>
        bus.emit({
          event: 'notice',
          message: `files changed without an event from the system: looking every ${ms} ms from now on (--poll does so from the start)`,
        }),
    });
  }

  #applyIgnoreFiles({ changes }: ChangeSet): void {
    const edited = changes.filter(({ path }) => basename(path) === '.gitignore');
    for (const { path } of edited) this.#ignore.forget(path);
    // What the old rules hid has never been looked at.
    if (edited.length > 0) void this.#watcher.sweep();
  }

  #makeSyntaxGuard(): SyntaxGuard {
    const { bus, clock } = this.#options;
    return new SyntaxGuard({
      clock,
      graceMs: SYNTAX_GRACE_MS,
      // The parser is 1 MB of wasm: loaded when the first Rust file changes.
      load: async () => (await import('./rust-syntax.js')).RustSyntax.load(),
      onProblem: (path, { line, column, message }) => {
        const file = relative(this.#workspace.root, path);
        bus.emit({ event: 'syntax-error', file, line, column, message, graceMs: SYNTAX_GRACE_MS });
      },
    });
  }

  /** Reads the workspace after a manifest, .env or toolchain file changed. */
  async #reread(): Promise<void> {
    const read = await this.#read();
    if (!read.ok) {
      // cargo says the same when it builds; here it comes at once and with its place.
      this.#options.bus.emit(errorEvent(read.error));
      return;
    }
    const { workspace, project } = read.value;
    // Reading the metadata may have brought Cargo.lock up to date: that is part of this change, not another one.
    await this.#watcher.acknowledge(join(workspace.root, 'Cargo.lock'));
    const before = this.#project;
    const rootsBefore = this.#classifier.roots;
    this.#workspace = workspace;
    this.#project = project;
    this.#classifier = new Classifier(workspace, project, this.#inputs);
    this.#watcher.watchAlso(this.#classifier.roots.filter((root) => !rootsBefore.includes(root)));
    if (JSON.stringify(project) !== JSON.stringify(before)) await this.#options.onNewSettings({ workspace, project });
  }

  /** Says what the build that now begins will compile again of the dependencies: it may take minutes. */
  async #tellDependencies(): Promise<void> {
    const before = await this.#dependencies;
    const now = await readDependencies(this.#workspace);
    // A file that cannot be read now will be told of by cargo; what it says next is compared with what was built.
    if (!now) return;
    this.#dependencies = Promise.resolve(now);
    if (!before) return;
    for (const message of dependencyChanges(before, now, this.#builtPackages)) {
      this.#options.bus.emit({ event: 'notice', message });
    }
  }

  async #read(): Promise<Result<{ workspace: Workspace; project: LeptosProject }, LfError>> {
    const { dir, env, projectName } = this.#options;
    const workspace = await loadWorkspace(dir, { env });
    if (!workspace.ok) return workspace;
    const project = selectProject(workspace.value, dir, projectName);
    if (!project.ok) return project;
    return { ok: true, value: { workspace: workspace.value, project: project.value } };
  }
}
