import type { PackedText } from '../core/packed-text.js';
import { type Probe, probeOf } from './look.js';
import { canLookLike } from './overlap.js';
import { isHole, type PatchElement, type PatchNode } from './patch-nodes.js';
import { MIN_DISTINCT, RestingFile } from './resting-file.js';
import type { ViewSource } from './view-model.js';
import { readViewSource } from './view-source.js';
import { type FileViews, overlay } from './view-versions.js';

/** So many resting files stay awake once their views were needed. */
const MAX_AWAKE = 200;

interface IndexedFile {
  readonly views: FileViews;
  readonly newest: ViewSource | undefined;
  readonly byTag: ReadonlyMap<string, readonly PatchElement[]>;
}

/** All views of a project: says whether an element in the page can come from one place only. */
export class ViewIndex {
  readonly #files = new Map<string, IndexedFile | RestingFile>();
  /** The views of resting files, the one that was needed last at the end. */
  readonly #awake = new Map<string, IndexedFile>();
  /** Files whose views are being read: what they define is not known yet. */
  readonly #waking = new Set<string>();

  /** With the versions that a page may show, the newest last; with none, the file is gone. */
  set(file: string, versions: readonly ViewSource[]): void {
    this.#awake.delete(file);
    if (versions.length === 0) this.#files.delete(file);
    else this.#files.set(file, this.#indexed(file, versions));
  }

  /** With the only version that a page may show, of a file that nobody edits at the moment. */
  rest(file: string, text: PackedText, source: ViewSource): void {
    this.#awake.delete(file);
    const views = overlay([source], () => null);
    // What has HTML that is not known goes with every patch.
    this.#files.set(file, views.raw.length > 0 ? this.#indexed(file, [source]) : new RestingFile(text, source, views));
  }

  /** The views of a file as last set. */
  views(file: string): FileViews | null {
    return this.#get(file)?.views ?? null;
  }

  /** Elements with HTML that is not known, over all files. */
  raw(): readonly PatchElement[] {
    return [...this.#files.values()].flatMap((file) => (file instanceof RestingFile ? [] : file.views.raw));
  }

  /** Whether no other view can render what looks like this element, and something in it is written in no other place. */
  isUnique(element: PatchElement): boolean {
    const tag = element.e.toLowerCase();
    if (!this.#isDistinct(element)) return false;
    for (const file of this.#files.values()) {
      if (file instanceof RestingFile ? file.mayMake(tag) : mayMake(file, tag)) return false;
    }
    for (const { views, byTag } of this.#candidates(probeOf(element, { onlyRoots: false }))) {
      const dynamic = (other: PatchElement) => views.dynamic.get(other) ?? null;
      const others = byTag.get(tag) ?? [];
      if (others.some((other) => other !== element && canLookLike(element, other, dynamic))) return false;
    }
    return true;
  }

  /**
   * Whether no other view's root can look like one of these. Leptos reuses the elements of a view for another one of the same
   * type in the same place, and writes only what differs.
   */
  isOwnRoot(nodes: readonly PatchNode[]): boolean {
    return nodes.some((node) => {
      if (isHole(node) || 't' in node || node.f) return false;
      for (const { views } of this.#candidates(probeOf(node, { onlyRoots: true }))) {
        const dynamic = (other: PatchElement) => views.dynamic.get(other) ?? null;
        for (const other of views.roots) if (other !== node && canLookLike(node, other, dynamic)) return false;
      }
      return true;
    });
  }

  /** The files with an element that may look as `probe` asks for. */
  *#candidates(probe: Probe): Iterable<IndexedFile> {
    for (const [name, file] of this.#files) {
      if (!(file instanceof RestingFile)) yield file;
      else if (file.mayFit(probe)) yield this.#wake(name, file);
    }
  }

  /** What a component renders that is in exactly one of the other files. */
  #definition(component: string, except: string): readonly PatchNode[] | null {
    const names = [...this.#files].flatMap(([name, file]) => {
      const defines = file instanceof RestingFile ? file.defines(component) : file.views.definitions.has(component);
      return defines && name !== except ? [name] : [];
    });
    const [only] = names;
    if (only === undefined || names.length > 1 || this.#waking.has(only)) return null;
    return this.#get(only)?.views.definitions.get(component) ?? null;
  }

  #get(name: string): IndexedFile | null {
    const file = this.#files.get(name);
    return file instanceof RestingFile ? this.#wake(name, file) : (file ?? null);
  }

  #wake(name: string, { text }: RestingFile): IndexedFile {
    const source = this.#awake.has(name) ? null : readViewSource(text.unpack());
    const file = this.#awake.get(name) ?? this.#indexed(name, source ? [source] : []);
    this.#awake.delete(name);
    this.#awake.set(name, file);
    const [oldest] = this.#awake.keys();
    if (this.#awake.size > MAX_AWAKE && oldest !== undefined) this.#awake.delete(oldest);
    return file;
  }

  #indexed(name: string, versions: readonly ViewSource[]): IndexedFile {
    this.#waking.add(name);
    const views = overlay(versions, (component) => this.#definition(component, name));
    this.#waking.delete(name);
    const byTag = new Map<string, PatchElement[]>();
    for (const element of views.dynamic.keys()) {
      const tag = element.e.toLowerCase();
      const known = byTag.get(tag);
      if (known) known.push(element);
      else byTag.set(tag, [element]);
    }
    return { views, newest: versions.at(-1), byTag };
  }

  #isDistinct(node: PatchNode): boolean {
    if (isHole(node)) return false;
    if ('t' in node) return !node.f && this.#isDistinctValue(node.t);
    const own = !node.f && node.a.some(([, values]) => this.#isDistinctValue(values));
    return own || node.k.some((child) => this.#isDistinct(child));
  }

  /** The newest may be written once, and the older ones, being gone, nowhere. */
  #isDistinctValue(values: readonly (string | null)[]): boolean {
    return values.every((value, i) => {
      if (value === null || value.trim().length < MIN_DISTINCT) return false;
      let count = 0;
      for (const file of this.#files.values()) {
        count += file instanceof RestingFile ? file.count(value) : (file.newest?.literals.get(value) ?? 0);
      }
      return count <= (i === values.length - 1 ? 1 : 0);
    });
  }
}

function mayMake({ newest }: IndexedFile, tag: string): boolean {
  return newest !== undefined && (newest.otherTags.has('*') || newest.otherTags.has(tag));
}
