import { stringValue, type Token, tokenize } from './rust-tokens.js';
import type { View, ViewSource } from './view-model.js';
import { parseView } from './view-parser.js';

/** Reads a Rust file; null when it can't be cut into tokens. */
export function readViewSource(source: string): ViewSource | null {
  const tokens = tokenize(source);
  if (!tokens) return null;
  const reader = new Reader(componentViews(tokens));
  reader.code(tokens);
  const literals = new Map<string, number>();
  for (const token of tokens) {
    const value = token.kind === 'string' ? stringValue(token.text) : null;
    if (value !== null) literals.set(value, (literals.get(value) ?? 0) + 1);
  }
  builtTags(tokens, reader.otherTags);
  return { skeleton: reader.skeleton.join('\n'), views: reader.views, literals, otherTags: reader.otherTags };
}

class Reader {
  readonly skeleton: string[] = [];
  readonly views: View[] = [];
  readonly otherTags = new Set<string>();
  readonly #components: ReadonlyMap<Token, string>;

  constructor(components: ReadonlyMap<Token, string>) {
    this.#components = components;
  }

  code(tokens: readonly Token[]): void {
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at];
      if (!token) break;
      const group = groupAt(tokens, at);
      if (token.text === 'macro_rules' && tokens[at + 1]?.text === '!') {
        const end = groupAt(tokens, at + 3)?.end ?? tokens.length;
        this.#plain(tokens.slice(at, end));
        at = end - 1;
      } else if (group && tokens[at - 1]?.text === '!' && tokens[at - 2]?.text === 'view') {
        this.#view(tokens.slice(at + 1, group.end - 1), callLine(tokens, at - 2), this.#components.get(token) ?? null);
        at = group.end - 1;
      } else {
        this.skeleton.push(skeletonText(token, tokens[at - 1]));
      }
    }
  }

  mark(text: string): void {
    this.skeleton.push(text);
  }

  #view(tokens: readonly Token[], line: number, component: string | null): void {
    const before = { skeleton: this.skeleton.length, views: this.views.length, otherTags: new Set(this.otherTags) };
    // The place in the list first, so that the order does not depend on what is within.
    this.views.push({ line, nodes: [], component });
    const nodes = parseView(tokens, this);
    if (nodes) {
      this.views[before.views] = { line, nodes, component };
      return;
    }
    this.skeleton.length = before.skeleton;
    this.views.length = before.views;
    this.otherTags.clear();
    for (const tag of before.otherTags) this.otherTags.add(tag);
    this.#plain(tokens);
  }

  /** Code whose markup is not read. */
  #plain(tokens: readonly Token[]): void {
    tokens.forEach((token, at) => {
      this.skeleton.push(skeletonText(token, tokens[at - 1]));
      const next = tokens[at + 1];
      if (token.text === '<' && next?.kind === 'word' && /^[a-z]/.test(next.text)) this.otherTags.add(next.text);
      if (token.text === 'inner_html') this.otherTags.add('*');
    });
  }
}

/** Tokens that mean something else together than apart are told from each other. */
function skeletonText(token: Token, before: Token | undefined): string {
  const clings = (kind: Token['kind'] | undefined) => kind === 'punct' || kind === 'literal';
  const joined = token.glued && clings(before?.kind) && (clings(token.kind) || token.kind === 'word');
  return joined ? `~${token.text}` : ` ${token.text}`;
}

function groupAt(tokens: readonly Token[], at: number): { readonly end: number } | null {
  if (tokens[at]?.kind !== 'open') return null;
  let depth = 0;
  for (let end = at; end < tokens.length; end++) {
    if (tokens[end]?.kind === 'open') depth++;
    if (tokens[end]?.kind === 'close' && --depth === 0) return { end: end + 1 };
  }
  return null;
}

/** The line where the path before `!` begins: `view`, `leptos::view`. */
function callLine(tokens: readonly Token[], at: number): number {
  let first = at;
  while (tokens[first - 1]?.text === ':' && tokens[first - 2]?.text === ':') {
    first -= tokens[first - 3]?.kind === 'word' ? 3 : 2;
  }
  return tokens[first]?.line ?? 0;
}

/** The opening brackets of views that are all that a component returns, and the component's name. */
function componentViews(tokens: readonly Token[]): ReadonlyMap<Token, string> {
  const found = new Map<Token, string>();
  tokens.forEach((token, at) => {
    const name = tokens[at + 1];
    if (token.text !== 'fn' || !name || !/^[A-Z]/.test(name.text) || !isComponent(tokens, at)) return;
    const start = tokens.findIndex((one, i) => i > at && (one.text === '{' || one.text === ';'));
    const body = groupAt(tokens, start);
    const open = body ? lastGroup(tokens, start, body.end) : null;
    if (!body || open === null || tokens[open - 1]?.text !== '!' || tokens[open - 2]?.text !== 'view') return;
    const returns = tokens.slice(start, body.end).some(({ text }) => text === 'return' || text === 'macro_rules');
    const opening = tokens[open];
    if (opening && !returns && /^[;{}]$/.test(tokens[open - 3]?.text ?? '')) found.set(opening, name.text);
  });
  return found;
}

/** Whether `#[component]` stands before this `fn`; an island has an element of its own around it. */
function isComponent(tokens: readonly Token[], fn: number): boolean {
  let start = fn;
  while (start > 0 && !/^[;{}]$/.test(tokens[start - 1]?.text ?? '')) start--;
  const before = tokens.slice(start, fn).map(({ text }) => text);
  return before.some((text, i) => text === 'component' && before[i - 1] === '[' && before[i - 2] === '#');
}

/** Where the bracket opens that closes last before the end of a body. */
function lastGroup(tokens: readonly Token[], start: number, end: number): number | null {
  if (tokens[end - 2]?.kind !== 'close') return null;
  let at = start + 1;
  let last: number | null = null;
  while (at < end - 1) {
    const group = groupAt(tokens, at);
    if (group?.end === end - 1) last = at;
    at = group?.end ?? at + 1;
  }
  return last;
}

/** Elements that are made with functions: `html::p()`, `use leptos::html::{div, span}`. */
function builtTags(tokens: readonly Token[], tags: Set<string>): void {
  tokens.forEach((token, at) => {
    if (
      !/^(html|svg|mathml|element)$/.test(token.text) ||
      tokens[at + 1]?.text !== ':' ||
      tokens[at + 2]?.text !== ':'
    ) {
      return;
    }
    const group = groupAt(tokens, at + 3);
    const names = group ? tokens.slice(at + 4, group.end - 1) : tokens.slice(at + 3, at + 4);
    for (const { kind, text } of names) {
      if (text === '*') tags.add('*');
      else if (kind === 'word' && /^[a-z]/.test(text)) tags.add(text.replace(/^r#/, ''));
    }
  });
}
