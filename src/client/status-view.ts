import type { PageStatus } from '../serve/page-protocol.js';
import { Badge } from './badge.js';
import { ErrorPanel } from './error-panel.js';
import { OverlayHost } from './overlay-host.js';

type Failed = Extract<PageStatus, { kind: 'failed' }>;

/**
 * What is shown of the errors:
 *
 *   none ──failed──▶ shown ──Esc──▶ hidden ──other errors, or a build that ended──▶ shown
 *     ▲                │               │
 *     └── idle, building ──────────────┘
 */
type Errors = { readonly kind: 'none' } | { readonly kind: 'shown' | 'hidden'; readonly failed: Failed };

/** Shows in the page how the build is. */
export class StatusView {
  readonly #host = new OverlayHost();
  readonly #panel: ErrorPanel;
  readonly #badge: Badge;
  #errors: Errors = { kind: 'none' };
  #status: PageStatus = { kind: 'idle' };
  #newer = false;

  /** `open` is told the index of the error whose place was clicked. */
  constructor(open: (error: number) => void) {
    this.#panel = new ErrorPanel({ open, hide: () => this.#hide() });
    this.#badge = new Badge({ changed: () => this.#attach(), reopen: () => this.#reopen() });
    this.#host.root.append(this.#panel.element, this.#badge.element);
    window.addEventListener('keydown', (event) => this.#onKey(event), true);
  }

  /** `canOpen`: the terminal's leptos-fast opens the editor on a click. */
  onStatus(status: PageStatus, canOpen: boolean): void {
    this.#panel.canOpen = canOpen;
    this.#status = status;
    this.#errors = this.#errorsAfter(status);
    this.#show();
  }

  /** The page shows what is the newest, but its wasm is of an older build until the next navigation. */
  markNewer(): void {
    this.#newer = true;
    this.#show();
  }

  #errorsAfter(status: PageStatus): Errors {
    if (status.kind !== 'failed') return { kind: 'none' };
    const before = this.#errors;
    const stays =
      before.kind === 'hidden' && isSame(before.failed, status) && !(before.failed.building && !status.building);
    return { kind: stays ? 'hidden' : 'shown', failed: status };
  }

  #show(): void {
    const errors = this.#errors;
    this.#badge.show(this.#status, errors.kind === 'hidden' ? errors.failed : null, this.#newer);
    if (errors.kind === 'shown') this.#panel.show(errors.failed);
    else this.#panel.hide();
    this.#attach();
    if (errors.kind === 'shown') this.#panel.takeFocus(this.#host.hasFocus);
  }

  #attach(): void {
    if (this.#panel.isShown || this.#badge.isShown) this.#host.show();
    else this.#host.remove();
  }

  #hide(): void {
    if (this.#errors.kind !== 'shown') return;
    this.#errors = { ...this.#errors, kind: 'hidden' };
    this.#show();
  }

  #reopen(): void {
    if (this.#errors.kind !== 'hidden') return;
    this.#errors = { ...this.#errors, kind: 'shown' };
    this.#show();
  }

  /** The page gets its keys too: what it does with them is its own affair. */
  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) this.#hide();
  }
}

function isSame(one: Failed, other: Failed): boolean {
  return JSON.stringify([one.title, one.errors]) === JSON.stringify([other.title, other.errors]);
}
