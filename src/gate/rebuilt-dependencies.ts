import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parsePackageId } from '../project/lock-graph.js';

/** So many dependencies must have been built before with other settings until it is told: one alone may be built in two ways. */
const TOLD_FROM = 3;
/** An artifact's file: `libserde-0123456789abcdef.rmeta`. */
const HASHED = /-([0-9a-f]{16})\.\w+$/;
/** A package id that is not a folder of this machine. */
const FOREIGN = /^(?:registry|sparse|git)\+/;

/** What cargo notes of a compiled crate in `.fingerprint` (core/compiler/fingerprint/mod.rs, `Fingerprint`). */
interface Fingerprint {
  readonly rustc?: unknown;
  readonly features?: unknown;
  readonly target?: unknown;
  readonly profile?: unknown;
  readonly path?: unknown;
  readonly rustflags?: unknown;
  readonly config?: unknown;
}

export interface Artifact {
  /** cargo's package id. */
  readonly packageId: string;
  readonly fresh: boolean;
  /** What was written, absolute. */
  readonly files: readonly string[];
}

/**
 * Finds out why dependencies are compiled again in one run of cargo, though nobody edits them: what rebuilds the world in silence.
 * cargo tells it (`Dirty …` with `--verbose`) where it writes over what was there. Where other settings make other files beside the
 * old ones, their fingerprints tell it.
 */
export class RebuiltDependencies {
  readonly #startedAt: number;
  readonly #onReason: (reason: string) => void;
  readonly #told = new Set<string>();
  readonly #counts = new Map<string, number>();
  #unseen: { readonly name: string; readonly file: string }[] = [];
  #looking: Promise<void> = Promise.resolve();
  /** What was in `.fingerprint` folders at the first look: only what is older than this run is compared. */
  readonly #listed = new Map<string, readonly string[]>();

  /**
   * @param startedAt when cargo was started, in ms since the epoch
   * @param onReason called once for each reason, with the words for people
   */
  constructor(startedAt: number, onReason: (reason: string) => void) {
    this.#startedAt = startedAt;
    this.#onReason = onReason;
  }

  /** cargo says that a package is out of date. */
  onDirty({
    name,
    isLocal,
    reason,
  }: {
    readonly name: string;
    readonly isLocal: boolean;
    readonly reason: string;
  }): void {
    if (isLocal || /^the dependency /.test(reason)) return;
    this.#tell(reason, name);
  }

  /** cargo has an artifact ready. */
  onArtifact({ packageId, fresh, files }: Artifact): void {
    const name = FOREIGN.test(packageId) ? parsePackageId(packageId)?.name : undefined;
    const file = files.find((path) => HASHED.test(basename(path)));
    if (fresh || name === undefined || file === undefined) return;
    this.#unseen.push({ name, file });
    this.#looking = this.#looking.then(() => this.#look());
  }

  /** Resolves when all that was told has been looked at; to be asked for when cargo has ended. */
  async settled(): Promise<void> {
    await this.#looking.then(() => this.#look());
  }

  /** cargo tells of an artifact a moment before it writes its fingerprint: what is not there yet is looked at with the next one. */
  async #look(): Promise<void> {
    const unseen = this.#unseen;
    this.#unseen = [];
    for (const compiled of unseen) {
      if (this.#told.size > 0) return;
      const reason = await this.#compare(compiled.name, compiled.file).catch(() => null);
      if (reason === 'later') this.#unseen.push(compiled);
      else if (reason !== null) this.#count(reason, compiled.name);
    }
  }

  #count(reason: string, name: string): void {
    const count = (this.#counts.get(reason) ?? 0) + 1;
    this.#counts.set(reason, count);
    if (count === TOLD_FROM) this.#tell(reason, name);
  }

  async #foldersIn(fingerprints: string): Promise<readonly string[]> {
    const listed = this.#listed.get(fingerprints) ?? (await readdir(fingerprints));
    this.#listed.set(fingerprints, listed);
    return listed;
  }

  #tell(reason: string, name: string): void {
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.#onReason(`dependencies are compiled again (${name} and what needs it): ${reason}`);
  }

  /** What is different from the last time that the package was compiled from the same folder; null when there is nothing to compare. */
  async #compare(name: string, file: string): Promise<string | 'later' | null> {
    const hash = HASHED.exec(basename(file))?.[1] ?? '';
    const fingerprints = join(dirname(dirname(file)), '.fingerprint');
    const own = await readFingerprints(join(fingerprints, `${name}-${hash}`));
    if (own.size === 0) return 'later';
    const folders = (await this.#foldersIn(fingerprints)).filter((folder) =>
      new RegExp(`^${name}-[0-9a-f]{16}$`).test(folder),
    );
    const others = await Promise.all(
      folders
        .filter((folder) => folder !== `${name}-${hash}`)
        .map((folder) => readFingerprints(join(fingerprints, folder))),
    );
    const differences = others.flatMap((found) =>
      [...found].flatMap(([kind, { at, fingerprint }]) => {
        const now = own.get(kind)?.fingerprint;
        const isOfBefore = at < this.#startedAt && now?.path === fingerprint.path && now?.target === fingerprint.target;
        return now && isOfBefore ? [{ at, reasons: reasonsOf(fingerprint, now) }] : [];
      }),
    );
    // The one that is most like it: it would have been taken, but for this.
    const [closest] = differences.sort((a, b) => a.reasons.length - b.reasons.length || b.at - a.at);
    return closest?.reasons[0] ?? null;
  }
}

/** The fingerprints of a package, by the target they are of (`lib-serde.json`, `run-build-script-….json`). */
async function readFingerprints(folder: string): Promise<Map<string, { at: number; fingerprint: Fingerprint }>> {
  const found = new Map<string, { at: number; fingerprint: Fingerprint }>();
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^lib-.*\.json$/.test(name)) continue;
    const path = join(folder, name);
    const [text, stats] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    found.set(name, { at: stats.mtimeMs, fingerprint: JSON.parse(text) as Fingerprint });
  }
  return found;
}

/** What is different, the most telling first. */
function reasonsOf(before: Fingerprint, now: Fingerprint): readonly string[] {
  const reasons: Readonly<Record<string, () => string>> = {
    rustc: () => 'the toolchain is another than before',
    rustflags: () =>
      `RUSTFLAGS are ${shown(now.rustflags)}, and were ${shown(before.rustflags)}: set them in one place for all tools, the editor's too`,
    features: () => `features are ${String(now.features)}, and were ${String(before.features)}`,
    profile: () => 'the settings of the profile are others than before',
    config: () => "cargo's configuration is another than before",
  };
  const isOther = (key: string): boolean =>
    JSON.stringify(before[key as keyof Fingerprint]) !== JSON.stringify(now[key as keyof Fingerprint]);
  return Object.entries(reasons).flatMap(([key, told]) => (isOther(key) ? [told()] : []));
}

function shown(flags: unknown): string {
  return Array.isArray(flags) && flags.length > 0 ? `"${flags.join(' ')}"` : 'none';
}
