/**
 * Shows edits of `view!` in the page without a build: texts and attributes of nodes that are certainly the edited ones.
 * The wasm never writes these again while the nodes live. When it makes such nodes anew, it makes them as they were
 * before the edit; they are patched again before they are painted.
 */
import type { PatchData, PatchElement, PatchNode, PatchRule, PatchText } from '../patch/patch-nodes.js';
import { markerRanges, ownMarker, serverNodes } from './view-markers.js';
import { currentValue, type Finds, Matcher, needed, type Pinned, siblings, splitClasses } from './view-match.js';

interface AppliedRule {
  readonly rule: PatchRule;
  readonly raw: readonly PatchElement[];
}

/** Every rule that this page has to keep. */
const kept = new Map<string, AppliedRule>();
const staleCallbacks: (() => void)[] = [];
let observer: MutationObserver | null = null;

/** Applies a view patch to the page; false when it cannot be applied as a whole, and then nothing was changed. */
export function applyViewPatch(views: unknown): boolean {
  if (!isPatchData(views)) return false;
  const rules = views.rules.map((rule) => ({ rule, raw: views.raw }));
  const finds = findAll(rules);
  if (!finds) return false;
  write(finds);
  for (const one of rules) kept.set(one.rule.key, one);
  if (kept.size > 0) keep();
  return true;
}

/**
 * `stale` is called when the app has shown again what was patched away, in a place that can't be told with certainty:
 * then the page has to be loaded as soon as the build is there.
 */
export function onViewStale(stale: () => void): void {
  staleCallbacks.push(stale);
}

