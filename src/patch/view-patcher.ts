import { relative } from 'node:path';
import type { ViewPatch } from '../serve/page-protocol.js';
import { makeRules } from './make-rules.js';
import type { PatchData, PatchRule } from './patch-nodes.js';
import { ViewIndex } from './view-index.js';
import type { ViewSource } from './view-model.js';
import { readViewSource } from './view-source.js';

/**
 * A file between two loads of a page.
 *
 *     following ──save that a patch can't show──▶ lost ──save──▶ lost
 *         ▲                                        │
 *         └──────a build with the newest text is shown, so that every page loads─┘
 */
type FileState =
  /** What pages show of this file plus the newest patch is the newest text. */
  | {
      readonly kind: 'following';
      /** All that a page may show, the newest last, all with the same skeleton. */
      readonly versions: readonly ViewSource[];
      /** The patches that showed the newest text, by the text; newest last. */
      readonly patches: readonly { readonly text: string; readonly number: number }[];
      readonly text: string;
    }
  /** Pages show `versions` until they load. `source` is null when the newest text is no Rust, or the file is gone. */
  | {
      readonly kind: 'lost';
      readonly versions: readonly ViewSource[];
      readonly source: ViewSource | null;
      readonly text: string | null;
    };

/** A page that stayed open over more edits of one file than this loads itself once. */
const MAX_VERSIONS = 100;

/**
 * Makes view patches: finds what a save changed in `view!`, and how the page can tell the nodes that show it.
 * It makes none where anything else changed too, or where the nodes could be mistaken for others.
 */
export class ViewPatcher {
  readonly #root: string;
  readonly #index = new ViewIndex();
  readonly #files = new Map<string, FileState>();
  /** Newest text of each file when a build began. */
  readonly #builds = new Map<number, ReadonlyMap<string, string | null>>();
  #last = 0;

  /** `root` is where cargo runs rustc: the workspace's folder. */
  constructor({ root }: { readonly root: string }) {
    this.#root = root;
  }

  /** Takes in the project's Rust files as the first build finds them: a patch is made only where no other view looks alike. */
  index(files: Iterable<readonly [file: string, text: string]>): void {
    for (const [file, text] of files) {
      const source = readViewSource(text);
      const state: FileState = source
        ? { kind: 'following', versions: [source], patches: [], text }
        : { kind: 'lost', versions: [], source: null, text };
      this.#set(file, state);
    }
  }

  /**
   * To be called the moment when a new content is seen. `file` is absolute, `text` null when the file is gone, `savedAt` ms
   * since the epoch. Null when a page can't show the change before the build. The patch holds all that changed since the
   * oldest page was made, in every file, so it does not matter which earlier ones a page has seen.
   */
  onSaved(file: string, text: string | null, savedAt: number): ViewPatch | null {
    const state = this.#files.get(file);
    if (!file.endsWith('.rs') || state?.text === text) return null;
    const source = text === null ? null : readViewSource(text);
    const shown = state?.versions ?? [];
    const follows = state?.kind === 'following' && shown.length < MAX_VERSIONS;
    if (text === null || !source || !follows || shown[0]?.skeleton !== source.skeleton) {
      this.#set(file, { kind: 'lost', versions: shown, source, text });
      return null;
    }
    const versions = [...shown, source];
    this.#set(file, { ...state, versions, text });
    const rules = this.#rules();
    if (!rules) {
      this.#set(file, { kind: 'lost', versions: shown, source, text });
      return null;
    }
    const number = ++this.#last;
    this.#files.set(file, { ...state, versions, text, patches: [...state.patches, { text, number }] });
    return { id: patchId(number), savedAt, views: { rules, raw: this.#index.raw() } satisfies PatchData };
  }

  /** As `onSaved` for one of many files at once, of which nobody waits for a patch: the page loads what is built. */
  onReplaced(file: string, text: string | null): void {
    const source = text === null ? null : readViewSource(text);
    this.#set(file, { kind: 'lost', versions: this.#files.get(file)?.versions ?? [], source, text });
  }

  /** A build begins to read the sources, at the earliest now. Once for each side: what changes between them is not known. */
  buildStarted(batch: number): void {
    const before = this.#builds.get(batch);
    const texts = [...this.#files].map(([file, { text }]) => [file, text] as const);
    this.#builds.set(batch, new Map(texts.filter(([file, text]) => !before || before.get(file) === text)));
  }

  /**
   * Ids of the patches with which a page shows all of the build that began with these changed files; null when only loading
   * it does. To be asked before `buildShown`.
   */
  covers(batch: number, files: readonly string[]): readonly string[] | null {
    const built = this.#builds.get(batch);
    let newest = 0;
    for (const file of files) {
      const state = this.#files.get(file);
      const text = built?.get(file);
      const patch = state?.kind === 'following' ? state.patches.findLast((one) => one.text === text) : undefined;
      if (!patch) return null;
      newest = Math.max(newest, patch.number);
    }
    return newest > 0 ? [patchId(newest)] : null;
  }

  /** What that build made is what the server answers with, and pages that are behind load it. */
  buildShown(batch: number): void {
    const built = this.#builds.get(batch);
    for (const number of [...this.#builds.keys()]) if (number <= batch) this.#builds.delete(number);
    for (const [file, state] of this.#files) {
      if (state.kind !== 'lost' || built?.get(file) !== state.text) continue;
      if (state.text === null) {
        this.#set(file, null);
      } else if (state.source) {
        this.#set(file, { kind: 'following', versions: [state.source], patches: [], text: state.text });
      }
    }
  }

  /** For every file that was edited, since a rule may look at components of other files. */
  #rules(): readonly PatchRule[] | null {
    const edited = [...this.#files].filter(([, { kind, versions }]) => kind === 'following' && versions.length > 1);
    for (const [file, { versions }] of edited) this.#index.set(file, versions);
    const all: PatchRule[] = [];
    for (const [file, { versions }] of edited) {
      const views = this.#index.views(file);
      const marker = this.#markerName(file);
      const isAlone = [...this.#files.keys()].every((other) => other === file || this.#markerName(other) !== marker);
      const rules = views && makeRules({ marker: isAlone ? marker : null, versions, views }, this.#index);
      if (!rules) return null;
      all.push(...rules);
    }
    return all;
  }

  /** The path as rustc has it, without what separates its parts. */
  #markerName(file: string): string {
    const name = relative(this.#root, file);
    return (name.startsWith('..') ? file : name).replace(/[/\\]/g, '-');
  }

  #set(file: string, state: FileState | null): void {
    if (state) this.#files.set(file, state);
    else this.#files.delete(file);
    this.#index.set(file, state?.versions ?? []);
    // What pages will show once they have loaded is taken into account beside what they show.
    this.#index.set(`${file}?`, state?.kind === 'lost' && state.source ? [state.source] : []);
  }
}

function patchId(number: number): string {
  return `v${number}`;
}
