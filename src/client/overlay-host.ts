import { make } from './elements.js';
import { OVERLAY_CSS } from './overlay-css.js';

/**
 * The element in the page that holds all we show, in a shadow root. It stands behind the body, where neither hydration
 * nor the app's own code looks, and in the browser's top layer, above whatever the page has.
 */
export class OverlayHost {
  readonly root = make('div', { class: 'root' });
  readonly #host = document.createElement('leptos-fast-overlay');
  #waiting: MutationObserver | null = null;
  #unhideRoot: (() => void) | null = null;

  constructor() {
    const shadow = this.#host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(OVERLAY_CSS);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.root);
    this.#host.setAttribute('popover', 'manual');
  }

  /** True when the focus is on something of ours. */
  get hasFocus(): boolean {
    return document.activeElement === this.#host;
  }

  /** Puts it into the page, on top of all; a page that is still being read gets it when its body begins. */
  show(): void {
    if (!document.body) {
      this.#waiting ??= this.#whenBodyBegins();
      return;
    }
    if (!this.#host.isConnected) document.documentElement.append(this.#host);
    this.#overruleHiddenRoot();
    if (!('showPopover' in this.#host)) return;
    // Anew, so that it is above a dialog that the page opened meanwhile.
    if (this.#host.matches(':popover-open')) this.#host.hidePopover();
    this.#host.showPopover();
  }

  /** Takes it out of the page. */
  remove(): void {
    this.#waiting?.disconnect();
    this.#waiting = null;
    this.#host.remove();
    this.#unhideRoot?.();
    this.#unhideRoot = null;
  }

  #whenBodyBegins(): MutationObserver {
    const observer = new MutationObserver(() => {
      if (!document.body) return;
      observer.disconnect();
      this.#waiting = null;
      this.show();
    });
    observer.observe(document.documentElement, { childList: true });
    return observer;
  }

  /** In a root without display nothing shows, not even the top layer. */
  #overruleHiddenRoot(): void {
    const root = document.documentElement;
    if (getComputedStyle(root).display !== 'none') return;
    const before = root.style.getPropertyValue('display');
    const priority = root.style.getPropertyPriority('display');
    root.style.setProperty('display', 'block', 'important');
    this.#unhideRoot = () => root.style.setProperty('display', before, priority);
  }
}
