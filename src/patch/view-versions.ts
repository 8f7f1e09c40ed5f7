import type { PatchElement, PatchNode, PatchText } from './patch-nodes.js';
import type { TemplateElement, TemplateHole, TemplateNode, ViewSource } from './view-model.js';

/** A sequence of siblings: the nodes of a `view!`, or what stands between the tags of a component. */
export interface Sequence {
  readonly nodes: readonly PatchNode[];
  /** Index of the `view!` that it is all of; null for what stands in a component. */
  readonly view: number | null;
}

/** What a component renders, when that is always the same view; null when it is not known. */
export type Definitions = (component: string) => readonly PatchNode[] | null;

/** All that a file can render, over all versions of it that a page may show. */
export interface FileViews {
  readonly sequences: readonly Sequence[];
  /** The elements that are written here. With the attributes that each may have beyond its own; null for any. */
  readonly dynamic: ReadonlyMap<PatchElement, ReadonlySet<string> | null>;
  /** Those in whose place the app may put the root of another view. */
  readonly roots: ReadonlySet<PatchElement>;
  readonly raw: readonly PatchElement[];
  /** What each component renders; null where two of the same name are. */
  readonly definitions: ReadonlyMap<string, readonly PatchNode[] | null>;
}

/** Components within components that are looked through; deeper ones are holes. */
const MAX_DEPTH = 6;

/** Lays versions with the same skeleton over each other, the newest last. */
export function overlay(versions: readonly ViewSource[], known: Definitions): FileViews {
  return new Overlay(versions, known);
}

class Overlay implements FileViews {
  readonly sequences: Sequence[] = [];
  readonly dynamic = new Map<PatchElement, ReadonlySet<string> | null>();
  readonly roots = new Set<PatchElement>();
  readonly raw: PatchElement[] = [];
  readonly definitions = new Map<string, readonly PatchNode[] | null>();
  readonly #versions: readonly ViewSource[];
  readonly #known: Definitions;
  readonly #own: ReadonlyMap<string, number | null>;
  /** Views that are being read: a component within itself is a hole. */
  readonly #reading = new Set<number>();
  readonly #nodesOf = new Map<number, readonly PatchNode[]>();

  constructor(versions: readonly ViewSource[], known: Definitions) {
    this.#versions = versions;
    this.#known = known;
    const views = versions.at(-1)?.views ?? [];
    const named = views.flatMap(({ component }, view) => (component === null ? [] : [{ component, view }]));
    this.#own = new Map(
      named.map(({ component, view }) => {
        const others = named.some((one) => one.component === component && one.view !== view);
        return [component, others ? null : view];
      }),
    );
    views.forEach(({ component }, view) => {
      const nodes = this.#view(view);
      if (component !== null) this.definitions.set(component, this.definitions.has(component) ? null : nodes);
    });
  }

  #view(view: number): readonly PatchNode[] {
    const done = this.#nodesOf.get(view);
    if (done) return done;
    this.#reading.add(view);
    const nodes = this.#nodes(
      this.#versions.map(({ views }) => views[view]?.nodes ?? []),
      true,
    );
    this.#reading.delete(view);
    this.#nodesOf.set(view, nodes);
    this.sequences.push({ nodes, view });
    return nodes;
  }

  #nodes(versions: readonly (readonly TemplateNode[])[], root: boolean): readonly PatchNode[] {
    return (versions.at(-1) ?? []).flatMap((_, i): readonly PatchNode[] => {
      const nodes = versions.map((version) => version[i]);
      const texts = nodes.filter((node) => node?.kind === 'text');
      if (texts.length > 0) return [{ t: newestLast(texts.map((node) => node.value)) } satisfies PatchText];
      const elements = nodes.filter((node) => node?.kind === 'element');
      if (elements.length > 0) return [this.#element(elements, root)];
      return this.#hole(nodes.filter((node) => node?.kind === 'hole'));
    });
  }

  #hole(versions: readonly TemplateHole[]): readonly PatchNode[] {
    const [first] = versions;
    if (first?.children) return [{ h: 'children' }];
    if (!first?.inner) return [null];
    // What stands in a component can be found by itself too, wherever the component puts it.
    const inner = this.#nodes(
      versions.map((version) => version.inner ?? []),
      true,
    );
    const definition = first.component === undefined ? null : this.#definition(first.component);
    if (definition) return instance(definition, inner);
    if (inner.length > 0) this.sequences.push({ nodes: inner, view: null });
    return [null];
  }

  #definition(component: string): readonly PatchNode[] | null {
    const own = this.#own.get(component);
    const known = this.#known(component);
    if (own === undefined) return known;
    // Two components of one name: which of them is meant is not known.
    return known !== null || own === null || this.#reading.has(own) || this.#reading.size > MAX_DEPTH
      ? null
      : this.#view(own);
  }

  #element(versions: readonly TemplateElement[], root: boolean): PatchElement {
    const [first] = versions;
    const names = new Set(versions.flatMap((version) => [...version.attributes.keys()]));
    const toggles = first?.toggles ?? [];
    if (first && !first.open) {
      for (const name of ['class', 'id', 'style']) if (!first.dynamic.has(name)) names.add(name);
    }
    const element: PatchElement = {
      e: first?.tag ?? '',
      a: [...names].map((name) => [name, newestLast(versions.map(({ attributes }) => attributes.get(name) ?? null))]),
      c: toggles,
      k: this.#nodes(
        versions.map(({ children }) => children),
        false,
      ),
    };
    // Attributes of a component's root may come from its caller.
    this.dynamic.set(element, root || first?.open ? null : (first?.dynamic ?? null));
    if (root) this.roots.add(element);
    if (first?.raw) this.raw.push(element);
    return element;
  }
}

/** A component's view, with what stands between its tags in place of `{children()}`. */
function instance(definition: readonly PatchNode[], inner: readonly PatchNode[]): readonly PatchNode[] {
  return definition.flatMap((node): readonly PatchNode[] => {
    if (node === null) return [null];
    if ('h' in node) return inner;
    if ('t' in node) return [{ ...node, f: true }];
    return [{ ...node, k: instance(node.k, inner), f: true }];
  });
}

function newestLast<T>(values: readonly T[]): readonly T[] {
  return [...new Set([...values].reverse())].reverse();
}
