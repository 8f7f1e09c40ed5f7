import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isInside } from '../core/paths.js';

/** Folders that never hold sources, wherever they stand. */
const IGNORED_FOLDERS = new Set(['.git', 'node_modules', '.hg', '.svn', '.jj', '.idea', '.vscode']);

/** Temporary files of editors: vim (4913, swap, backup), emacs (lock, autosave), JetBrains, gedit, Finder. */
const EDITOR_TEMP_FILE =
  /^(4913|\.#.*|#.*#|.*~|.*\.sw[a-z]|.*___jb_(tmp|old)___|\.goutputstream-.*|\.DS_Store|.*\.tmp)$/;

/** True for a name that an editor uses while it saves, which is never a source. */
export function isEditorTempFile(path: string): boolean {
  return EDITOR_TEMP_FILE.test(basename(path));
}

export interface IgnoreOptions {
  /** Folder at which .gitignore files start to count (absolute). */
  readonly root: string;
  /** Absolute paths that are left out always: target directories, the site root. */
  readonly excluded: readonly string[];
  /** Absolute paths that count even if a .gitignore names them: what the Leptos metadata names, .env. */
  readonly forced: readonly string[];
}

/** Decides what is watched: not what a .gitignore (nested ones too) names, unless the project's configuration names it. */
export class IgnoreRules {
  readonly #options: IgnoreOptions;
  readonly #gitignores = new Map<string, Ignore | null>();
  readonly #forced: Set<string>;

  constructor(options: IgnoreOptions) {
    this.#options = options;
    this.#forced = new Set(options.forced);
  }

  /** Further paths that count even if a .gitignore names them. */
  force(paths: readonly string[]): void {
    for (const path of paths) this.#forced.add(path);
  }

  /**
   * True when the path is not to be watched.
   * @param isFolder decides how patterns with a trailing slash match; a guess of `false` only watches too much.
   */
  ignores(path: string, isFolder: boolean): boolean {
    const { root, excluded } = this.#options;
    if (excluded.some((folder) => isInside(path, folder))) return true;
    if (isFolder ? IGNORED_FOLDERS.has(basename(path)) : isEditorTempFile(path)) return true;
    // A folder above a forced path must be walked to reach it.
    if (this.#isForced(path)) return false;
    if (!isInside(path, root) || path === root) return false;
    return this.#gitignored(path, isFolder);
  }

  /** Forgets what a changed .gitignore said. */
  forget(gitignorePath: string): void {
    this.#gitignores.delete(dirname(gitignorePath));
  }

  #isForced(path: string): boolean {
    if (this.#forced.has(path)) return true;
    for (const wanted of this.#forced) if (isInside(path, wanted) || isInside(wanted, path)) return true;
    return false;
  }

  #gitignored(path: string, isFolder: boolean): boolean {
    // The innermost file with an opinion wins, as in git.
    for (let folder = dirname(path); isInside(folder, this.#options.root); folder = dirname(folder)) {
      const rules = this.#rulesOf(folder);
      if (rules) {
        const name = relative(folder, path).split(sep).join('/');
        const verdict = rules.test(isFolder ? `${name}/` : name);
        if (verdict.ignored) return true;
        if (verdict.unignored) return false;
      }
      if (folder === dirname(folder)) break;
    }
    return false;
  }

  #rulesOf(folder: string): Ignore | null {
    const known = this.#gitignores.get(folder);
    if (known !== undefined) return known;
    const rules = readGitignore(join(folder, '.gitignore'));
    this.#gitignores.set(folder, rules);
    return rules;
  }
}

function readGitignore(path: string): Ignore | null {
  try {
    return ignore().add(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
