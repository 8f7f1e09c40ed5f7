import { stringValue, type Token } from './rust-tokens.js';
import type { TemplateNode } from './view-model.js';
import { isOpaqueTag, isPlainAttribute, knownComponent, mayHoldText } from './view-names.js';

/** Takes what a patch can't change: the text between calls is the skeleton. */
export interface SkeletonSink {
  /** Tokens as they stand, and the `view!`s among them. */
  code(tokens: readonly Token[]): void;
  /** A thing of the template's structure. */
  mark(text: string): void;
}

/** Thrown by the parser and caught by it: markup that is not understood. */
class NotUnderstood extends Error {}

/**
 * Reads what stands in `view!` as rstml 0.13 and leptos_macro 0.8 do. Null when it holds anything that is not understood
 * (a scope class, `<{..} />`, generics, doc comments); `sink` may then have got a part of it.
 */
export function parseView(tokens: readonly Token[], sink: SkeletonSink): readonly TemplateNode[] | null {
  try {
    if (tokens[0]?.text === 'class' && tokens[1]?.text === '=') return null;
    const parser = new ViewParser(tokens, sink);
    return parser.nodes('', null);
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

class ViewParser {
  readonly #tokens: readonly Token[];
  #sink: SkeletonSink;
  #at = 0;

  constructor(tokens: readonly Token[], sink: SkeletonSink) {
    this.#tokens = tokens;
    this.#sink = sink;
  }

  /** Nodes up to the closing tag `close`, which is consumed; with null, up to the end. `parent` is '' where it is not known. */
  nodes(parent: string, close: string | null): readonly TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (;;) {
      if (this.#at >= this.#tokens.length) {
        if (close !== null) throw new NotUnderstood();
        return this.#apart(nodes);
      }
      if (this.#is('<', '/')) {
        if (close === null) throw new NotUnderstood();
        this.#closingTag(close);
        return this.#apart(nodes);
      }
      nodes.push(...this.#node(parent));
    }
  }

  /** Neighbouring texts are one node in some elements and two in others: they become holes. */
  #apart(nodes: readonly TemplateNode[]): readonly TemplateNode[] {
    return nodes.map((node, i) => {
      if (node.kind !== 'text' || (nodes[i - 1]?.kind !== 'text' && nodes[i + 1]?.kind !== 'text')) return node;
      this.#sink.mark(`text=${node.value}`);
      return { kind: 'hole', inner: null };
    });
  }

  #node(parent: string): readonly TemplateNode[] {
    const token = this.#peek();
    if (token.text === '<') return this.#markup(parent);
    if (token.kind === 'open' && token.text === '{') return [this.#block(parent)];
    if (token.kind === 'string') {
      this.#at++;
      return [this.#text(stringValue(token.text), parent, [token])];
    }
    return [this.#unquoted(parent)];
  }

  #text(value: string | null, parent: string, tokens: readonly Token[]): TemplateNode {
    // Empty text is a space from the server and none from the browser; HTML reads CR and NUL as something else.
    if (value === null || value === '' || /[\r\0]/.test(value) || !mayHoldText(parent) || isOpaqueTag(parent)) {
      return this.#unknown(tokens);
    }
    this.#sink.mark('text');
    return { kind: 'text', value };
  }

  #unknown(tokens: readonly Token[]): TemplateNode {
    this.#sink.code(tokens);
    return { kind: 'hole', inner: null };
  }

  /** `{…}`: a text where it holds one string literal, else a hole. */
  #block(parent: string): TemplateNode {
    const group = this.#group();
    const [, only] = group;
    if (group.length === 3 && only?.kind === 'string') {
      this.#sink.mark('block');
      return this.#text(stringValue(only.text), parent, [only]);
    }
    const children = group.map(({ text }) => text).join('') === '{children()}';
    const hole = this.#unknown(group);
    return children && hole.kind === 'hole' ? { ...hole, children } : hole;
  }

  /** Text without quotes. What of its spaces remains depends on the compiler, except between plain words. */
  #unquoted(parent: string): TemplateNode {
    const start = this.#at;
    while (this.#at < this.#tokens.length) {
      const token = this.#peek();
      if (token.text === '<' || token.text === '{' || token.kind === 'string') break;
      if (token.kind === 'open') this.#group();
      else this.#at++;
    }
    const tokens = this.#tokens.slice(start, this.#at);
    let value = '';
    for (const token of tokens) value += token.glued && value !== '' ? token.text : ` ${token.text}`;
    value = value.slice(1);
    const plain = /^[a-zA-Z]+[,.!?]?( [a-zA-Z]+[,.!?]?)*$/.test(value);
    return plain ? this.#text(value, parent, tokens) : this.#unknown(tokens);
  }

  #markup(parent: string): readonly TemplateNode[] {
    if (this.#is('<', '!')) {
      // A comment is nothing in the page, and a doctype no node among its siblings.
      const end = this.#is('<', '!', '-', '-') ? ['-', '-', '>'] : ['>'];
      const start = this.#at;
      while (!this.#is(...end)) this.#next();
      this.#at += end.length;
      this.#sink.code(this.#tokens.slice(start, this.#at));
      return [];
    }
    if (this.#is('<', '>')) {
      this.#at += 2;
      this.#sink.mark('<>');
      return this.nodes(parent, '');
    }
    return [this.#element()];
  }

  #element(frozen = false): TemplateNode {
    const first = this.#at;
    this.#next();
    const name = this.#name();
    if (!frozen && isOpaqueTag(name)) return this.#frozen(first);
    if (this.#peek().text === '<') throw new NotUnderstood();
    const start = this.#at;
    while (!this.#is('>') && !this.#is('/', '>')) {
      if (this.#peek().kind === 'open') this.#group();
      else this.#next();
    }
    const head = this.#tokens.slice(start, this.#at);
    const selfClosing = this.#is('/', '>');
    this.#at += selfClosing ? 2 : 1;
    this.#sink.mark(`<${name}`);

    const component = /^[A-Z]/.test(name.split('::').at(-1) ?? '');
    const known = component ? knownComponent(name) : null;
    const attributes = new Attributes(head, component, known ?? name.toLowerCase(), this.#sink);
    this.#sink.mark(selfClosing ? '/>' : '>');
    if (component && known === null) {
      const inner = selfClosing ? [] : this.nodes('', name);
      // Attributes from outside change the component's root.
      const alone = [...attributes.keys].every((key) => /^(on:|[a-z_0-9]+$)/.test(key));
      return { kind: 'hole', inner, ...(alone ? { component: name.split('::').at(-1) ?? '' } : {}) };
    }
    const tag = (known ?? name).replace(/^r#/, '');
    const children = selfClosing ? [] : this.nodes(tag, name);
    return {
      kind: 'element',
      tag,
      attributes: attributes.known,
      dynamic: attributes.dynamic,
      toggles: attributes.toggles,
      open: attributes.open || known !== null,
      raw: attributes.raw,
      children: attributes.raw ? [{ kind: 'hole', inner: children }] : children,
    };
  }

  /** An element of which nothing is patched, so that all of it belongs to the skeleton. */
  #frozen(start: number): TemplateNode {
    const sink = this.#sink;
    this.#sink = { code: () => {}, mark: () => {} };
    this.#at = start;
    const element = this.#element(true);
    this.#sink = sink;
    this.#sink.code(this.#tokens.slice(start, this.#at));
    return { kind: 'hole', inner: [element] };
  }

  #closingTag(name: string): void {
    this.#at += 2;
    const found = this.#is('>') ? '' : this.#name();
    if (found !== name || !this.#is('>')) throw new NotUnderstood();
    this.#at++;
    this.#sink.mark('</');
  }

  /** `div`, `my-element`, `svg:a`, `components::Card`. */
  #name(): string {
    const first = this.#next();
    if (first.kind !== 'word') throw new NotUnderstood();
    let name = first.text;
    while (/^[-:.]$/.test(this.#peek().text)) {
      name += this.#next().text;
      if (this.#peek().kind === 'word' || this.#peek().kind === 'literal') name += this.#next().text;
    }
    return name;
  }

  /** The tokens of the bracket that opens here, both brackets among them. */
  #group(): readonly Token[] {
    const start = this.#at;
    let depth = 0;
    do {
      const { kind } = this.#next();
      if (kind === 'open') depth++;
      if (kind === 'close') depth--;
    } while (depth > 0);
    return this.#tokens.slice(start, this.#at);
  }

  #is(...texts: readonly string[]): boolean {
    return texts.every((text, i) => this.#tokens[this.#at + i]?.text === text);
  }

  #peek(): Token {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === 'doc') throw new NotUnderstood();
    return token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }
}

/** The attributes of one opening tag. */
class Attributes {
  readonly known = new Map<string, string>();
  readonly dynamic = new Set<string>();
  readonly toggles: string[] = [];
  readonly keys = new Set<string>();
  open = false;
  raw = false;

  constructor(tokens: readonly Token[], component: boolean, tag: string, sink: SkeletonSink) {
    const values = new Set<string>();
    for (const { key, value } of cut(tokens)) {
      this.keys.add(key);
      const name = component ? (/^attr:(.+)$/.exec(key)?.[1] ?? null) : key.replace(/^r#/, '');
      const [only] = value;
      const text = value.length === 1 && only?.kind === 'string' ? stringValue(only.text) : null;
      const plain = name !== null && isPlainAttribute(name, tag) && !isOpaqueTag(tag);
      // Which of two wins is a matter of order.
      if (plain && values.has(name) && value[0]?.text !== '(') throw new NotUnderstood();
      if (plain && text !== null && isPlainValue(name, text)) {
        this.known.set(name, text);
        values.add(name);
        continue;
      }
      if (plain) values.add(name);
      sink.code(tokensOf(key, value));
      this.#unknown(name ?? key, key, value);
    }
    if (this.toggles.length > 0 && this.dynamic.has('class')) this.toggles.length = 0;
    const styled = [...this.dynamic].some((name) => name.startsWith('style:'));
    if (this.open || styled) {
      for (const name of ['class', 'style']) {
        const value = this.known.get(name);
        if (value === undefined || (name === 'class' && !this.open)) continue;
        this.known.delete(name);
        this.dynamic.add(name);
        sink.mark(`${name}=${value}`);
      }
      if (styled) this.dynamic.add('style');
    }
  }

  #unknown(name: string, key: string, value: readonly Token[]): void {
    if (key === '{') this.open = true;
    else if (name === 'inner_html') this.raw = true;
    else if (name.startsWith('class:')) this.toggles.push(name.slice('class:'.length));
    else if (name === 'class' && value[0]?.text === '(') {
      const names = toggledClasses(value);
      if (names) this.toggles.push(...names);
      else this.dynamic.add('class');
    } else if (!/^(on|let|clone|node_ref)(:|$)/.test(name)) {
      this.dynamic.add(name);
      // These write attributes under other names.
      const written = /^(?:prop|bind|attr):([a-zA-Z-]+)/.exec(name)?.[1];
      if (written !== undefined) this.dynamic.add(written.toLowerCase());
      if (name.startsWith('use:')) this.open = true;
      if (name.includes('_')) this.dynamic.add(name.replaceAll('_', '-'));
    }
  }
}

/** The names in `class=("name", …)` and `class=(["a", "b"], …)`; null when they are not literals. */
function toggledClasses(value: readonly Token[]): readonly string[] | null {
  const list = value[1]?.text === '[';
  const end = list ? value.findIndex((token) => token.text === ']') : 2;
  const names: string[] = [];
  for (const token of value.slice(list ? 2 : 1, end)) {
    if (token.text === ',') continue;
    const name = token.kind === 'string' ? stringValue(token.text) : null;
    if (name === null) return null;
    names.push(...name.split(/\s+/));
  }
  return value[end]?.text === ',' || list ? names : null;
}

/** The server trims `class`, the browser doesn't; it ends `style` with a semicolon. */
function isPlainValue(name: string, value: string): boolean {
  if (/[\r\0]/.test(value)) return false;
  return name !== 'class' && name !== 'style' ? true : value !== '' && value.trim() === value;
}

interface Attribute {
  readonly key: string;
  readonly value: readonly Token[];
}

/**
 * Cuts an opening tag into attributes. An attribute begins where a name stands behind a complete value; a wrong cut within
 * an expression does no harm, for the page then has no such element.
 */
function cut(tokens: readonly Token[]): readonly Attribute[] {
  const attributes: { key: string; value: Token[] }[] = [];
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    if (!token) break;
    if (token.text === '{') {
      const end = groupEnd(tokens, at);
      attributes.push({ key: '{', value: tokens.slice(at, end) });
      at = end;
      continue;
    }
    if (token.kind !== 'word') throw new NotUnderstood();
    let key = token.text;
    at++;
    while (/^[-:.]$/.test(tokens[at]?.text ?? '')) {
      key += tokens[at]?.text;
      at++;
      const part = tokens[at];
      if (part?.kind === 'word' || part?.kind === 'literal') {
        key += part.text;
        at++;
      }
    }
    const value: Token[] = [];
    if (tokens[at]?.text === '(') {
      const end = groupEnd(tokens, at);
      value.push(...tokens.slice(at, end));
      at = end;
    } else if (tokens[at]?.text === '=') {
      at++;
      const end = valueEnd(tokens, at);
      value.push(...tokens.slice(at, end));
      at = end;
    }
    attributes.push({ key, value });
  }
  return attributes;
}

