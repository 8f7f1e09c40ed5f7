import { extname } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { RustSyntax, SyntaxProblem } from './rust-syntax.js';
import type { FileChange } from './source-watcher.js';

export interface SyntaxGuardOptions {
  readonly clock: Clock;
  /** How long (ms) a build waits for a file that does not parse; after that the compiler has the last word. */
  readonly graceMs: number;
  readonly load: () => Promise<RustSyntax>;
  readonly onProblem: (path: string, problem: SyntaxProblem) => void;
}

/**
 * Keeps builds back that cannot succeed: a saved file that does not parse is shown at once, and its build waits until
 * it parses or the grace time is over. Files that rustc accepted though we did not are trusted from then on.
 */
export class SyntaxGuard {
  readonly #options: SyntaxGuardOptions;
  readonly #problems = new Set<string>();
  readonly #trusted = new Set<string>();
  #syntax: Promise<RustSyntax> | null = null;
  #reviewing: Promise<void> = Promise.resolve();
  #graceOver = true;
  #cancelGrace: () => void = () => undefined;
  #waiting: (() => void)[] = [];

  constructor(options: SyntaxGuardOptions) {
    this.#options = options;
  }

  /** Looks at the Rust files of a change set; `clear` waits for it. */
  review(changes: readonly FileChange[]): void {
    const files = changes.filter(({ path }) => extname(path) === '.rs' && !this.#trusted.has(path));
    if (files.length === 0) return;
    this.#reviewing = this.#reviewing.then(() => this.#review(files));
  }

  /** Resolves when all files parse, or when the grace time is over. */
  async clear(): Promise<void> {
    await this.#reviewing;
    if (this.#problems.size === 0 || this.#graceOver) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    await this.clear();
  }

  /** rustc has built everything: what we could not parse was our grammar's fault. */
  onBuilt(): void {
    for (const path of this.#problems) this.#trusted.add(path);
    this.#problems.clear();
    this.#release();
  }

  async #review(files: readonly FileChange[]): Promise<void> {
    this.#syntax ??= this.#options.load();
    const syntax = await this.#syntax;
    let found = false;
    for (const { path, kind } of files) {
      const problem = kind === 'removed' ? null : await syntax.checkFile(path);
      if (!problem) {
        this.#problems.delete(path);
        continue;
      }
      found = true;
      this.#problems.add(path);
      this.#options.onProblem(path, problem);
    }
    if (found) this.#startGrace();
    else if (this.#problems.size === 0) this.#release();
  }

  #startGrace(): void {
    this.#cancelGrace();
    this.#graceOver = false;
    this.#cancelGrace = this.#options.clock.after(this.#options.graceMs, () => {
      this.#graceOver = true;
      this.#release();
    });
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
