import { type ControlValue, controlOf, editedControls } from './controls.js';
import { type ElementPlace, placeOf } from './element-place.js';
import { type Selected, selectionIn } from './selection.js';

/** A scrolled element and how far, in CSS px. */
export interface Scrolled {
  readonly place: ElementPlace;
  readonly left: number;
  readonly top: number;
}

/** What the user did to a page and must not lose when it is loaded anew. */
export interface PageState {
  readonly window: { readonly left: number; readonly top: number };
  readonly scrolled: readonly Scrolled[];
  readonly controls: readonly { readonly place: ElementPlace; readonly value: ControlValue }[];
  readonly focus: { readonly place: ElementPlace; readonly selected: Selected | null } | null;
}

export function takePageState(): PageState {
  return {
    window: { left: window.scrollX, top: window.scrollY },
    scrolled: scrolledElements(),
    controls: editedControls().map(({ control, value }) => ({ place: placeOf(control), value })),
    focus: focused(),
  };
}

function scrolledElements(): Scrolled[] {
  const inside = [...(document.body?.querySelectorAll('*') ?? [])];
  const scrolled = inside.filter(({ scrollLeft, scrollTop }) => scrollLeft !== 0 || scrollTop !== 0);
  return scrolled.map((element) => ({
    place: placeOf(element),
    left: element.scrollLeft,
    top: element.scrollTop,
  }));
}

function focused(): PageState['focus'] {
  const element = document.activeElement;
  if (!element || !document.body?.contains(element) || element === document.body) return null;
  const control = controlOf(element);
  return { place: placeOf(element), selected: control && selectionIn(control) };
}
