import { elementAt } from './element-place.js';
import type { PageState } from './page-state.js';
import type { Restoring } from './restore.js';

/** Scrolls the window and the elements back, also when what is above them comes late, until the user acts. */
export function restoreScroll({ window: of, scrolled }: Pick<PageState, 'window' | 'scrolled'>): Restoring {
  let stopped = false;
  return {
    again: () => {
      if (stopped) return;
      const root = document.scrollingElement;
      if (root) scrollTo(root, of);
      for (const { place, left, top } of scrolled) {
        const element = elementAt(place);
        if (element) scrollTo(element, { left, top });
      }
    },
    userActs: () => {
      stopped = true;
    },
  };
}

function scrollTo(element: Element, { left, top }: { left: number; top: number }): void {
  // Positions are fractions on some screens.
  if (Math.abs(element.scrollLeft - left) < 1 && Math.abs(element.scrollTop - top) < 1) return;
  element.scrollTo({ left, top, behavior: 'instant' });
}
