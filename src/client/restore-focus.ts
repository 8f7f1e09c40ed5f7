import { controlOf } from './controls.js';
import { elementAt } from './element-place.js';
import type { PageState } from './page-state.js';
import type { Restoring } from './restore.js';
import { selectIn } from './selection.js';

/** A page that takes the focus away this often wants it elsewhere. */
const ATTEMPTS = 3;

/** Gives the focus and the selection back, also when hydration makes the element anew, until the user acts. */
export function restoreFocus(focus: PageState['focus']): Restoring {
  let left = focus ? ATTEMPTS : 0;
  return {
    again: () => {
      if (!focus || left === 0) return;
      // Only the first time it may be taken from an element that has it by itself (autofocus).
      if (left < ATTEMPTS && document.activeElement !== document.body) return;
      const element = elementAt(focus.place);
      if (!(element instanceof HTMLElement)) return;
      left -= 1;
      element.focus({ preventScroll: true });
      const control = controlOf(element);
      if (control && focus.selected) selectIn(control, focus.selected);
    },
    userActs: () => {
      left = 0;
    },
  };
}
