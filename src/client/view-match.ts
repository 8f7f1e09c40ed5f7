/**
 * Finds the nodes of a page that a sequence of a view's nodes stands for. A node counts as found only when every way to
 * read the page as that view leads to it.
 */
import type { PatchElement, PatchNode, PatchText } from '../patch/patch-nodes.js';

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
      () => this.#inner(patterns, nodes),
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
        if (isHole(pattern) || !needed(pattern)) return new Map();
        const places = nodes.filter((_, j) => ways.at(i, j));
        const [place] = places;
        return places.length === 1 && place ? this.#within(pattern, place, []) : null;
      }),
      () => this.#inner(patterns, nodes),
    ]);
  }

  #within(pattern: PatchNode, node: Node, pin: readonly Pinned[]): Finds | null {
    if (pattern === null || 'h' in pattern) return new Map();
    if ('t' in pattern) return new Map([[node, pattern]]);
    const finds = this.find(pattern.k, siblings(node.childNodes), pin);
    finds?.set(node, pattern);
    return finds;
  }

  /** What stands somewhere in a component's output: in exactly one place among these nodes. */
  #inner(patterns: readonly PatchNode[], nodes: readonly Node[]): Finds | null {
    const sequences = patterns.flatMap((pattern) => (pattern && 'h' in pattern ? pattern.h : []));
    return joined(
      sequences.map((sequence) => () => {
        const finds: Finds[] = [];
        for (const list of [nodes, ...nodes.flatMap(lists)]) {
          for (let from = 0; from <= list.length; from++) {
            for (let to = from; to <= list.length; to++) {
              const part = list.slice(from, to);
              // Holes at the ends only make the same place longer.
              if (!sharp(sequence, part, this) || !this.#ways(sequence, part, 'none')) continue;
              const found = this.#read(sequence, part, 'none');
              if (!found) return null;
              finds.push(found);
            }
          }
        }
        const [only] = finds;
        return finds.length === 1 && only ? only : null;
      }),
    );
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
  return values.includes(value) ? value : undefined;
}

export function splitClasses(value: string | null): readonly string[] {
  return (value ?? '').split(/\s+/).filter((token) => token !== '');
}

function isHole(pattern: PatchNode): pattern is null | { readonly h: readonly (readonly PatchNode[])[] } {
  return pattern === null || 'h' in pattern;
}

/** Whether something in it was edited, and has to be found. */
export function needed(pattern: PatchNode): boolean {
  if (pattern === null) return false;
  if ('h' in pattern) return pattern.h.length > 0;
  if ('t' in pattern) return pattern.t.length > 1;
  return pattern.a.some(([, values]) => values.length > 1) || pattern.k.some(needed);
}

/** Whether a part of a list begins and ends with nodes that a sequence asks for. */
function sharp(sequence: readonly PatchNode[], part: readonly Node[], matcher: Matcher): boolean {
  const first = sequence.findIndex((pattern) => !isHole(pattern));
  const last = sequence.length - 1 - [...sequence].reverse().findIndex((pattern) => !isHole(pattern));
  const [head] = part;
  const tail = part.at(-1);
  if (!head || !tail || first < 0) return false;
  return matcher.fits(sequence[first] ?? null, head) && matcher.fits(sequence[last] ?? null, tail);
}

function lists(node: Node): readonly (readonly Node[])[] {
  const own = siblings(node.childNodes);
  return own.length > 0 ? [own, ...own.flatMap(lists)] : [];
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
