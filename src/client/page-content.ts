/**
 *   served ──reload whose patches were all applied──▶ patched ──again──▶ patched
 *     └──────────── reload ──▶ leaving ◀── reload ───────┘      (leaving ──stopped──▶ as before)
 */
type State =
  /** HTML and wasm are of one build. */
  | { readonly kind: 'served' }
  /** Shows what is the newest since then, but runs the wasm of an older build. */
  | { readonly kind: 'patched'; readonly since: number }
  | { readonly kind: 'leaving' };

/** What to do about newer content. */
export type Decision = 'stay' | 'stay-patched' | 'reload';

/** A navigation that has not taken the page away by then (ms) was stopped, and a new one may be started. */
const STOPPED_AFTER_MS = 30_000;

/** Which content the page shows, and whether that is behind. Times in ms since the epoch, by the proxy's clock. */
export class PageContent {
  readonly #at: number;
  readonly #applied = new Set<string>();
  #state: State = { kind: 'served' };
  #isStale = false;

  /** `at`: when the page's HTML was asked for. */
  constructor(at: number) {
    this.#at = at;
  }

  /** Shows the newest content, but its next navigation has to load the new wasm. */
  get isPatched(): boolean {
    return this.#state.kind === 'patched';
  }

  /** What comes now is for the page that comes next. */
  get isLeaving(): boolean {
    return this.#state.kind === 'leaving';
  }

  /** A view patch is in the page. */
  applied(patch: string): void {
    this.#applied.add(patch);
  }

  hasApplied(patch: string): boolean {
    return this.#applied.has(patch);
  }

  /** The app has shown again what was patched away: patches do not show all of any content from now on. */
  onStale(): Decision {
    this.#isStale = true;
    return this.#state.kind === 'patched' ? 'reload' : 'stay';
  }

  /** There is new content since then; `patches` show all of it, or null. Not to be asked of a page that is leaving. */
  onNewer(since: number, patches: readonly string[] | null): Decision {
    if (this.#shownSince() >= since) return 'stay';
    if (patches === null || !this.#shows(patches)) return 'reload';
    this.#state = { kind: 'patched', since };
    return 'stay-patched';
  }

  /** The page is on its way to another one. */
  leave(): void {
    const before = this.#state;
    this.#state = { kind: 'leaving' };
    setTimeout(() => {
      this.#state = before;
    }, STOPPED_AFTER_MS);
  }

  #shows(patches: readonly string[]): boolean {
    return !this.#isStale && patches.length > 0 && patches.every((id) => this.#applied.has(id));
  }

  #shownSince(): number {
    return this.#state.kind === 'patched' ? this.#state.since : this.#at;
  }
}
