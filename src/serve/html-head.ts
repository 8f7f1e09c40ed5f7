import { Transform, type TransformCallback } from 'node:stream';

/** Where inside a start tag (HTML standard, 13.2.5.32–39): a `>` within quotes does not end it. */
type TagPlace = 'before-name' | 'name' | 'after-name' | 'before-value' | 'double' | 'single' | 'unquoted';

/**
 *   start ──▶ between ──"<"──▶ open ──▶ name ──▶ tag ──(html)──▶ between
 *               ▲               │         │       └───(head)──▶ found, behind it
 *               │               │         └─ another element ─▶ found, in front of it
 *               └─ comment, declaration ◀─┘ "<!", "<?"
 *
 * Text between, or an end tag, is found in front of it too. UTF-16 is foreign: nothing can be told from its bytes.
 */
type State =
  | { readonly kind: 'start'; readonly seen: string }
  | { readonly kind: 'between' }
  | { readonly kind: 'open' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'tag'; readonly name: 'html' | 'head'; readonly place: TagPlace }
  | { readonly kind: 'markup'; readonly seen: string }
  | { readonly kind: 'declaration' }
  | { readonly kind: 'comment'; readonly tail: string }
  | { readonly kind: 'found'; readonly where: 'before-token' | 'after-byte' }
  | { readonly kind: 'foreign' };

const BETWEEN: State = { kind: 'between' };
const DECLARATION: State = { kind: 'declaration' };
const FOREIGN: State = { kind: 'foreign' };
const BEFORE_TOKEN: State = { kind: 'found', where: 'before-token' };
const AFTER_BYTE: State = { kind: 'found', where: 'after-byte' };

const BOM = '\xef\xbb\xbf';
const UTF16_BOMS: readonly string[] = ['\xfe\xff', '\xff\xfe'];
const SPACE = /[\t\n\f\r ]/;

/** The state behind one more byte, which is given as a latin1 character. */
function next(state: State, char: string): State {
  switch (state.kind) {
    case 'start':
      return afterStart(state.seen + char, char);
    case 'between':
      if (char === '<') return { kind: 'open' };
      return SPACE.test(char) ? BETWEEN : BEFORE_TOKEN;
    case 'open':
      if (char === '!') return { kind: 'markup', seen: '' };
      if (char === '?') return DECLARATION;
      return afterName('', char);
    case 'name':
      return afterName(state.name, char);
    case 'tag':
      return afterTag(state.name, state.place, char);
    case 'markup':
      if (char !== '-') return char === '>' ? BETWEEN : DECLARATION;
      return state.seen === '-' ? { kind: 'comment', tail: '' } : { kind: 'markup', seen: '-' };
    case 'declaration':
      return char === '>' ? BETWEEN : state;
    case 'comment':
      if (char === '>' && /^-?$|--!?$/.test(state.tail)) return BETWEEN;
      return { kind: 'comment', tail: (state.tail + char).slice(-3) };
    case 'found':
    case 'foreign':
      return state;
  }
}

function afterStart(seen: string, char: string): State {
  if (seen === BOM) return BETWEEN;
  if (UTF16_BOMS.includes(seen)) return FOREIGN;
  if ([BOM, ...UTF16_BOMS].some((bom) => bom.startsWith(seen))) return { kind: 'start', seen };
  return seen.length === 1 ? next(BETWEEN, char) : BEFORE_TOKEN;
}

function afterName(before: string, char: string): State {
  if ((before === 'html' || before === 'head') && (char === '>' || char === '/' || SPACE.test(char))) {
    return afterTag(before, 'before-name', char);
  }
  const name = before + char.toLowerCase();
  return 'html'.startsWith(name) || 'head'.startsWith(name) ? { kind: 'name', name } : BEFORE_TOKEN;
}

function afterTag(name: 'html' | 'head', place: TagPlace, char: string): State {
  const isQuoted = place === 'double' || place === 'single';
  if (char === '>' && !isQuoted) return name === 'head' ? AFTER_BYTE : BETWEEN;
  return { kind: 'tag', name, place: placeAfter(place, char) };
}

function placeAfter(place: TagPlace, char: string): TagPlace {
  const isSpace = SPACE.test(char);
  switch (place) {
    case 'before-name':
      return isSpace || char === '/' ? place : 'name';
    case 'name':
    case 'after-name':
      if (char === '=') return 'before-value';
      if (char === '/') return 'before-name';
      return isSpace ? 'after-name' : 'name';
    case 'before-value':
      if (char === '"') return 'double';
      if (char === "'") return 'single';
      return isSpace ? place : 'unquoted';
    case 'double':
      return char === '"' ? 'before-name' : place;
    case 'single':
      return char === "'" ? 'before-name' : place;
    case 'unquoted':
      return isSpace ? 'before-name' : place;
  }
}

/**
 * Puts a text into an HTML document that streams through: right behind `<head …>`, or, where the document has none, in
 * front of the first thing that would begin its content. Holds back no more than the beginning of a tag's name.
 * Works on bytes: every encoding that browsers know but UTF-16 writes these characters as ASCII does.
 */
export class InsertIntoHead extends Transform {
  readonly #text: (ahead: Buffer) => string;
  readonly #onMissed: () => void;
  #state: State = { kind: 'start', seen: '' };
  /** The beginning of a tag that may turn out to be another one than html or head. */
  #held: Buffer = Buffer.alloc(0);

  /**
   * @param text what is put in; it gets those bytes behind the place that are here already
   * @param onMissed called when there was no place: UTF-16, or a document that ends within a tag or a comment
   */
  constructor(text: (ahead: Buffer) => string, onMissed: () => void = () => undefined) {
    super();
    this.#text = text;
    this.#onMissed = onMissed;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#isSettled()) this.push(chunk);
    else this.#look(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    const { kind } = this.#state;
    if (kind === 'start' || kind === 'between' || this.#isUndecided()) {
      this.#insert(this.#held, 0);
    } else {
      this.push(this.#held);
      if (kind !== 'found') this.#onMissed();
    }
    done();
  }

  #look(chunk: Buffer): void {
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    let tokenAt = 0;
    for (let at = this.#held.length; at < bytes.length && !this.#isSettled(); at += 1) {
      if (!this.#isUndecided()) tokenAt = at;
      this.#state = next(this.#state, String.fromCharCode(bytes[at] ?? 0));
      if (this.#state.kind === 'found') {
        this.#insert(bytes, this.#state.where === 'before-token' ? tokenAt : at + 1);
        return;
      }
    }
    const passed = this.#isUndecided() ? tokenAt : bytes.length;
    this.#held = bytes.subarray(passed);
    this.push(bytes.subarray(0, passed));
  }

  #insert(bytes: Buffer, at: number): void {
    this.push(bytes.subarray(0, at));
    this.push(Buffer.from(this.#text(bytes.subarray(at)), 'latin1'));
    this.push(bytes.subarray(at));
    this.#held = Buffer.alloc(0);
  }

  #isSettled(): boolean {
    return this.#state.kind === 'found' || this.#state.kind === 'foreign';
  }

  /** True while the bytes since the token's beginning may still have to come behind the text. */
  #isUndecided(): boolean {
    const state = this.#state;
    return state.kind === 'open' || state.kind === 'name' || (state.kind === 'start' && state.seen !== '');
  }
}
