import { createHash } from 'node:crypto';
import { type Attribute, cfgPredicate, effectOf, readCfgAttr, readsItem } from './attributes.js';
import { type Compilation, evaluate, parsePredicate } from './cfg.js';
import type { Attributed, CfgIf, RustOutline, Span } from './rust-outline.js';
import { type TokenView, viewTokens } from './token-view.js';

/** What is known of how a side compiles a file. */
export interface SideContext {
  /** The compilations of the file's package for this side; empty where they are not known. */
  readonly compilations: readonly Compilation[];
  /** `#[server]` is compiled without its feature `ssr` there, so that bodies vanish. */
  readonly dropsServerBodies: boolean;
}

/** A piece of a file that does not reach a side. */
export interface RemovedPart {
  readonly kind: 'server body' | 'cfg';
  /** For people: the function's or item's name. */
  readonly name: string;
  readonly text: string;
}

/** A file as one side sees it. */
export interface SideView {
  /** Differs when the tokens that reach the side differ. */
  readonly tokens: string;
  /** Differs when anything but what was taken away differs: comments, white space, lines. */
  readonly text: string;
  readonly removed: readonly RemovedPart[];
  /** Views of the items of the file's top level. */
  readonly items: readonly { readonly name: string; readonly tokens: string }[];
  /** Files that macros or attributes of this one may read, as they are written there. */
  readonly named: readonly string[];
}

interface Removal extends RemovedPart {
  readonly span: Span;
}

/**
 * What of a file reaches a side's compiler. Only that is taken away which certainly does not: items and statements under a
 * `cfg` that is false there, branches of `cfg_if!`, and bodies of Leptos' server functions on the front.
 */
export function viewOf(text: string, outline: RustOutline, context: SideContext): SideView {
  const whole: Removal | null = fileCfg(text, outline, context.compilations);
  const { removals, opaque } = whole ? { removals: [whole], opaque: [] } : readAttributes(text, outline, context);
  const removed = withoutNested(removals);
  const spans = removed.map(({ span }) => span);
  const view = sharedView(text, outline, spans, opaque);
  if (view.knowsItsPlace) {
    // A line more or less in a removed part moves what is below it.
    return { tokens: hash(text), text: hash(text), removed: [], items: [], named: view.named };
  }
  return {
    tokens: hash(view.tokens),
    text: hash(view.text),
    removed,
    items: outline.items.map(({ name }, index) => ({ name, tokens: view.items[index] ?? '' })),
    named: view.named,
  };
}

/** Most files have nothing for one side only: then both see the same. */
const views = new WeakMap<RustOutline, Map<string, TokenView>>();

function sharedView(text: string, outline: RustOutline, removed: readonly Span[], opaque: readonly Span[]): TokenView {
  const known = views.get(outline) ?? new Map<string, TokenView>();
  views.set(outline, known);
  const key = JSON.stringify([removed, opaque]);
  const view = known.get(key) ?? viewTokens(text, { removed, opaque, items: outline.items.map(({ span }) => span) });
  known.set(key, view);
  return view;
}

/** `#![cfg(…)]` at the head of the file. */
function fileCfg(text: string, { inner }: RustOutline, compilations: readonly Compilation[]): Removal | null {
  const isFalse = inner.some((attribute) => attribute && isCfgFalse(attribute, compilations));
  return isFalse ? { kind: 'cfg', name: 'the whole file', text, span: { start: 0, end: text.length } } : null;
}

function isCfgFalse(attribute: Attribute, compilations: readonly Compilation[]): boolean {
  const predicate = cfgPredicate(attribute);
  return predicate !== null && evaluate(predicate, compilations) === false;
}

function readAttributes(
  text: string,
  outline: RustOutline,
  context: SideContext,
): { readonly removals: readonly Removal[]; readonly opaque: readonly Span[] } {
  const judged = outline.attributed.map((target) => ({ target, ...judge(target, context) }));
  // An unknown macro on an item sees everything in it, before any `cfg` inside is looked at.
  const opaque = judged.filter(({ isOpaque }) => isOpaque).map(({ target }) => target.whole);
  const removals = judged
    .filter(({ target }) => !opaque.some((span) => span !== target.whole && contains(span, target.whole)))
    .flatMap(({ target, found }) => found.map((removal) => toRemoval(text, target, removal)));
  const derived = judged.filter(({ isDerived }) => isDerived).map(({ target }) => target.whole);
  const branches = outline.cfgIfs
    .flatMap((cfgIf) => falseBranches(cfgIf, context.compilations))
    .filter((span) => !opaque.some((outer) => contains(outer, span)));
  return {
    removals: [
      ...removals,
      ...branches.map(
        (span): Removal => ({ kind: 'cfg', name: 'cfg_if!', text: text.slice(span.start, span.end), span }),
      ),
    ],
    opaque: withoutNested([...opaque, ...derived].map((span) => ({ span }))).map(({ span }) => span),
  };
}

interface Judgement {
  readonly found: readonly { readonly kind: RemovedPart['kind']; readonly span: Span }[];
  readonly isOpaque: boolean;
  readonly isDerived: boolean;
}

/** Goes through the attributes of a target in rustc's order: the first one first. */
function judge(target: Attributed, { compilations, dropsServerBodies }: SideContext): Judgement {
  const found: { kind: RemovedPart['kind']; span: Span }[] = [];
  let before: 'nothing' | 'derive' | 'macro' = 'nothing';
  let isOpaque = false;
  let isDerived = false;
  for (const { span, attribute } of target.attributes) {
    const conditional = attribute?.path === 'cfg_attr' ? readCfgAttr(attribute, compilations) : null;
    if (conditional?.truth === false) {
      // A derive, too, sees the item without it.
      if (before !== 'macro') found.push({ kind: 'cfg', span });
      continue;
    }
    const isCertain = conditional?.truth !== null;
    for (const one of conditional ? conditional.attributes : [attribute]) {
      if (one && isCertain && before === 'nothing' && target.isRemovable && isCfgFalse(one, compilations))
        return { found: [{ kind: 'cfg', span: target.whole }], isOpaque: false, isDerived: false };
      if (!target.isItem) continue;
      const effect = one ? effectOf(one, target.isLeptos) : 'opaque';
      if (effect === 'derive') isDerived = true;
      if (effect === 'opaque') isOpaque = true;
      if (effect === 'server-function' && isCertain && before !== 'macro' && dropsServerBodies && target.body)
        found.push({ kind: 'server body', span: target.body });
      if (one?.path === 'derive' && before === 'nothing') before = 'derive';
      else if (effect !== 'none' || (one && readsItem(one))) before = 'macro';
    }
  }
  return { found, isOpaque, isDerived };
}

function toRemoval(
  text: string,
  target: Attributed,
  { kind, span }: { kind: RemovedPart['kind']; span: Span },
): Removal {
  return { kind, span, name: target.name, text: text.slice(span.start, span.end) };
}

/** A branch counts when its own condition holds and none before it does. */
function falseBranches({ branches }: CfgIf, compilations: readonly Compilation[]): Span[] {
  let isDecided = false;
  return branches.flatMap(({ condition, content }) => {
    const truth = condition === null ? true : evaluate(parsePredicate(condition), compilations);
    const isFalse = isDecided || truth === false;
    if (truth === true) isDecided = true;
    return isFalse ? [content] : [];
  });
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Sorted, and without what lies in another one. */
function withoutNested<T extends { readonly span: Span }>(found: readonly T[]): T[] {
  const sorted = [...found].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  let end = -1;
  return sorted.filter(({ span }) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}
