import { lexRust } from './rust-lexer.js';
import type { Span } from './rust-outline.js';

/** How exactly a stretch of the source is looked at. */
type Look =
  /** Rust that only rustc reads: white space where it separates nothing, comments and doc comments do not count. */
  | 'code'
  /** Tokens that a macro reads: each token, doc comment and whether there is a gap, but not what is in the gap. */
  | 'tokens'
  /** Markup that is no string counts as it is written; gaps between tags, strings and blocks do not. */
  | 'markup'
  /** Everything: unknown macros may read the source text. */
  | 'text';

/** Macros that see tokens and nothing else (`stringify!` and its like show whether there was a gap). */
const TOKEN_MACROS = new Set(
  (
    'assert assert_eq assert_ne cfg cfg_if column compile_error concat dbg debug debug_assert debug_assert_eq ' +
    'debug_assert_ne debug_error debug_log debug_warn env eprint eprintln error file format format_args include ' +
    'include_bytes include_str info join json lazy_static line log matches module_path option_env panic path print ' +
    'println select stringify thread_local todo trace try_join unimplemented unreachable vec warn write writeln'
  ).split(' '),
);
const MARKUP_MACROS = new Set(['view', 'template']);
/** Words that `!` may follow as "not". */
const NOT_MACROS = new Set('as break else if in let match move mut return while yield'.split(' '));
/** Names of macros and functions that know where in the file they stand, beyond messages for people. */
const POSITIONS = new Set(['lazy', 'lazy_route']);

/** A source as a compiler sees it, after what does not reach it was taken away. */
export interface TokenView {
  /** Equal views compile to the same, but for positions in the file. */
  readonly tokens: string;
  /** The same with comments, white space and every line where it was. */
  readonly text: string;
  /** The view of each item of the top level, in the order of `items`. */
  readonly items: readonly string[];
  /** It has code that depends on its line or column: `line!`, `column!`, `Location::caller`, `#[lazy]`. */
  readonly knowsItsPlace: boolean;
  /** Files that macros or attributes may read: what ends in `.rs`, and folders. */
  readonly named: readonly string[];
}

/** What of a file is looked at how. All spans are sorted by their start and do not overlap. */
export interface Regions {
  /** Taken away. */
  readonly removed: readonly Span[];
  /** Items that an unknown attribute or derive reads. */
  readonly opaque: readonly Span[];
  /** What is compared on its own. */
  readonly items: readonly Span[];
}

/** What a doc comment may stand before, besides attributes, fields and variants. */
const ITEM_WORDS = new Set(
  'async const enum extern fn impl mod pub static struct trait type union unsafe use'.split(' '),
);
const FIELD_LISTS = new Set(['struct', 'enum', 'union']);

interface Group {
  readonly look: Look;
  readonly macro: string | null;
  readonly isAttribute: boolean;
  readonly opener: string;
  /** Between the braces of a struct or an enum. */
  readonly hasFields: boolean;
}

/** Writes down what counts of a source. */
export function viewTokens(text: string, regions: Regions): TokenView {
  const writer = new ViewWriter(text, regions);
  for (const { kind, start, end } of lexRust(text)) {
    switch (kind) {
      case 'space':
      case 'comment':
        writer.gap(start, end);
        break;
      case 'doc':
      case 'inner-doc':
        writer.doc(start, end, kind === 'inner-doc');
        break;
      default:
        writer.token(kind, start, end);
    }
  }
  return writer.finish();
}

class ViewWriter {
  readonly #source: string;
  readonly #regions: Regions;
  readonly #items: string[][];
  readonly #outside: string[] = [];
  readonly #text: string[] = [];
  readonly #named: string[] = [];
  readonly #groups: Group[] = [];
  #item = 0;
  #opaque = 0;
  #removed = 0;
  #gap = '';
  #docs: { readonly text: string; readonly isInner: boolean }[] = [];
  /** The last tokens, newest first, and the kind of the newest. */
  #last: readonly [string, string, string] = ['', '', ''];
  #lastKind = '';
  /** The last word that begins an item, in the statement at hand. */
  #keyword = '';
  #knowsItsPlace = false;

