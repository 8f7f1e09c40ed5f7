import { hasEdit, type PatchElement, type PatchNode, type PatchRule } from './patch-nodes.js';
import type { ViewIndex } from './view-index.js';
import type { ViewSource } from './view-model.js';
import type { FileViews, Sequence } from './view-versions.js';

export interface EditedFile {
  /** As leptos's markers name it; null where they name another file the same. */
  readonly marker: string | null;
  /** With the same skeleton, the newest last. */
  readonly versions: readonly ViewSource[];
  readonly views: FileViews;
}

/** Where each edited node of a file is found in the page; null when one can't be found with certainty. */
export function makeRules(file: EditedFile, index: ViewIndex): readonly PatchRule[] | null {
  const rules: PatchRule[] = [];
  for (const { nodes, view } of file.views.sequences) {
    if (!nodes.some(hasEdit)) continue;
    const pin = findPin(nodes, index);
    const markers = view !== null && (pin || index.isOwnRoot(nodes)) ? markersOf(file, view, nodes) : [];
    if (markers.length === 0 && !pin) return null;
    rules.push({ nodes, markers, pin });
  }
  return rules;
}

/** A marker's name is file and line of the call. Where lines shift, one name may be that of two calls, which says too little. */
function markersOf(file: EditedFile, view: number, nodes: Sequence['nodes']): readonly string[] {
  const [only] = nodes;
  if (file.marker === null || nodes.length === 0 || (nodes.length === 1 && (!only || !('e' in only)))) return [];
  const lines = new Set(file.versions.map(({ views }) => views[view]?.line ?? 0));
  const alone = file.versions.every(({ views }) => views.every((call, i) => i === view || !lines.has(call.line)));
  return alone ? [...lines].map((line) => `${file.marker}-${line}`) : [];
}

/** The outermost element that can come from here alone. */
function findPin(nodes: readonly PatchNode[], index: ViewIndex): readonly number[] | null {
  let level = children(nodes, []);
  while (level.length > 0) {
    const found = level.find(({ element }) => !element.f && index.isUnique(element));
    if (found) return found.path;
    level = level.flatMap(({ element, path }) => children(element.k, path));
  }
  return null;
}

function children(
  nodes: readonly PatchNode[],
  path: readonly number[],
): readonly { readonly element: PatchElement; readonly path: readonly number[] }[] {
  return nodes.flatMap((node, i) => (node && 'e' in node ? [{ element: node, path: [...path, i] }] : []));
}
