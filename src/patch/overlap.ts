import { isHole, type PatchElement, type PatchNode } from './patch-nodes.js';

/** Names of the attributes that an element may have beyond its own; null for any. */
export type DynamicNames = (element: PatchElement) => ReadonlySet<string> | null;

/** Whether what `other` renders can look as `element` asks for. */
export function canLookLike(element: PatchElement, other: PatchElement, dynamic: DynamicNames): boolean {
  if (element.e.toLowerCase() !== other.e.toLowerCase()) return false;
  const theirs = new Map(other.a);
  const more = dynamic(other);
  const attributes = element.a.every(([name, values]) => {
    const those = theirs.get(name);
    if (those === undefined) return more === null || more.has(name) || values.includes(null);
    if (name === 'class' && (element.c.length > 0 || other.c.length > 0)) return true;
    // An attribute may be set on a component's root from outside.
    return (more === null && those.includes(null)) || values.some((value) => those.includes(value));
  });
  return attributes && canBeSame(element.k, other.k, dynamic);
}

function canBeSame(nodes: readonly PatchNode[], others: readonly PatchNode[], dynamic: DynamicNames): boolean {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = i * (others.length + 1) + j;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const result = step(i, j);
    known.set(key, result);
    return result;
  };
  const step = (i: number, j: number): boolean => {
    const node = nodes[i];
    const other = others[j];
    if (i === nodes.length && j === others.length) return true;
    if (i < nodes.length && isOpen(node) && (from(i + 1, j) || (j < others.length && from(i, j + 1)))) return true;
    if (j < others.length && isOpen(other) && (from(i, j + 1) || (i < nodes.length && from(i + 1, j)))) return true;
    return !!node && !!other && !isOpen(node) && !isOpen(other) && same(node, other) && from(i + 1, j + 1);
  };
  const same = (node: PatchNode, other: PatchNode): boolean => {
    if (isHole(node) || isHole(other)) return true;
    if ('t' in node) return 't' in other && node.t.some((value) => other.t.includes(value));
    return !('t' in other) && canLookLike(node, other, dynamic);
  };
  return from(0, 0);
}

/** What belongs to another component may have been edited there since. */
function isOpen(node: PatchNode | undefined): boolean {
  return isHole(node) || (node !== undefined && node.f === true);
}