const BEFORE_OPERAND = new Set(
  'if match move else in as return mut ref async unsafe loop while for dyn let break const static where impl'.split(
    ' ',
  ),
);

function valueEnd(tokens: readonly Token[], start: number): number {
  let at = start;
  let complete = false;
  let braces = false;
  while (at < tokens.length) {
    const token = tokens[at];
    if (!token) break;
    if (token.kind === 'open') {
      const path = tokens[at - 1]?.kind === 'word';
      if (token.text === '{' && complete && !braces && !path) return at;
      at = groupEnd(tokens, at);
      complete = true;
      continue;
    }
    if (token.kind === 'word') {
      const keyword = BEFORE_OPERAND.has(token.text);
      const assigned = tokens[at + 1]?.text === '=' && tokens[at + 2]?.text !== '=';
      if (complete && (!keyword || assigned)) return at;
      if (keyword) braces = true;
      complete = !keyword;
    } else if (token.kind === 'string' || token.kind === 'literal') complete = true;
    else if (token.kind === 'punct') complete = token.text === '?';
    else throw new NotUnderstood();
    at++;
  }
  return at;
}

function groupEnd(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    if (tokens[at]?.kind === 'open') depth++;
    if (tokens[at]?.kind === 'close' && --depth === 0) return at + 1;
  }
  throw new NotUnderstood();
}

function tokensOf(key: string, value: readonly Token[]): readonly Token[] {
  return [{ kind: 'word', text: key, line: 0, glued: false }, ...value];
}
