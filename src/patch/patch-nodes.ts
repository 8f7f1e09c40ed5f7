/**
 * What a view patch tells the page, as JSON. Keys are short since a rule carries the whole view around an edit.
 *
 * A value that was edited is the list of all that it was while a page that is still open may have been made, the newest
 * last; a value that was not is a list of one. A page applies a patch by finding the nodes whose values are in the
 * lists, and setting the newest.
 */
export interface PatchData {
  /** For all that was edited while a page that is still open may have been made: they take the place of earlier ones. */
  readonly rules: readonly PatchRule[];
  /** Elements with HTML that is not known: nothing in them is taken for a view's. */
  readonly raw: readonly PatchElement[];
}

/** One sequence of sibling nodes that a view renders. At least one of `markers` and `pin` says where. */
export interface PatchRule {
  readonly nodes: readonly PatchNode[];
  /** Ids of the markers that leptos puts around server-rendered views, when the sequence is all that stands between them. */
  readonly markers: readonly string[];
  /** Indices, outermost first, of an element that no other view of the project can look like. */
  readonly pin: readonly number[] | null;
}

/** Null is a hole: any nodes or none. */
export type PatchNode = PatchText | PatchElement | PatchChildren | null;

export interface PatchText {
  readonly t: readonly string[];
  /** Belongs to another component: here it is only looked at. */
  readonly f?: true;
}

export interface PatchElement {
  readonly e: string;
  /** Name and values, null for "not there". Attributes that are not listed may have any value. */
  readonly a: readonly (readonly [name: string, values: readonly (string | null)[]])[];
  /** Classes that may stand behind those of the list. */
  readonly c: readonly string[];
  readonly k: readonly PatchNode[];
  /** Belongs to another component, though not what stands in it: only looked at. */
  readonly f?: true;
}

/** The hole in a component's view in which what stands between its tags is rendered. */
export interface PatchChildren {
  readonly h: 'children';
}

export function isHole(node: PatchNode | undefined): node is PatchChildren | null {
  return node === null || (node !== undefined && 'h' in node);
}

/** Whether this node, or one in it, has a value that was edited. */
export function hasEdit(node: PatchNode): boolean {
  if (isHole(node)) return false;
  if ('t' in node) return isEdited(node);
  return isEdited(node) || node.k.some(hasEdit);
}

/** Whether a text, or an attribute of an element, was edited. */
export function isEdited(node: PatchText | PatchElement): boolean {
  if (node.f) return false;
  return 't' in node ? node.t.length > 1 : node.a.some(([, values]) => values.length > 1);
}
