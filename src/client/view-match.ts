/**
 * Finds the nodes of a page that a sequence of a view's nodes stands for. A node counts as found only when every way to
 * read the page as that view leads to it.
 */
import { hasEdit, isHole, type PatchElement, type PatchNode, type PatchText } from '../patch/patch-nodes.js';
import { isVersionOf } from './own-urls.js';

/** What is to be set, and where. */
export type Finds = Map<Node, PatchElement | PatchText>;

/** Looks at a page that does not change meanwhile. */
export class Matcher {
  readonly #fits = new Map<PatchNode, Map<Node, boolean>>();

  /** Whether a node is what the view asks for, down to its last child. */
  fits(pattern: PatchNode, node: Node): boolean {
    if (isHole(pattern)) return true;
    const known = this.#fits.get(pattern) ?? new Map<Node, boolean>();
    this.#fits.set(pattern, known);
    const result = known.get(node) ?? this.#compare(pattern, node);
    known.set(node, result);
    return result;
  }

  /**
   * Reads `nodes` as the whole of `patterns`, or as its end or beginning where a side is free. Null when it is not, or when
   * more than one reading fits. `pin`: this child of the sequence is that node, and so on downwards.
   */
  find(
    patterns: readonly PatchNode[],
    nodes: readonly Node[],
    pin: readonly Pinned[] = [],
    free: 'none' | 'left' | 'right' | 'both' = 'none',
  ): Finds | null {
    const [pinned, ...deeper] = pin;
    if (!pinned) return this.#read(patterns, nodes, free);
    const at = nodes.indexOf(pinned.node);
    const pattern = patterns[pinned.index];
    if (at < 0 || pattern === undefined || !this.fits(pattern, pinned.node)) return null;
    const left = free === 'left' || free === 'both' ? 'left' : 'none';
    const right = free === 'right' || free === 'both' ? 'right' : 'none';
    return joined([
      () => this.#read(patterns.slice(0, pinned.index), nodes.slice(0, at), left),
      () => this.#within(pattern, pinned.node, deeper),
      () => this.#read(patterns.slice(pinned.index + 1), nodes.slice(at + 1), right),
    ]);
  }

  #read(
    patterns: readonly PatchNode[],
    nodes: readonly Node[],
    free: 'none' | 'left' | 'right' | 'both',
  ): Finds | null {
    const ways = this.#ways(patterns, nodes, free);
    if (!ways) return null;
    return joined([
      ...patterns.map((pattern, i) => () => {
        if (isHole(pattern) || !hasEdit(pattern)) return new Map();
        const places = nodes.filter((_, j) => ways.at(i, j));
        const [place] = places;
        return places.length === 1 && place ? this.#within(pattern, place, []) : null;
      }),
    ]);
  }

  #within(pattern: PatchNode, node: Node, pin: readonly Pinned[]): Finds | null {
    if (isHole(pattern)) return new Map();
    if ('t' in pattern) return new Map([[node, pattern]]);
    const finds = this.find(pattern.k, siblings(node.childNodes), pin);
    finds?.set(node, pattern);
    return finds;
  }

  /** Which pattern can stand for which node when all of the sequence is read; null when it can't be read. */
  #ways(
    patterns: readonly PatchNode[],
    nodes: readonly Node[],
    free: 'none' | 'left' | 'right' | 'both',
  ): { at(i: number, j: number): boolean } | null {
    const rows = patterns.length + 1;
    const columns = nodes.length + 1;
    const freeLeft = free === 'left' || free === 'both';
    const freeRight = free === 'right' || free === 'both';
    const fitsAt = (i: number, j: number): boolean => {
      const pattern = patterns[i];
      const node = nodes[j];
      return pattern !== undefined && node !== undefined && this.fits(pattern, node);
    };
    const before = grid(rows, columns);
    const after = grid(rows, columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const hole = isHole(patterns[i - 1] ?? null);
        if (i === 0) before.set(i, j, freeLeft || j === 0);
        else if (hole) before.set(i, j, before.at(i - 1, j) || before.at(i, j - 1));
        else before.set(i, j, before.at(i - 1, j - 1) && fitsAt(i - 1, j - 1));
      }
    }
    for (let i = rows - 1; i >= 0; i--) {
      for (let j = columns - 1; j >= 0; j--) {
        const hole = isHole(patterns[i] ?? null);
        if (i === rows - 1) after.set(i, j, freeRight || j === columns - 1);
        else if (hole) after.set(i, j, after.at(i + 1, j) || after.at(i, j + 1));
        else after.set(i, j, after.at(i + 1, j + 1) && fitsAt(i, j));
      }
    }
    const readable = freeRight
      ? Array.from({ length: columns }, (_, j) => j).some((j) => before.at(rows - 1, j))
      : before.at(rows - 1, columns - 1);
    if (!readable) return null;
    return { at: (i, j) => before.at(i, j) && fitsAt(i, j) && after.at(i + 1, j + 1) };
  }

  #compare(pattern: PatchElement | PatchText, node: Node): boolean {
    if ('t' in pattern) return node.nodeType === Node.TEXT_NODE && pattern.t.includes(node.nodeValue ?? '');
    if (!(node instanceof Element) || node.localName.toLowerCase() !== pattern.e.toLowerCase()) return false;
    if (!pattern.a.every(([name, values]) => currentValue(node, name, values, pattern.c) !== undefined)) return false;
    return this.#ways(pattern.k, siblings(node.childNodes), 'none') !== null;
  }
}

/** A child's index, and the node that it is known to be. */
export interface Pinned {
  readonly index: number;
  readonly node: Node;
}

/** The nodes that count: leptos separates and marks with comments. */
export function siblings(nodes: Iterable<Node>): readonly Node[] {
  return [...nodes].filter((node) => node.nodeType === Node.ELEMENT_NODE || node.nodeType === Node.TEXT_NODE);
}

/** Which of the values an attribute has now; undefined when none of them. */
export function currentValue(
  element: Element,
  name: string,
  values: readonly (string | null)[],
  toggles: readonly string[],
): string | null | undefined {
  const value = element.getAttribute(name);
  if (name === 'class' && toggles.length > 0) {
    const classes = splitClasses(value);
    return values.find((one) => {
      const own = splitClasses(one);
      const rest = classes.slice(own.length);
      return own.every((token, i) => token === classes[i]) && rest.every((token) => toggles.includes(token));
    });
  }
  // The server ends a style with a semicolon.
  if (name === 'style' && value !== null) return values.find((one) => one === value || `${one};` === value);
  // An asset that was refreshed in the page has a version behind its address.
  return values.find((one) => one === value || (one !== null && value !== null && isVersionOf(value, one)));
}

export function splitClasses(value: string | null): readonly string[] {
  return (value ?? '').split(/\s+/).filter((token) => token !== '');
}

function joined(parts: readonly (() => Finds | null)[]): Finds | null {
  const all: Finds = new Map();
  for (const part of parts) {
    const finds = part();
    if (!finds) return null;
    for (const [node, pattern] of finds) all.set(node, pattern);
  }
  return all;
}

function grid(
  rows: number,
  columns: number,
): { at(i: number, j: number): boolean; set(i: number, j: number, value: boolean): void } {
  const cells = new Uint8Array(rows * columns);
  return {
    at: (i, j) => i >= 0 && j >= 0 && cells[i * columns + j] === 1,
    set: (i, j, value) => {
      cells[i * columns + j] = value ? 1 : 0;
    },
  };
}
