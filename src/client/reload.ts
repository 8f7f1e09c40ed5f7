import { type PageState, takePageState } from './page-state.js';
import { recall, remember, takeOut } from './storage.js';

/** What the page that is loaded next is to know. */
export interface Handover {
  readonly url: string;
  /** The batch that it shows, to be reported when it is painted. */
  readonly batch: number | null;
  readonly state: PageState | null;
}

const HANDOVER = 'handover';
const GUARD = 'reloaded-for';

/**
 * Loads the page anew and hands over what the user did to it. `cause` names the page and why. Where the page found out
 * by itself on connecting (`isGuess`), the same cause counts once: a page that comes from a cache is as far behind as
 * before, and must not load itself forever. False when that reload was done already.
 */
export function reloadPage(cause: string, batch: number | null, isGuess: boolean): boolean {
  if (isGuess && recall(GUARD) === cause) return false;
  if (!remember(GUARD, cause) && isGuess && cameByReload()) return false;
  const handover: Handover = { url: location.href, batch, state: takePageState() };
  // A state too large for the storage is given up; the batch is not.
  if (!remember(HANDOVER, JSON.stringify(handover))) remember(HANDOVER, JSON.stringify({ ...handover, state: null }));
  location.reload();
  return true;
}

/** The page is what it should be: a later reload for the same cause is another one. */
export function reloadHelped(): void {
  takeOut(GUARD);
}

/** What the page before this one handed over, once, if it was at the same address. */
export function takeHandover(): Handover | null {
  const text = takeOut(HANDOVER);
  if (text === null) return null;
  const handover = JSON.parse(text) as Handover;
  return handover.url === location.href ? handover : null;
}

function cameByReload(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return entry instanceof PerformanceNavigationTiming && entry.type === 'reload';
}
