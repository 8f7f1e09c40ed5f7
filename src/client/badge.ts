import type { PageStatus } from '../serve/page-protocol.js';
import { make } from './elements.js';

type Building = Extract<PageStatus, { kind: 'building' }>;
type Failed = Extract<PageStatus, { kind: 'failed' }>;

/** A build that is done by then (ms) is not worth a word. */
const PATIENCE_MS = 300;
const TICK_MS = 100;
/** A bar at its end that goes on would be a lie. */
const FULLEST = 0.97;

export interface BadgeEvents {
  /** It came or went by itself. */
  readonly changed: () => void;
  /** The user wants to see the errors again. */
  readonly reopen: () => void;
}

/**
 *   none ─▶ due ──timer──▶ building        a build
 *   none ─▶ errors                         errors that the user has hidden
 *   none ─▶ newer                          the next navigation loads a newer build
 */
type State =
  | { readonly kind: 'none' | 'errors' | 'newer' }
  | { readonly kind: 'due' | 'building'; readonly timer: ReturnType<typeof setTimeout> };

/** The small pill in the corner. It takes no click but where it is a button, and a screen reader does not hear its ticks. */
export class Badge {
  readonly element = make('div', { hidden: '' });
  readonly #events: BadgeEvents;
  readonly #what = make('span', { class: 'what' });
  readonly #time = make('span', { class: 'time' });
  readonly #bar = make('span', { class: 'bar' });
  readonly #building = make('div', { class: 'badge', 'aria-hidden': 'true' });
  #state: State = { kind: 'none' };
  #startedAt = 0;
  #expectedMs: number | null = null;

  constructor(events: BadgeEvents) {
    this.#events = events;
    this.#building.append(make('span', { class: 'ring' }), this.#what, this.#time, this.#bar);
  }

  get isShown(): boolean {
    return !this.element.hidden;
  }

  /** `hidden`: errors that the user does not want to see now. `newer`: the next navigation loads a newer build. */
  show(status: PageStatus, hidden: Failed | null, newer: boolean): void {
    if (status.kind === 'building') {
      this.#showBuilding(status);
      return;
    }
    this.#clear();
    if (hidden) {
      this.#state = { kind: 'errors' };
      this.element.replaceChildren(this.#errorsButton(hidden));
    } else if (newer && status.kind === 'idle') {
      this.#state = { kind: 'newer' };
      const text = 'New build at the next navigation';
      this.element.replaceChildren(make('div', { class: 'badge newer' }, make('span', { class: 'dot' }), text));
    }
    this.element.hidden = this.#state.kind === 'none';
  }

  #showBuilding({ what, elapsedMs, expectedMs }: Building): void {
    this.#startedAt = performance.now() - elapsedMs;
    this.#expectedMs = expectedMs;
    this.#what.textContent = what;
    if (this.#state.kind === 'building') this.#tick();
    if (this.#state.kind === 'due' || this.#state.kind === 'building') return;
    this.#clear();
    this.element.hidden = true;
    const timer = setTimeout(() => this.#appear(), Math.max(0, PATIENCE_MS - elapsedMs));
    this.#state = { kind: 'due', timer };
  }

  #appear(): void {
    this.#state = { kind: 'building', timer: setInterval(() => this.#tick(), TICK_MS) };
    this.element.replaceChildren(this.#building);
    this.element.hidden = false;
    this.#tick();
    this.#events.changed();
  }

  #tick(): void {
    const elapsed = performance.now() - this.#startedAt;
    const expected = this.#expectedMs;
    this.#time.textContent = seconds(elapsed) + (expected === null ? '' : ` of about ${seconds(expected)}`);
    this.#bar.hidden = expected === null;
    this.#bar.style.transform = `scaleX(${Math.min(FULLEST, elapsed / Math.max(1, expected ?? 1))})`;
  }

  #errorsButton({ errors, title, building }: Failed): HTMLElement {
    const count = errors.length === 0 ? title : `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`;
    const mark = make('span', { class: building ? 'ring' : 'dot' });
    const button = make('button', { class: 'badge', type: 'button', title: 'Show the errors' }, mark, count);
    button.addEventListener('click', this.#events.reopen);
    return button;
  }

  #clear(): void {
    if (this.#state.kind === 'due') clearTimeout(this.#state.timer);
    if (this.#state.kind === 'building') clearInterval(this.#state.timer);
    this.#state = { kind: 'none' };
  }
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
