import { isHole, type PatchElement } from './patch-nodes.js';

/** Numbers that an element's look is boiled down to. */
const SIZE = 5;
/** Anything is possible here. */
const ANY = 0;

/**
 * How elements look, in 20 bytes each: enough to say of most that they cannot look like another one. What passes here must
 * be compared in full (`canLookLike`); what does not could not pass there.
 */
export class Looks {
  readonly #numbers: Uint32Array;

  /** @param elements each with what may be set on it (see FileViews.dynamic), and whether it is a root. */
  constructor(
    elements: Iterable<readonly [PatchElement, ReadonlySet<string> | null]>,
    roots: ReadonlySet<PatchElement>,
  ) {
    const numbers: number[] = [];
    for (const [element, dynamic] of elements) {
      const leads = leadingTexts(element);
      const value = (name: string): number => {
        const values = element.a.find(([own]) => own === name)?.[1];
        const [only] = values ?? [];
        if (only === undefined || values?.length !== 1) return ANY;
        if (name === 'class' && element.c.length > 0) return ANY;
        return dynamic === null && only === null ? ANY : hashOf(only);
      };
      const [lead = ANY] = leads.length === 1 ? leads : [];
      numbers.push(hashOf(element.e.toLowerCase()), value('class'), value('id'), lead, roots.has(element) ? 1 : 0);
    }
    this.#numbers = Uint32Array.from(numbers);
  }

  /** Whether one of these elements may look as `probe` asks for. */
  mayFit(probe: Probe): boolean {
    const numbers = this.#numbers;
    for (let at = 0; at < numbers.length; at += SIZE) {
      if (
        numbers[at] === probe.tag &&
        fits(probe.classes, numbers[at + 1]) &&
        fits(probe.ids, numbers[at + 2]) &&
        fits(probe.leads, numbers[at + 3]) &&
        (!probe.onlyRoots || numbers[at + 4] === 1)
      )
        return true;
    }
    return false;
  }
}

/** What others are compared with. A list holds what would fit; an empty one, that everything does. */
export interface Probe {
  readonly tag: number;
  readonly classes: readonly number[];
  readonly ids: readonly number[];
  readonly leads: readonly number[];
  readonly onlyRoots: boolean;
}

export function probeOf(element: PatchElement, { onlyRoots }: { readonly onlyRoots: boolean }): Probe {
  const values = (name: string): readonly number[] => {
    if (name === 'class' && element.c.length > 0) return [];
    return (element.a.find(([own]) => own === name)?.[1] ?? []).map(hashOf);
  };
  return {
    tag: hashOf(element.e.toLowerCase()),
    classes: values('class'),
    ids: values('id'),
    leads: leadingTexts(element),
    onlyRoots,
  };
}

function fits(wanted: readonly number[], found: number | undefined): boolean {
  return wanted.length === 0 || found === undefined || found === ANY || wanted.includes(found);
}

/**
 * The text that an element begins with, in each version, together with the tags around it. Empty where it begins with
 * anything that is not known, or with nothing.
 */
function leadingTexts(element: PatchElement): readonly number[] {
  let path = '';
  let inner = element;
  for (;;) {
    const [first] = inner.k;
    if (first === undefined || isHole(first) || first.f) return [];
    if ('t' in first) return first.t.map((text) => hashOf(`${path}\n${text}`));
    path += `/${first.e.toLowerCase()}`;
    inner = first;
  }
}

/** FNV-1a over the UTF-16 units, in 32 bits; never 0. Equal for equal values, and seldom for others. */
export function hashOf(value: string | null): number {
  let hash = value === null ? 1 : 0x811c9dc5;
  for (let at = 0; at < (value?.length ?? 0); at += 1) {
    hash = Math.imul(hash ^ (value?.charCodeAt(at) ?? 0), 0x01000193);
  }
  return hash >>> 0 || 1;
}