function keep(): void {
  if (observer) return;
  observer = new MutationObserver((records) => {
    const added = records.flatMap((record) => [...record.addedNodes]);
    const rules = [...kept.values()];
    if (!rules.some(({ rule }) => rule.nodes.some((node) => added.some((one) => mayBeOld(node, one))))) return;
    const finds = findAll(rules);
    if (finds) write(finds);
    else for (const stale of staleCallbacks) stale();
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** Whether an older value of an edited thing stands in an added node. */
function mayBeOld(pattern: PatchNode, added: Node): boolean {
  return edits(pattern, null).some(({ node }) => oldPlaces(node, added).length > 0);
}

/** The nodes of all rules; null when one can't be told with certainty. */
function findAll(rules: readonly AppliedRule[]): Finds | null {
  const matcher = new Matcher();
  const all: Finds = new Map();
  for (const { rule, raw } of rules) {
    const finds = findRule(rule, raw, matcher);
    if (!finds || !isComplete(rule, finds, matcher)) return null;
    for (const [node, pattern] of finds) {
      const other = all.get(node);
      if (other && other !== pattern && needed(other) && needed(pattern)) return null;
      if (!other || needed(pattern)) all.set(node, pattern);
    }
  }
  return [...all].every(([node, pattern]) => isWritable(node, pattern)) ? all : null;
}

function findRule(rule: PatchRule, raw: readonly PatchElement[], matcher: Matcher): Finds | null {
  const all: Finds = new Map();
  const add = (finds: Finds): void => {
    for (const [node, pattern] of finds) all.set(node, pattern);
  };
  for (const range of markerRanges(rule.markers)) {
    const finds = matcher.find(rule.nodes, siblings(range));
    // Between the markers there may by now be something that the wasm has put there.
    const served = finds && [...finds.keys()].every((node) => serverNodes.has(node));
    if (finds && served) add(finds);
    else if (!rule.pin && siblings(range).length > 0) return null;
  }
  if (!rule.pin) return all;
  const pinned = follow(rule.nodes, rule.pin);
  for (const element of document.querySelectorAll('*')) {
    if (!pinned || !matcher.fits(pinned, element)) continue;
    if (raw.some((one) => isWithin(element, one, matcher))) return null;
    const finds = findAround(rule, rule.pin, element, matcher);
    if (!finds) return null;
    add(finds);
  }
  return all;
}

/** The sequence around its one element that is known. */
function findAround(rule: PatchRule, pin: readonly number[], element: Element, matcher: Matcher): Finds | null {
  const chain: Pinned[] = [];
  let node: Node | null = element;
  for (const index of [...pin].reverse()) {
    if (!node) return null;
    chain.unshift({ index, node });
    node = node.parentNode;
  }
  return node && matcher.find(rule.nodes, siblings(node.childNodes), chain, 'both');
}

function follow(nodes: readonly PatchNode[], path: readonly number[]): PatchElement | null {
  let list = nodes;
  let found: PatchElement | null = null;
  for (const index of path) {
    const node = list[index];
    if (!node || !('e' in node)) return null;
    found = node;
    list = node.k;
  }
  return found;
}

function isWithin(element: Element, outer: PatchElement, matcher: Matcher): boolean {
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (matcher.fits(outer, around)) return true;
  }
  return false;
}

interface Edit {
  readonly node: PatchElement | PatchText;
  /** The element in which it stands, where that is known. */
  readonly parent: PatchElement | null;
}

function edits(node: PatchNode, parent: PatchElement | null): readonly Edit[] {
  if (node === null) return [];
  if ('h' in node) return node.h.flatMap((sequence) => sequence.flatMap((inner) => edits(inner, null)));
  if ('t' in node) return node.t.length > 1 ? [{ node, parent }] : [];
  const own = node.a.some(([, values]) => values.length > 1) ? [{ node, parent }] : [];
  return [...own, ...node.k.flatMap((child) => edits(child, node))];
}

/** Nothing that looks like the edited nodes before the edit was left out. */
function isComplete(rule: PatchRule, finds: Finds, matcher: Matcher): boolean {
  return rule.nodes
    .flatMap((node) => edits(node, null))
    .every(({ node, parent }) =>
      oldPlaces(node, document).every((place) => {
        if (finds.has(place)) return true;
        // A view that is not in the page should have left no trace.
        if (finds.size === 0 && !isOfOtherView(rule, place)) return false;
        const looksAlike = 't' in node ? looksLikeParent(parent, place, matcher) : matcher.fits(node, place);
        return !looksAlike || isOfOtherView(rule, place);
      }),
    );
}

function looksLikeParent(parent: PatchElement | null, text: Node, matcher: Matcher): boolean {
  return parent === null || (text.parentNode !== null && matcher.fits(parent, text.parentNode));
}

/** The server rendered it in another view, so it can't be a node of the view that is all between its markers. */
function isOfOtherView(rule: PatchRule, node: Node): boolean {
  if (rule.markers.length === 0 || !serverNodes.has(node)) return false;
  const marker = ownMarker(node);
  return marker !== null && !rule.markers.includes(marker);
}

/** Where an older value of an edited thing still stands. */
function oldPlaces(pattern: PatchElement | PatchText, root: Node): readonly Node[] {
  if ('t' in pattern) {
    const old = pattern.t.slice(0, -1);
    return nodesOf(root, NodeFilter.SHOW_TEXT).filter((node) => old.includes(node.nodeValue ?? ''));
  }
  const tag = pattern.e.toLowerCase();
  const changed = pattern.a.filter(([, values]) => values.length > 1);
  return nodesOf(root, NodeFilter.SHOW_ELEMENT).filter(
    (node) =>
      node instanceof Element &&
      node.localName.toLowerCase() === tag &&
      changed.some(([name, values]) => {
        const value = currentValue(node, name, values, pattern.c);
        return value !== undefined && value !== values.at(-1);
      }),
  );
}

function nodesOf(root: Node, what: number): readonly Node[] {
  const walker = document.createTreeWalker(root, what);
  const nodes: Node[] = [];
  if (walker.currentNode.nodeType === (what === NodeFilter.SHOW_TEXT ? Node.TEXT_NODE : Node.ELEMENT_NODE)) {
    nodes.push(root);
  }
  for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
  return nodes;
}

/** Whether a style is added with or without a semicolon depends on what is around it. */
function isWritable(node: Node, pattern: PatchElement | PatchText): boolean {
  if ('t' in pattern || !(node instanceof Element)) return true;
  return pattern.a.every(([name, values]) => name !== 'style' || values.length === 1 || node.hasAttribute('style'));
}

function write(finds: Finds): void {
  for (const [node, pattern] of finds) {
    if ('t' in pattern) {
      const newest = pattern.t.at(-1) ?? '';
      if (node.nodeValue !== newest) node.nodeValue = newest;
    } else if (node instanceof Element) {
      for (const [name, values] of pattern.a) if (values.length > 1) writeAttribute(node, name, values, pattern.c);
    }
  }
}

function writeAttribute(
  element: Element,
  name: string,
  values: readonly (string | null)[],
  toggles: readonly string[],
): void {
  const before = currentValue(element, name, values, toggles) ?? null;
  const newest = values.at(-1) ?? null;
  if (before === newest) return;
  if (name === 'class' && toggles.length > 0) {
    const added = splitClasses(element.getAttribute('class')).slice(splitClasses(before).length);
    element.setAttribute('class', [...splitClasses(newest), ...added].join(' '));
  } else if (newest === null) element.removeAttribute(name);
  else if (name === 'style' && element.getAttribute('style') !== before) element.setAttribute('style', `${newest};`);
  else element.setAttribute(name, newest);
}

function isPatchData(views: unknown): views is PatchData {
  return typeof views === 'object' && views !== null && 'rules' in views && Array.isArray(views.rules);
}
