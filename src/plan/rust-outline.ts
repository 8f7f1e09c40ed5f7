import { type Node, Parser, Query } from 'web-tree-sitter';
import { rustGrammar } from '../watch/rust-grammar.js';
import { type Attribute, isLeptosGlob, isLeptosPath, parseAttribute, usedPaths } from './attributes.js';

/** A piece of a source text, in UTF-16 units, end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Something that attributes stand on. */
export interface Attributed {
  /** In the order of the text; `null` is one that could not be taken apart. */
  readonly attributes: readonly { readonly span: Span; readonly attribute: Attribute | null }[];
  /** From the first doc comment or attribute to the end of the item. */
  readonly whole: Span;
  /** Between the braces of a function's body. */
  readonly body: Span | null;
  /** Can `cfg` take it away without a trace? */
  readonly isRemovable: boolean;
  /** May macros stand on it? Not on fields and the like. */
  readonly isItem: boolean;
  /** For people. */
  readonly name: string;
  /** Is this bare attribute name (`server`) the one of Leptos here? */
  readonly isLeptos: (name: string) => boolean;
}

/** `cfg_if!`, as far as it is plain: each branch's condition, and what stands between its braces. */
export interface CfgIf {
  readonly branches: readonly { readonly condition: string | null; readonly content: Span }[];
}

/** What of a file's structure matters for the question which side needs it. */
export interface RustOutline {
  /** Attributes of the file itself, `#![…]`, in its first lines. */
  readonly inner: readonly (Attribute | null)[];
  readonly attributed: readonly Attributed[];
  readonly cfgIfs: readonly CfgIf[];
  /** Items of the file's top level in the order of the text, each from the end of the one before it. */
  readonly items: readonly { readonly span: Span; readonly name: string }[];
}

const QUERY = '(attribute_item) @attribute (use_declaration) @use (macro_invocation) @macro';
const COMMENTS = new Set(['line_comment', 'block_comment']);
/** How many outlines are kept. */
const MAX_RECENT = 64;
/** Where an item, statement, field or variant can be left out. */
const LISTS = new Set(['source_file', 'declaration_list', 'block', 'field_declaration_list', 'enum_variant_list']);

/** Reads the outlines of Rust files with tree-sitter, in a few ms a file. */
export class RustOutliner {
  readonly #parser: Parser;
  readonly #query: Query;
  /** By text: both sides ask for the same ones. */
  readonly #recent = new Map<string, RustOutline | null>();

  private constructor(parser: Parser, query: Query) {
    this.#parser = parser;
    this.#query = query;
  }

  /** Loads the parser and the grammar: some 30 ms, once; the first file takes some 100 ms more. */
  static async load(): Promise<RustOutliner> {
    const language = await rustGrammar();
    const parser = new Parser();
    parser.setLanguage(language);
    return new RustOutliner(parser, new Query(language, QUERY));
  }

  /** The outline, or null when the grammar does not fit the whole file. */
  outline(text: string): RustOutline | null {
    const known = this.#recent.get(text);
    if (known !== undefined) return known;
    const outline = this.#parse(text);
    this.#recent.set(text, outline);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > MAX_RECENT && oldest !== undefined) this.#recent.delete(oldest);
    return outline;
  }

  #parse(text: string): RustOutline | null {
    const tree = this.#parser.parse(text);
    if (!tree) return null;
    try {
      return tree.rootNode.hasError ? null : this.#read(tree.rootNode);
    } finally {
      tree.delete();
    }
  }

  #read(root: Node): RustOutline {
    const nodes = { attribute: [] as Node[], use: [] as Node[], macro: [] as Node[] };
    for (const { name, node } of this.#query.captures(root)) nodes[name as keyof typeof nodes].push(node);
    const bindings = nodes.use.flatMap(pathsOfUse);
    return {
      inner: root.namedChildren
        .filter((child) => child?.type === 'inner_attribute_item')
        .map((child) => read(child as Node)),
      attributed: attributedNodes(nodes.attribute, bindings),
      cfgIfs: nodes.macro.flatMap(readCfgIf),
      items: itemsOf(root),
    };
  }
}

function itemsOf(root: Node): { span: Span; name: string }[] {
  let start = 0;
  return root.namedChildren.flatMap((child) => {
    if (!child || COMMENTS.has(child.type) || child.type.endsWith('attribute_item')) return [];
    const span = { start, end: child.endIndex };
    start = child.endIndex;
    return [{ span, name: nameOf(child) }];
  });
}

function spanOf(node: Node): Span {
  return { start: node.startIndex, end: node.endIndex };
}

function read(node: Node): Attribute | null {
  const [, content] = /^#!?\s*\[([\s\S]*)\]$/.exec(node.text) ?? [];
  return content === undefined ? null : parseAttribute(content);
}

