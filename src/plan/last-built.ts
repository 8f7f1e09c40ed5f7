import { relative } from 'node:path';
import { mapLimited } from '../core/concurrency.js';
import { RUST_SIDES, type RustSide } from '../core/events.js';
import { isInside } from '../core/paths.js';
import type { PackageInfo } from '../project/model.js';
import { FILE_CLOCK_LAG_MS, READ_CONCURRENCY } from '../watch/content-hash.js';
import { type BuildScriptReach, readBuildScript } from './build-scripts.js';
import { type BuiltFile, mayBeRead, readBuiltFile } from './built-file.js';
import { compareRust } from './compare-rust.js';
import type { SideCompilations } from './compilations.js';
import { type Finding, needsBuild, reasonToBuild, reasonToSkip } from './reasons.js';
import type { RustOutliner } from './rust-outline.js';
import { type SideContext, viewOf } from './side-view.js';

/** So many files are compared for one side; of more, the rest counts as changed: a build costs less than looking on. */
const MAX_COMPARED = 200;
/** Found by cargo without a `mod` that names them. */
const CRATE_ROOT = /[\\/](main|lib|build)\.rs$/;

/** Whether a side has to be built, and why or why not, for people. */
export interface SideVerdict {
  readonly needed: boolean;
  readonly reason: string;
}

/** A changed file, with the sides that the classifier sees it in. */
export interface PlannedChange {
  readonly path: string;
  readonly sides: readonly RustSide[];
}

/** A build of a side that succeeded. */
export interface SuccessfulBuild {
  /** Every file that it read (rustc's dep-info), and others whose change would mean a build; absolute. */
  readonly files: readonly string[];
  /** In ms since the epoch: what was written after it may or may not be in the build. */
  readonly startedAt: number;
  /** What cargo told of its packages. */
  readonly compilations: SideCompilations;
}

export interface LastBuiltOptions {
  /** The grammar, loaded when it is first needed. */
  readonly load: () => Promise<RustOutliner>;
  readonly packages: () => readonly PackageInfo[];
  /** Paths in reasons are relative to it. */
  readonly root: string;
  readonly skipComments: boolean;
}

interface BuiltSide {
  readonly inputs: ReadonlySet<string>;
  /** The inputs as they certainly were in the build. */
  readonly files: ReadonlyMap<string, BuiltFile>;
  readonly compilations: SideCompilations;
  /** By package id. */
  readonly scripts: ReadonlyMap<string, BuildScriptReach>;
  /** What the files' macros and attributes may read, once it was looked for. */
  named: readonly string[] | null;
}

/**
 * Knows what each side was last built from, and says of changes whether they reach it. A side is compared with its own
 * last build, not with the last save: edits may be skipped, undone and mixed in any order.
 */
export class LastBuilt {
  readonly #options: LastBuiltOptions;
  readonly #sides = new Map<RustSide, BuiltSide>();
  /** Files that each side is behind with, judged anew with every change. */
  readonly #behind: Readonly<Record<RustSide, Set<string>>> = { front: new Set(), server: new Set() };
  #outliner: Promise<RustOutliner> | null = null;
  /** Builds and judgements are taken one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: LastBuiltOptions) {
    this.#options = options;
  }

  /** Reads what a build was made from. What was written since it began is not taken for built. */
  built(side: RustSide, build: SuccessfulBuild): Promise<void> {
    return this.#inTurn(() => this.#record(side, build));
  }

  /** Nothing is known of a side any more: its artifact is gone, or was built from something else. */
  forget(side: RustSide): Promise<void> {
    return this.#inTurn(async () => void this.#sides.delete(side));
  }

  /**
   * Whether each side is behind, with these changes and all before them that no build has taken along. The files are
   * read as they are now.
   */
  judge(changes: readonly PlannedChange[]): Promise<Readonly<Record<RustSide, SideVerdict>>> {
    return this.#inTurn(async () => {
      const [front, server] = await Promise.all(RUST_SIDES.map((side) => this.#judge(side, changes)));
      return { front: front as SideVerdict, server: server as SideVerdict };
    });
  }

