/**
 * Shows edits of `view!` in the page without a build: texts and attributes of nodes that are certainly the edited ones.
 * The wasm knows nothing of it. It leaves these nodes alone while they belong to the same view; nodes that it makes anew
 * are as they were before the edit, and are patched again; nodes that it uses for another view get back what they had.
 */
import {
  isEdited,
  isHole,
  type PatchData,
  type PatchElement,
  type PatchNode,
  type PatchRule,
  type PatchText,
} from '../patch/patch-nodes.js';
import { markerRanges, ownMarker, serverNodes } from './view-markers.js';
import { currentValue, type Finds, Matcher, type Pinned, siblings } from './view-match.js';
import { isWritable, takeBack, write } from './view-write.js';

/** What this page has to keep. */
let kept: PatchData = { rules: [], raw: [] };
const staleCallbacks: (() => void)[] = [];
let observer: MutationObserver | null = null;
let isFrameAsked = false;

/** Applies a view patch to the page; false when it cannot be applied as a whole, and then nothing was changed. */
export function applyViewPatch(views: unknown): boolean {
  if (!isPatchData(views)) return false;
  const finds = findAll(views);
  if (!finds) return false;
  kept = views;
  observe();
  unobserved(() => write(finds));
  return true;
}

/**
 * `stale` is called when the app has shown again what was patched away, in a place that can't be told with certainty:
 * then the page has to be loaded as soon as the build is there.
 */
export function onViewStale(stale: () => void): void {
  staleCallbacks.push(stale);
}

function observe(): void {
  if (observer) return;
  observer = new MutationObserver(onChanges);
  observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
}

/** What shows an older value again is patched at once; all else that the app does is looked at before the next paint. */
function onChanges(records: readonly MutationRecord[]): void {
  const changed = records.flatMap(({ type, target, addedNodes }) =>
    type === 'childList' ? [...addedNodes] : [target],
  );
  if (changed.some(mayBeOld)) verify();
  else if (!isFrameAsked) {
    isFrameAsked = true;
    requestAnimationFrame(() => {
      isFrameAsked = false;
      verify();
    });
  }
}

function unobserved(change: () => void): void {
  const before = observer?.takeRecords() ?? [];
  change();
  observer?.takeRecords();
  if (before.length > 0) onChanges(before);
}

/** Whether an older value of an edited thing stands in a node. */
function mayBeOld(node: Node): boolean {
  return kept.rules.some(({ nodes }) =>
    nodes.some((pattern) => edits(pattern, null).some((edit) => oldPlaces(edit.node, node).length > 0)),
  );
}

/** Everything edited shows its newest value, and nothing else does that the app uses for another view by now. */
function verify(): void {
  const first = findAll(kept);
  if (first) unobserved(() => takeBack((node) => first.has(node)));
  const finds = first && findAll(kept);
  if (finds) unobserved(() => write(finds));
  else for (const stale of staleCallbacks) stale();
}

/** The nodes of all rules; null when one can't be told with certainty. */
function findAll({ rules, raw }: PatchData): Finds | null {
  const matcher = new Matcher();
  const all: Finds = new Map();
  for (const rule of rules) {
    const finds = findRule(rule, raw, matcher);
    if (!finds || !isComplete(rule, finds, matcher)) return null;
    for (const [node, pattern] of finds) {
      const other = all.get(node);
      if (other && other !== pattern && isEdited(other) && isEdited(pattern)) return null;
      if (!other || isEdited(pattern)) all.set(node, pattern);
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
    else if (!rule.pin && siblings(range).some((node) => serverNodes.has(node))) return null;
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
  if (isHole(node)) return [];
  const own = isEdited(node) ? [{ node, parent }] : [];
  if ('t' in node) return own;
  return [...own, ...node.k.flatMap((child) => edits(child, node))];
}

/** Nothing that looks like the edited nodes before the edit was left out. */
function isComplete(rule: PatchRule, finds: Finds, matcher: Matcher): boolean {
  return rule.nodes
    .flatMap((node) => edits(node, null))
    .every(({ node, parent }) =>
      oldPlaces(node, document).every((place) => {
        if (finds.has(place)) return true;
        if (isOfOtherView(rule, place)) return true;
        // A view that is not in the page should have left no trace.
        if (finds.size === 0 && isTrace(node, parent, place)) return false;
        return 't' in node ? !looksLikeParent(parent, place, matcher) : !matcher.fits(node, place);
      }),
    );
}

/** Whether an older value that was written down, not just left out, stands in an element of the same kind. */
function isTrace(pattern: PatchElement | PatchText, parent: PatchElement | null, place: Node): boolean {
  if ('t' in pattern) {
    return parent === null || parent.e.toLowerCase() === place.parentElement?.localName.toLowerCase();
  }
  return pattern.a.some(
    ([name, values]) =>
      values.length > 1 && place instanceof Element && (currentValue(place, name, values, pattern.c) ?? null) !== null,
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

function isPatchData(views: unknown): views is PatchData {
  return typeof views === 'object' && views !== null && 'rules' in views && Array.isArray(views.rules);
}
