import {
  announce,
  type Control,
  type ControlValue,
  controlOf,
  controlValue,
  hasValue,
  noteEdited,
  setValue,
} from './controls.js';
import { elementAt } from './element-place.js';
import { mayHydrate } from './hydration.js';
import { watchListeners } from './listener-watch.js';
import type { PageState } from './page-state.js';
import type { Restoring } from './restore.js';

/** How long hydration may take to come, in ms: the proxy holds the wasm until it is built. */
const HYDRATED_WITHIN_MS = 60_000;
/** A page that puts something else into a control this often means it. */
const ATTEMPTS = 3;

interface Pending {
  readonly place: PageState['controls'][number]['place'];
  readonly saved: ControlValue;
  control: Control | null;
  /** What the page made of it when it was told, such as a shortened text; null while it is at that. */
  expected: ControlValue | null;
  attempts: number;
}

/**
 * Puts values back and tells the page, so that they reach its signals: at once, when its listeners come (hydration), and
 * when it overwrote them. What the user touches meanwhile is theirs.
 */
export function restoreControls(controls: PageState['controls']): Restoring {
  let pending: Pending[] = controls.map(({ place, value }) => {
    return { place, saved: value, control: null, expected: value, attempts: ATTEMPTS };
  });
  if (pending.length === 0) return { again: () => undefined, userActs: () => undefined };

  const listenedTo = new Set<EventTarget>();
  const stop = watchListeners(new Set(['input', 'change']), (target) => {
    if (listenedTo.size === 0) setTimeout(tellListeners);
    listenedTo.add(target);
  });
  setTimeout(stop, HYDRATED_WITHIN_MS);

  /** In a task of its own: by then hydration has set what it sets. */
  const tellListeners = () => {
    const targets = [...listenedTo];
    listenedTo.clear();
    for (const one of pending) if (one.control && targets.some((target) => hears(target, one.control))) put(one);
  };
  const again = () => {
    // Hydration has just overwritten the values, and is told of ours next: it must not hear of them twice.
    if (listenedTo.size > 0) return;
    for (const one of pending) {
      if (one.control?.isConnected && (one.expected === null || hasValue(one.control, one.expected))) continue;
      const found = elementAt(one.place);
      const control = found && controlOf(found);
      if (!control || one.attempts === 0) continue;
      // Hydration panics where the nodes are others than the server's.
      if (one.saved.kind === 'rich' && mayHydrate()) continue;
      one.control = control;
      one.attempts -= 1;
      put(one);
    }
  };
  const userActs = ({ type, target }: Event) => {
    if (type !== 'input' && type !== 'keydown') return;
    const touched = target instanceof Element ? controlOf(target) : null;
    pending = pending.filter(({ control }) => control === null || control !== touched);
  };
  return { again, userActs };
}

function put(one: Pending): void {
  const { control, saved } = one;
  if (!control) return;
  setValue(control, saved);
  noteEdited(control);
  one.expected = null;
  announce(control);
  // Effects run a little later.
  setTimeout(() => {
    one.expected = controlValue(control);
  });
}

/** True when an event at the control reaches the target. */
function hears(target: EventTarget, control: Control | null): boolean {
  return target === window || (target instanceof Node && target.contains(control));
}