  constructor(source: string, regions: Regions) {
    this.#source = source;
    this.#regions = regions;
    this.#items = regions.items.map(() => []);
  }

  gap(start: number, end: number): void {
    const text = this.#source.slice(start, end);
    if (this.#isRemoved(start)) {
      this.#keepLines(text);
      return;
    }
    this.#gap += text;
    this.#text.push(text);
  }

  doc(start: number, end: number, isInner: boolean): void {
    const text = this.#source.slice(start, end);
    if (this.#isRemoved(start)) {
      this.#keepLines(text);
      return;
    }
    this.#text.push(text);
    this.#docs.push({ text, isInner });
    this.#gap += text;
  }

  token(kind: string, start: number, end: number): void {
    const token = this.#source.slice(start, end);
    if (this.#isRemoved(start)) {
      this.#keepLines(token);
      return;
    }
    this.#text.push(token);
    const look = this.#lookAt(start);
    const out = this.#chunk(start);
    out.push(this.#separator(look, kind, token), token);
    this.#note(kind, token);
    this.#gap = '';
    this.#docs = [];
    if (kind === 'open') this.#groups.push(this.#open(token, look));
    if (kind === 'close') this.#groups.pop();
    if (kind === 'word' && ITEM_WORDS.has(token)) this.#keyword = token;
    else if (token === ';') this.#keyword = '';
    this.#last = [token, this.#last[0], this.#last[1]];
    this.#lastKind = kind;
  }

  finish(): TokenView {
    // Docs at the very end stand before nothing: rustc refuses them.
    this.#outside.push(...this.#docs.map(({ text }) => text));
    const items = this.#items.map((chunk) => chunk.join(''));
    return {
      // An item that was taken away as a whole leaves no trace.
      tokens: [...items.filter((item) => item !== ''), this.#outside.join('')].join('\u0003'),
      text: this.#text.join(''),
      items,
      knowsItsPlace: this.#knowsItsPlace,
      named: this.#named,
    };
  }

  #isRemoved(at: number): boolean {
    const { removed } = this.#regions;
    while ((removed[this.#removed]?.end ?? Number.POSITIVE_INFINITY) <= at) this.#removed += 1;
    return (removed[this.#removed]?.start ?? Number.POSITIVE_INFINITY) <= at;
  }

  #keepLines(text: string): void {
    this.#text.push(text.replace(/[^\n]+/g, ''));
  }

  /** Where a token's view goes: to its item of the top level, or beside them. */
  #chunk(at: number): string[] {
    const { items } = this.#regions;
    while ((items[this.#item]?.end ?? Number.POSITIVE_INFINITY) <= at) this.#item += 1;
    const item = items[this.#item];
    return item && item.start <= at ? (this.#items[this.#item] ?? this.#outside) : this.#outside;
  }

  #lookAt(at: number): Look {
    const look = this.#groups.at(-1)?.look ?? 'code';
    if (look !== 'code') return look;
    const { opaque } = this.#regions;
    while ((opaque[this.#opaque]?.end ?? Number.POSITIVE_INFINITY) <= at) this.#opaque += 1;
    return (opaque[this.#opaque]?.start ?? Number.POSITIVE_INFINITY) <= at ? 'tokens' : 'code';
  }

  /** What stands for the gap before a token. */
  #separator(look: Look, kind: string, token: string): string {
    const gap = this.#gap === '' ? '\u0001' : '\u0002';
    switch (look) {
      case 'text':
        return `\u0001${this.#gap}\u0001`;
      case 'markup':
        return this.#betweenMarkup(kind, token) ? '\u0001' : `\u0001${this.#gap}\u0001`;
      case 'tokens':
        return this.#docs.map(({ text }) => `\u0001${text}`).join('') + gap;
      case 'code':
        return this.#keptDocs(kind, token) + (this.#isLooseGap(kind, token) ? '\u0001' : gap);
    }
  }

  #betweenMarkup(kind: string, token: string): boolean {
    const after = this.#lastKind === 'quoted' || ['>', '}', ''].includes(this.#last[0]) || this.#lastKind === 'open';
    const before = kind === 'quoted' || kind === 'close' || token === '<' || token === '{';
    return after && before && this.#docs.length === 0;
  }

  /** Doc comments on items, fields and variants are only for people; elsewhere rustc may refuse them. */
  #keptDocs(kind: string, token: string): string {
    const [before] = this.#last;
    const group = this.#groups.at(-1);
    const isBeforeItem = token === '#' || (kind === 'word' && (ITEM_WORDS.has(token) || group?.hasFields === true));
    const isHarmless = isBeforeItem && group?.opener !== '(' && ['', '{', '}', ';', ',', ']'].includes(before);
    const kept = this.#docs.filter(({ isInner }) => (isInner ? before !== '' : !isHarmless));
    return kept.map(({ text }) => `\u0001${text}`).join('');
  }

  /** Between these two it makes no difference to rustc whether there is white space. */
  #isLooseGap(kind: string, token: string): boolean {
    const [before] = this.#last;
    if (kind === 'open' || kind === 'close' || this.#lastKind === 'open' || this.#lastKind === 'close') return true;
    if (',;'.includes(token) || ',;'.includes(before)) return true;
    return (kind === 'word' && this.#lastKind === 'punct') || (kind === 'punct' && this.#lastKind === 'word');
  }

  #open(opener: string, look: Look): Group {
    const [before, second, third] = this.#last;
    const isAttribute = opener === '[' && (before === '#' || (before === '!' && second === '#'));
    const parent = this.#groups.at(-1);
    const hasFields = opener === '{' && (parent?.hasFields === true || FIELD_LISTS.has(this.#keyword));
    const group = { opener, isAttribute, hasFields, macro: null };
    if (isAttribute) return { ...group, look };
    const name = before === '!' ? second : second === '!' && this.#lastKind === 'word' ? third : '';
    if (/^\w/.test(name) && !NOT_MACROS.has(name))
      return { ...group, macro: name, look: look === 'text' ? 'text' : lookOfMacro(name) };
    if (look !== 'markup') return { ...group, look, macro: parent?.macro ?? null };
    // A block in markup is Rust; other brackets may be values as well as text.
    return { ...group, look: opener === '{' ? 'tokens' : 'text', macro: 'view' };
  }

  /** Notes what makes a file more than a module. */
  #note(kind: string, token: string): void {
    const [before, second, third] = this.#last;
    if (kind === 'word' && POSITIONS.has(token)) this.#knowsItsPlace = true;
    if (token === '!' && (before === 'line' || before === 'column')) this.#knowsItsPlace = true;
    if (token === 'caller' && before === ':' && second === ':' && third === 'Location') this.#knowsItsPlace = true;
    if (kind !== 'quoted') return;
    const group = this.#groups.at(-1);
    const isRead = group?.look === 'text' || (group?.macro?.startsWith('include') ?? false);
    const inAttribute = this.#groups.some(({ isAttribute }) => isAttribute);
    const isModule = inAttribute && second === 'path';
    const literal = token.replace(/^\w*#*"|"#*$/g, '');
    if (literal.endsWith('.rs') ? (isRead || inAttribute) && !isModule : isFolderName(group?.macro, second))
      this.#named.push(literal);
  }
}

function lookOfMacro(name: string): Look {
  if (MARKUP_MACROS.has(name)) return 'markup';
  return TOKEN_MACROS.has(name) ? 'tokens' : 'text';
}

/** `include_dir!("…")` and rust-embed's `#[folder = "…"]` read whole folders. */
function isFolderName(macro: string | null | undefined, key: string): boolean {
  return macro === 'include_dir' || key === 'folder';
}
