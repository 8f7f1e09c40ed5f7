import type { Browser, BrowserContext, Page } from 'playwright-core';
import { within } from '../scenarios/driver/wait.js';
import { type PageState, REPORT_NAME, type Report, WANTED_KEY, type Wanted } from './page/wanted.js';

/** Small enough that the sample's first page can be scrolled. */
const VIEWPORT = { width: 900, height: 420 };
/** How far (CSS px) a turn of the wheel scrolls. */
const SCROLL_PX = 60;
/** A page that is being loaded does not answer; then it is asked again. */
const LOOK_MS = 5_000;
const LOAD_MS = 30_000;

/** What the page told of the edit that is under way. */
export interface Seen {
  visibleAt: number | null;
  interactiveAt: number | null;
  failedCalls: number;
  /** Documents that were loaded. */
  loads: number;
}

/** The app in a tab, with the probe in it, used as a person uses it. */
export class OpenPage {
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly #url: string;
  #id = 0;
  #seen: Seen = nothing();

  private constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.#page = page;
    this.#url = url;
  }

  /** Opens an empty tab; `probe` is what `bundleProbe` made. */
  static async create(browser: Browser, url: string, probe: string): Promise<OpenPage> {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    const open = new OpenPage(context, page, url);
    await context.exposeFunction(REPORT_NAME, (report: Report) => open.#onReport(report));
    await context.addInitScript({ content: probe });
    return open;
  }

  get seen(): Readonly<Seen> {
    return this.#seen;
  }

  /** Goes to the app's first page. */
  async visit(): Promise<void> {
    await this.#page.goto(this.#url, { waitUntil: 'commit', timeout: LOAD_MS });
  }

  /** True when the wasm has taken over the page. */
  async isHydrated(): Promise<boolean> {
    const look = () => document.querySelector('#status')?.classList.contains('on') ?? false;
    return within(LOOK_MS, this.#page.evaluate(look), false);
  }

  /** Does what the next edit must not undo: a click, some words in the form, a turn of the wheel. */
  async use(words: string): Promise<void> {
    await this.#page.click('#counter-button', { timeout: LOOK_MS });
    await this.#page.fill('#name', words, { timeout: LOOK_MS });
    const from = await this.#page.evaluate(() => window.scrollY);
    await this.#page.mouse.move(VIEWPORT.width / 2, VIEWPORT.height / 2);
    await this.#page.mouse.wheel(0, from > SCROLL_PX ? -SCROLL_PX : SCROLL_PX);
    // Scrolled, and come to rest.
    await this.#page.waitForFunction(
      (before) =>
        new Promise<boolean>((resolve) => {
          const now = window.scrollY;
          requestAnimationFrame(() =>
            requestAnimationFrame(() => resolve(window.scrollY === now && Math.abs(now - before) > 10)),
          );
        }),
      from,
      { timeout: LOOK_MS },
    );
  }

  /** What the user's doings have become; null when the page does not answer. */
  state(): Promise<PageState | null> {
    const look = (): PageState => ({
      counter: document.querySelector('#counter')?.textContent ?? '',
      input: document.querySelector<HTMLInputElement>('#name')?.value ?? '',
      scroll: window.scrollY,
    });
    return within(LOOK_MS, this.#page.evaluate(look), null);
  }

  /** From now on the probe looks for this. */
  async want(wanted: Omit<Wanted, 'id'>): Promise<void> {
    this.#id += 1;
    this.#seen = nothing();
    await this.#setWanted({ ...wanted, id: this.#id });
  }

  /** The probe looks for nothing any more. */
  async wantNothing(): Promise<void> {
    await within(LOOK_MS, this.#setWanted(null), undefined);
  }

  async close(): Promise<void> {
    await within(LOOK_MS, this.#context.close(), undefined);
  }

  #setWanted(wanted: Wanted | null): Promise<void> {
    return this.#page.evaluate(
      ([key, value]) => {
        if (value === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, value);
        window.latencyWatch?.();
      },
      [WANTED_KEY, wanted && JSON.stringify(wanted)] as const,
    );
  }

  #onReport(report: Report): void {
    if (report.event === 'loaded') {
      this.#seen.loads += 1;
      return;
    }
    if (report.id !== this.#id) return;
    if (report.event === 'call-failed') this.#seen.failedCalls += 1;
    // A page that is loaded again shows it once more.
    else if (report.event === 'visible') this.#seen.visibleAt ??= report.at;
    else this.#seen.interactiveAt ??= report.at;
  }
}

function nothing(): Seen {
  return { visibleAt: null, interactiveAt: null, failedCalls: 0, loads: 0 };
}
