import { relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { PackedText, textId } from '../core/packed-text.js';
import type { ViewPatch } from '../serve/page-protocol.js';
import { makeRules } from './make-rules.js';
import type { PatchData, PatchRule } from './patch-nodes.js';
import { ViewIndex } from './view-index.js';
import type { ViewSource } from './view-model.js';
import { readViewSource } from './view-source.js';

/**
 * A file between two loads of a page.
 *
 *     resting ──save that a patch can show──▶ following ──save that it can't──▶ lost ──save──▶ lost
 *        ▲  └───────────────save that a patch can't show────────────────────────▲ │
 *        └──────────────a build with the newest text is shown, so that every page loads─┘ (from following too)
 */
type FileState =
  /** Pages show the views of `text`, which is the newest. They are read when they are needed: most files are in this state. */
  | { readonly kind: 'resting'; readonly text: PackedText; readonly patches: readonly Shown[] }
  /** What pages show of this file plus the newest patch is the newest text. */
  | {
      readonly kind: 'following';
      /** All that a page may show, the newest last, all with the same skeleton. */
      readonly versions: readonly ViewSource[];
      readonly patches: readonly Shown[];
      readonly text: PackedText;
    }
  /** Pages show `versions` until they load. `source` is null when the newest text is no Rust, or the file is gone. */
  | {
      readonly kind: 'lost';
      readonly versions: readonly ViewSource[];
      readonly source: ViewSource | null;
      readonly text: PackedText | null;
    };

/** The patch that showed a text, by the text's id; in lists, the newest last. */
interface Shown {
  readonly text: string;
  readonly number: number;
}

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
  /** Newest text of each file when a build began, by its id. */
  readonly #builds = new Map<number, ReadonlyMap<string, string | null>>();
  #last = 0;

  /** `root` is where cargo runs rustc: the workspace's folder. */
  constructor({ root }: { readonly root: string }) {
    this.#root = root;
  }

  /**
   * Takes in the project's Rust files as the first build finds them: a patch is made only where no other view looks alike. What
   * was saved before it came here stays as it is.
   */
  index(files: Iterable<readonly [file: string, text: string]>): void {
    for (const [file, text] of files) {
      if (this.#files.has(file)) continue;
      const source = readViewSource(text);
      const packed = new PackedText(text);
      const state: FileState = source
        ? { kind: 'resting', text: packed, patches: [] }
        : { kind: 'lost', versions: [], source, text: packed };
      this.#set(file, state, source);
    }
  }

  /**
   * To be called the moment when a new content is seen. `file` is absolute, `text` null when the file is gone, `savedAt` ms
   * since the epoch. Null when a page can't show the change before the build. The patch holds all that changed since the
   * oldest page was made, in every file, so it does not matter which earlier ones a page has seen.
   */
  onSaved(file: string, text: string | null, savedAt: number): ViewPatch | null {
    const state = this.#files.get(file);
    const before = state?.text?.id ?? null;
    if (!file.endsWith('.rs') || (state && before === (text === null ? null : textId(text)))) return null;
    const source = text === null ? null : readViewSource(text);
    const shown = shownBy(state);
    const packed = text === null ? null : new PackedText(text);
    const lost: FileState = { kind: 'lost', versions: shown, source, text: packed };
    const newest = shown.at(-1);
    if (!packed || !source || !newest || !state || state.kind === 'lost' || newest.skeleton !== source.skeleton) {
      this.#set(file, lost);
      return null;
    }
    // A comment: all that pages show is in what is known.
    const isAlike = isDeepStrictEqual(newest, source);
    if (!isAlike && shown.length >= MAX_VERSIONS) {
      this.#set(file, lost);
      return null;
    }
    const follow = (patches: readonly Shown[]): FileState =>
      isAlike && state.kind === 'resting'
        ? { kind: 'resting', text: packed, patches }
        : { kind: 'following', versions: isAlike ? shown : [...shown, source], patches, text: packed };
    this.#set(file, follow(state.patches), source);
    const rules = this.#rules();
    if (!rules) {
      this.#set(file, lost);
      return null;
    }
    const number = ++this.#last;
    this.#files.set(file, follow([...state.patches, { text: packed.id, number }]));
    return { id: patchId(number), savedAt, views: { rules, raw: this.#index.raw() } satisfies PatchData };
  }

  /** As `onSaved` for one of many files at once, of which nobody waits for a patch: the page loads what is built. */
  onReplaced(file: string, text: string | null): void {
    const source = text === null ? null : readViewSource(text);
    const versions = shownBy(this.#files.get(file));
    this.#set(file, { kind: 'lost', versions, source, text: text === null ? null : new PackedText(text) });
  }

  /** A build begins to read the sources, at the earliest now. Once for each side: what changes between them is not known. */
  buildStarted(batch: number): void {
    const before = this.#builds.get(batch);
    const texts = [...this.#files].map(([file, { text }]) => [file, text?.id ?? null] as const);
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
      const patch = state && state.kind !== 'lost' && state.patches.findLast((one) => one.text === text);
      if (!patch) return null;
      newest = Math.max(newest, patch.number);
    }
    return newest > 0 ? [patchId(newest)] : null;
  }

  /**
   * What that build made is what the server answers with, and pages that are behind load it. When `everyPageLoads`, none shows
   * anything older any more: of files that were patched only the newest views have to be known, in their patches too.
   */
  buildShown(batch: number, everyPageLoads: boolean): void {
    const built = this.#builds.get(batch);
    for (const number of [...this.#builds.keys()]) if (number <= batch) this.#builds.delete(number);
    for (const [file, state] of this.#files) {
      if (state.kind === 'resting' || built?.get(file) !== (state.text?.id ?? null)) continue;
      if (state.kind === 'following' && !everyPageLoads) continue;
      const source = state.kind === 'lost' ? state.source : (state.versions.at(-1) ?? null);
      if (state.text === null) this.#set(file, null);
      else if (source) this.#set(file, { kind: 'resting', text: state.text, patches: [] }, source);
    }
  }

  /** For every file that was edited, since a rule may look at components of other files. */
  #rules(): readonly PatchRule[] | null {
    const edited = [...this.#files].flatMap(([file, state]) =>
      state.kind === 'following' ? [[file, state] as const] : [],
    );
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

  /** `source` is that of the text, where it is known. */
  #set(file: string, state: FileState | null, source: ViewSource | null = null): void {
    if (state) this.#files.set(file, state);
    else this.#files.delete(file);
    if (state?.kind === 'resting' && source) this.#index.rest(file, state.text, source);
    else this.#index.set(file, shownBy(state));
    // What pages will show once they have loaded is taken into account beside what they show.
    this.#index.set(`${file}?`, state?.kind === 'lost' && state.source ? [state.source] : []);
  }
}

/** All that a page may show of a file. */
function shownBy(state: FileState | null | undefined): readonly ViewSource[] {
  if (!state) return [];
  if (state.kind !== 'resting') return state.versions;
  const source = readViewSource(state.text.unpack());
  return source ? [source] : [];
}

function patchId(number: number): string {
  return `v${number}`;
}
