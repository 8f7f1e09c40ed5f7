import { canLookLike } from './overlap.js';
import { isHole, type PatchElement, type PatchNode } from './patch-nodes.js';
import type { ViewSource } from './view-model.js';
import { type FileViews, overlay } from './view-versions.js';

/** Shorter values are found in too many places to tell one from another. */
const MIN_DISTINCT = 3;

interface IndexedFile {
  readonly views: FileViews;
  readonly versions: readonly ViewSource[];
  readonly byTag: ReadonlyMap<string, readonly PatchElement[]>;
}

/** All views of a project: says whether an element in the page can come from one place only. */
export class ViewIndex {
  readonly #files = new Map<string, IndexedFile>();

  /** With the versions that a page may show, the newest last; with none, the file is gone. */
  set(file: string, versions: readonly ViewSource[]): void {
    if (versions.length === 0) {
      this.#files.delete(file);
      return;
    }
    const views = overlay(versions, (component) => this.#definition(component, file));
    const byTag = new Map<string, PatchElement[]>();
    for (const element of views.dynamic.keys()) {
      const tag = element.e.toLowerCase();
      byTag.set(tag, [...(byTag.get(tag) ?? []), element]);
    }
    this.#files.set(file, { views, versions, byTag });
  }

  /** The views of a file as last set. */
  views(file: string): FileViews | null {
    return this.#files.get(file)?.views ?? null;
  }

  /** Elements with HTML that is not known, over all files. */
  raw(): readonly PatchElement[] {
    return [...this.#files.values()].flatMap(({ views }) => views.raw);
  }

  /** Whether no other view can render what looks like this element, and something in it is written in no other place. */
  isUnique(element: PatchElement): boolean {
    const tag = element.e.toLowerCase();
    if (!this.#isDistinct(element)) return false;
    for (const { views, versions, byTag } of this.#files.values()) {
      const otherTags = versions.at(-1)?.otherTags;
      if (otherTags?.has('*') || otherTags?.has(tag)) return false;
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
      return [...this.#files.values()].every(({ views }) => {
        const dynamic = (other: PatchElement) => views.dynamic.get(other) ?? null;
        return [...views.roots].every((other) => other === node || !canLookLike(node, other, dynamic));
      });
    });
  }

  /** What a component renders that is in exactly one of the other files. */
  #definition(component: string, except: string): readonly PatchNode[] | null {
    const found = [...this.#files].flatMap(([file, { views }]) => {
      const nodes = file === except ? undefined : views.definitions.get(component);
      return nodes === undefined ? [] : [nodes];
    });
    const [only = null] = found;
    return found.length === 1 ? only : null;
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
      for (const { versions } of this.#files.values()) count += versions.at(-1)?.literals.get(value) ?? 0;
      return count <= (i === values.length - 1 ? 1 : 0);
    });
  }
}