  /** All files that a side was built from, where each has the content that it was built with; null where that is not certain. */
  unchangedInputs(side: RustSide): Promise<readonly string[] | null> {
    return this.#inTurn(async () => {
      const built = this.#sides.get(side);
      if (!built || built.files.size < built.inputs.size) return null;
      const files = [...built.files];
      const same = await mapLimited(files, READ_CONCURRENCY, async ([path, before]) => {
        const now = await readBuiltFile(path, before);
        return now?.content === before.content;
      });
      return same.every(Boolean) ? files.map(([path]) => path) : null;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #record(side: RustSide, { files, startedAt, compilations }: SuccessfulBuild): Promise<void> {
    const isCertain = (file: BuiltFile | null): file is BuiltFile =>
      file !== null && file.changedAt < startedAt - FILE_CLOCK_LAG_MS;
    const known = this.#known();
    const inputs = [...new Set(files)];
    const found = await mapLimited(inputs, READ_CONCURRENCY, (path) => readBuiltFile(path, known.get(path)));
    const certain = new Map<string, BuiltFile>();
    for (const [index, path] of inputs.entries()) {
      const file = found[index] ?? null;
      if (isCertain(file)) certain.set(path, file);
    }
    const scripts = new Map<string, BuildScriptReach>();
    for (const member of this.#options.packages()) scripts.set(member.id, await readBuildScript(member));
    this.#sides.set(side, { inputs: new Set(inputs), files: certain, compilations, scripts, named: null });
    // What was written while the build ran may be in it or not. What it could have read and did not is not its affair.
    for (const path of this.#behind[side]) {
      const unread = inputs.includes(path) ? null : await readBuiltFile(path);
      const isSettled = inputs.includes(path) ? certain.has(path) : unread === null || isCertain(unread);
      if (isSettled) this.#behind[side].delete(path);
    }
  }

  /** What any side is known to have been built from: usually the same texts. */
  #known(): ReadonlyMap<string, BuiltFile> {
    return new Map(RUST_SIDES.flatMap((side) => [...(this.#sides.get(side)?.files ?? [])]));
  }

  async #judge(side: RustSide, changes: readonly PlannedChange[]): Promise<SideVerdict> {
    const ofSide = new Set(changes.filter(({ sides }) => sides.includes(side)).map(({ path }) => path));
    const paths = [...new Set([...ofSide, ...this.#behind[side]])];
    const built = this.#sides.get(side);
    const findings: Finding[] = [];
    for (const path of paths) {
      // One reason is enough: after a change of branches, hundreds of files need not be taken apart.
      const finding = await this.#find(built, path, findings.some(needsBuild) || findings.length >= MAX_COMPARED);
      findings.push(finding);
      if (needsBuild(finding)) this.#behind[side].add(path);
      else this.#behind[side].delete(path);
    }
    if (findings.some(needsBuild)) return { needed: true, reason: reasonToBuild(findings) };
    const elsewhere = changes.filter(({ sides }) => !sides.includes(side));
    const unread = elsewhere.map(({ path }): Finding => ({ kind: 'unread', file: this.#name(path) }));
    return { needed: false, reason: reasonToSkip(side, [...findings, ...unread]) };
  }

  async #find(built: BuiltSide | undefined, path: string, isQuick: boolean): Promise<Finding> {
    const file = this.#name(path);
    const whole = (why: string): Finding => ({ kind: 'whole', why, file });
    if (!built) return whole('changed');
    const owner = this.#ownerOf(path);
    const script = owner ? built.scripts.get(owner.id) : undefined;
    if (!built.inputs.has(path)) {
      if (!path.endsWith('.rs')) return whole('changed');
      return CRATE_ROOT.test(path) || !script || script.readsSources ? whole('is new') : { kind: 'unread', file };
    }
    const before = built.files.get(path);
    if (!before) return whole('changed during the last build');
    const now = await readBuiltFile(path, before);
    if (!now) return whole('is gone');
    if (now.content === before.content) return { kind: 'same', file };
    if (isQuick || before.text === null || now.text === null || !script) return whole('changed');
    if (script.readsSources) return whole('changed, and the build script may read it');
    const outliner = await this.#load();
    if (this.#named(built, outliner).some((literal) => mayBeRead(path, literal)))
      return whole('changed, and is read as text too');
    const context = this.#contextOf(built, path);
    return { ...compareRust(outliner, before.text.unpack(), now.text.unpack(), context, this.#options), file };
  }

  #named(built: BuiltSide, outliner: RustOutliner): readonly string[] {
    built.named ??= [...built.files].flatMap(([path, { text: packed, mayNameFiles }]) => {
      if (packed === null || !mayNameFiles) return [];
      const text = packed.unpack();
      const outline = outliner.outline(text);
      // What cannot be read may name anything.
      return outline ? viewOf(text, outline, this.#contextOf(built, path)).named : ['*.rs'];
    });
    return built.named;
  }

  #contextOf(built: BuiltSide, path: string): SideContext {
    const owner = this.#ownerOf(path);
    const context = built.compilations.contextOf(owner?.id ?? null);
    return owner && built.scripts.get(owner.id)?.setsFeatures ? { ...context, compilations: [] } : context;
  }

  /** The package whose folder a file lies in; the deepest one. */
  #ownerOf(path: string): PackageInfo | undefined {
    const owners = this.#options.packages().filter(({ dir }) => isInside(path, dir));
    return owners.sort((a, b) => b.dir.length - a.dir.length)[0];
  }

  #name(path: string): string {
    return relative(this.#options.root, path);
  }

  #load(): Promise<RustOutliner> {
    this.#outliner ??= this.#options.load();
    return this.#outliner;
  }
}