/** Groups attributes by what they stand on. */
function attributedNodes(attributes: readonly Node[], bindings: readonly string[]): Attributed[] {
  const found = new Map<number, { target: Node; nodes: Node[] }>();
  for (const node of attributes) {
    let target = node.nextNamedSibling;
    while (target && (target.type === 'attribute_item' || COMMENTS.has(target.type))) target = target.nextNamedSibling;
    if (!target) continue;
    const group = found.get(target.id);
    if (group) group.nodes.push(node);
    else found.set(target.id, { target, nodes: [node] });
  }
  return [...found.values()].map(({ target, nodes }) => {
    const body = target.type === 'function_item' ? target.childForFieldName('body') : null;
    const list = target.parent?.type ?? '';
    const scopes = scopesOf(target);
    return {
      attributes: nodes.map((node) => ({ span: spanOf(node), attribute: read(node) })),
      whole: { start: startWithComments(target), end: target.endIndex },
      body: body && { start: body.startIndex + 1, end: body.endIndex - 1 },
      isRemovable: LISTS.has(list),
      isItem: LISTS.has(list) && target.type !== 'field_declaration' && target.type !== 'enum_variant',
      name: nameOf(target),
      isLeptos: (name) => isNameOfLeptos(name, bindings, scopes),
    };
  });
}

/** Doc comments are attributes of what follows. */
function startWithComments(node: Node): number {
  let first = node;
  for (let before = node.previousNamedSibling; before; before = before.previousNamedSibling) {
    if (before.type !== 'attribute_item' && !COMMENTS.has(before.type)) break;
    first = before;
  }
  return first.startIndex;
}

/** The paths that each module around a node imports, the innermost first; the outermost is the file. */
function scopesOf(node: Node): readonly (readonly string[])[] {
  const scopes: string[][] = [];
  for (let list = node.parent; list; list = list.parent) {
    if (list.type !== 'source_file' && list.parent?.type !== 'mod_item') continue;
    scopes.push(list.namedChildren.flatMap((child) => (child?.type === 'use_declaration' ? pathsOfUse(child) : [])));
  }
  return scopes;
}

function pathsOfUse(node: Node): string[] {
  return usedPaths(node.childForFieldName('argument')?.text ?? '');
}

/**
 * A bare macro name is the one of Leptos when nothing else in the file is called so, and the module imports it by name or
 * with everything of Leptos. What comes through a glob of somebody else cannot be told from here.
 */
function isNameOfLeptos(name: string, bindings: readonly string[], scopes: readonly (readonly string[])[]): boolean {
  const named = bindings.filter((path) => path === name || path.endsWith(`::${name}`) || path.endsWith(` as ${name}`));
  if (!named.every((path) => isLeptosPath(path, name))) return false;
  for (const paths of scopes) {
    if (paths.some((path) => isLeptosGlob(path) || isLeptosPath(path, name))) return true;
    if (!paths.includes('super::*')) return false;
  }
  return false;
}

function readCfgIf(node: Node): CfgIf[] {
  const name = node.childForFieldName('macro')?.text;
  const group = node.namedChildren.find((child) => child?.type === 'token_tree');
  if ((name !== 'cfg_if' && name !== 'cfg_if::cfg_if') || !group) return [];
  const parts = group.children.slice(1, -1).filter((child) => child !== null && !COMMENTS.has(child.type));
  const branches: { condition: string | null; content: Span }[] = [];
  for (let at = 0; at < parts.length; ) {
    const isConditional = parts[at]?.text === 'if';
    const [, condition] = /^\[\s*cfg\s*\(([\s\S]*)\)\s*\]$/.exec(parts[at + 2]?.text ?? '') ?? [];
    if (isConditional && (parts[at + 1]?.text !== '#' || condition === undefined)) return [];
    at += isConditional ? 3 : 0;
    const braces = parts[at++];
    if (!braces?.text.startsWith('{')) return [];
    const content = { start: braces.startIndex + 1, end: braces.endIndex - 1 };
    branches.push({ condition: isConditional ? (condition ?? '') : null, content });
    const isLast = at === parts.length;
    if (!isLast && (!isConditional || parts[at++]?.text !== 'else')) return [];
  }
  return [{ branches }];
}

function nameOf(node: Node): string {
  if (node.type === 'use_declaration') return 'imports';
  const own = node.childForFieldName('name') ?? node.childForFieldName('macro') ?? node.childForFieldName('pattern');
  if (own) return own.text;
  if (node.type === 'impl_item') return `impl ${node.childForFieldName('type')?.text ?? ''}`;
  const [inner] = node.namedChildren;
  return node.type === 'expression_statement' && inner?.type === 'macro_invocation' ? nameOf(inner) : '';
}
