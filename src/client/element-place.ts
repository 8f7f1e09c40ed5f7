/** Where an element stands, so that the same one is found in the page that is loaded next. */
export interface ElementPlace {
  readonly tag: string;
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** The positions among the siblings of the same tag, from the root down or from the nearest element with an id. */
  readonly path: readonly { readonly tag: string; readonly nth: number }[];
  readonly anchor: string;
}

/** The place of an element of the document. */
export function placeOf(element: Element): ElementPlace {
  const path: { tag: string; nth: number }[] = [];
  let from: Element = element;
  while (from.parentElement && (from === element || from.id === '')) {
    path.unshift({ tag: from.localName, nth: nthOfTag(from) });
    from = from.parentElement;
  }
  return { ...identity(element), path, anchor: from.id };
}

/** The element at a place; null when there is none, or one of another kind. */
export function elementAt(place: ElementPlace): Element | null {
  const byId = place.id === '' ? null : document.getElementById(place.id);
  const candidates = [byId, byPath(place), onlyOneOfThatName(place)];
  return candidates.find((found) => found && isSameKind(found, place)) ?? null;
}

function byPath({ anchor, path }: ElementPlace): Element | null {
  const start = anchor === '' ? document.documentElement : document.getElementById(anchor);
  return path.reduce<Element | null>((parent, { tag, nth }) => {
    return [...(parent?.children ?? [])].filter((child) => child.localName === tag)[nth] ?? null;
  }, start);
}

function onlyOneOfThatName({ tag, name }: ElementPlace): Element | null {
  if (name === '') return null;
  const found = document.querySelectorAll(`${CSS.escape(tag)}[name="${CSS.escape(name)}"]`);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function isSameKind(element: Element, place: ElementPlace): boolean {
  const { tag, id, name, type } = identity(element);
  return tag === place.tag && id === place.id && name === place.name && type === place.type;
}

function identity(element: Element): { tag: string; id: string; name: string; type: string } {
  return {
    tag: element.localName,
    id: element.id,
    name: element.getAttribute('name') ?? '',
    type: element instanceof HTMLInputElement ? element.type : '',
  };
}

function nthOfTag(element: Element): number {
  const siblings = [...(element.parentElement?.children ?? [])];
  return siblings.filter(({ localName }) => localName === element.localName).indexOf(element);
}
