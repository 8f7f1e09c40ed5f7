import type { PageState } from './page-state.js';
import { parsed } from './paint.js';
import { restoreControls } from './restore-controls.js';
import { restoreFocus } from './restore-focus.js';
import { restoreScroll } from './restore-scroll.js';

/** What restores a part of the page's state, and is done at some time or told to stop. */
export interface Restoring {
  /** Elements may have come, gone or changed. */
  readonly again: () => void;
  /** The user acts on the page: from now on it is theirs. */
  readonly userActs: (event: Event) => void;
}

const AGAIN_EVERY_MS = 50;
/** How long after `load` scripts may still move things, in ms; hydration is noticed for longer, see restore-controls. */
const SETTLED_AFTER_MS = 3_000;
const AT_MOST_MS = 20_000;
const USER_ACTS = ['wheel', 'touchmove', 'pointerdown', 'keydown', 'input'];

/** Gives the page back what the user did to the one before, as its parts arrive, for a bounded time. */
export function restorePageState(state: PageState): void {
  const parts: Restoring[] = [];
  const again = () => {
    for (const part of parts) part.again();
  };
  const userActs = (event: Event) => {
    if (event.isTrusted) for (const part of parts) part.userActs(event);
  };
  for (const type of USER_ACTS) window.addEventListener(type, userActs, { capture: true, passive: true });
  // After our own listeners, which restoreControls would take for the page's.
  parts.push(restoreControls(state.controls), restoreScroll(state), restoreFocus(state.focus));
  const timer = setInterval(again, AGAIN_EVERY_MS);
  const stop = () => {
    clearInterval(timer);
    for (const type of USER_ACTS) window.removeEventListener(type, userActs, true);
  };
  setTimeout(stop, AT_MOST_MS);
  whenLoaded(() => setTimeout(stop, SETTLED_AFTER_MS));
  void parsed().then(again);
}

function whenLoaded(then: () => void): void {
  if (document.readyState === 'complete') then();
  else window.addEventListener('load', then, { once: true });
}
