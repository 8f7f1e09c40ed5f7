/**
 * The comments that leptos puts around each `view!` that the server renders in development:
 * `<!--hot-reload|src-app.rs-55|open-->`, where 55 is the line of the call.
 */
const MARKER = /^hot-reload\|(.*)\|(open|close)$/;

/** Nodes as the server wrote them; none where this script came so late that the wasm may have put others in their places. */
export const serverNodes: { has(node: Node): boolean } = snapshot();

function snapshot(): WeakSet<Node> {
  const nodes = new WeakSet<Node>();
  const take = () => {
    const loaded = performance.getEntriesByType('resource');
    if (loaded.some(({ name }) => new URL(name).pathname.endsWith('.wasm'))) return;
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.add(node);
  };
  if (document.readyState === 'loading') document.addEventListener('readystatechange', take, { once: true });
  else take();
  return nodes;
}

/** The sibling nodes between each pair of these markers; markers that do not pair are left out. */
export function markerRanges(ids: readonly string[]): readonly (readonly Node[])[] {
  if (ids.length === 0) return [];
  const ranges: (readonly Node[])[] = [];
  const open: { readonly id: string; readonly node: Node }[] = [];
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const [, id = '', side] = MARKER.exec(node.nodeValue ?? '') ?? [];
    if (!ids.includes(id)) continue;
    if (side === 'open') open.push({ id, node });
    else {
      const start = open.pop();
      if (start?.id === id && start.node.parentNode === node.parentNode) ranges.push(between(start.node, node));
    }
  }
  return ranges;
}

function between(start: Node, end: Node): readonly Node[] {
  const nodes: Node[] = [];
  for (let node = start.nextSibling; node && node !== end; node = node.nextSibling) nodes.push(node);
  return nodes;
}

/** The id of the innermost markers around a node. */
export function ownMarker(node: Node): string | null {
  for (let around: Node | null = node; around; around = around.parentNode) {
    let closed = 0;
    for (let before = around.previousSibling; before; before = before.previousSibling) {
      if (before.nodeType !== Node.COMMENT_NODE) continue;
      const [, id = '', side] = MARKER.exec(before.nodeValue ?? '') ?? [];
      if (side === 'close') closed++;
      else if (side === 'open' && closed-- === 0) return id;
    }
  }
  return null;
}
