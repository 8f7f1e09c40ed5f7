import type { PackedText } from '../core/packed-text.js';
import { hashOf, Looks, type Probe } from './look.js';
import type { ViewSource } from './view-model.js';
import type { FileViews } from './view-versions.js';

/** Shorter values are found in too many places to tell one from another. */
export const MIN_DISTINCT = 3;

/**
 * A file that nobody edits, in a twentieth of the memory that its views take: what is asked of every file at each save.
 * The rest is read from its text when it turns out to matter.
 */
export class RestingFile {
  readonly text: PackedText;
  readonly #otherTags: ReadonlySet<string> | null;
  readonly #components: readonly string[];
  /** Of every occurrence of a literal, sorted. */
  readonly #literals: Uint32Array;
  readonly #looks: Looks;

  constructor(text: PackedText, source: ViewSource, views: FileViews) {
    this.text = text;
    this.#otherTags = source.otherTags.size === 0 ? null : new Set([...source.otherTags].map(ownCopy));
    this.#components = [...views.definitions.keys()].map(ownCopy);
    const literals = [...source.literals].flatMap(([literal, count]) =>
      literal.trim().length < MIN_DISTINCT ? [] : new Array<number>(count).fill(hashOf(literal)),
    );
    this.#literals = Uint32Array.from(literals).sort();
    this.#looks = new Looks(views.dynamic, views.roots);
  }

  /** See ViewSource.otherTags. */
  mayMake(tag: string): boolean {
    return this.#otherTags !== null && (this.#otherTags.has('*') || this.#otherTags.has(tag));
  }

  defines(component: string): boolean {
    return this.#components.includes(component);
  }

  /** How often a literal of at least MIN_DISTINCT characters occurs; seldom more than that, never less. */
  count(literal: string): number {
    const hash = hashOf(literal);
    const [literals, first] = [this.#literals, firstNotBelow(this.#literals, hash)];
    let end = first;
    while (literals[end] === hash) end += 1;
    return end - first;
  }

  mayFit(probe: Probe): boolean {
    return this.#looks.mayFit(probe);
  }
}

function firstNotBelow(sorted: Uint32Array, wanted: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A part of a long string keeps the whole of it in memory. */
function ownCopy(part: string): string {
  return Buffer.from(part).toString();
}
