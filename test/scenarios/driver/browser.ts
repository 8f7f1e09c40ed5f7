import type { Browser, BrowserContext, Page } from 'playwright-core';
import { within } from './wait.js';

/** How long a look into a tab may take, in ms: while it navigates, it does not answer. */
const LOOK_MS = 2_000;

/** A tab that a person has open on the app. */
export class Tab {
  readonly #context: BrowserContext;
  readonly #page: Page;
  /** What went wrong in the page's own script: a panic of the wasm for example. */
  readonly errors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.#page = page;
    page.on('pageerror', (error) => this.errors.push(error.message.split('\n')[0] ?? ''));
  }

  /** Opens a tab without a page. */
  static async create(browser: Browser): Promise<Tab> {
    const context = await browser.newContext();
    return new Tab(context, await context.newPage());
  }

  /** Goes to a page. Returns the browser's word for a failed connection, or null when a page came. */
  async visit(url: string, limitMs: number): Promise<string | null> {
    try {
      await this.#page.goto(url, { waitUntil: 'commit', timeout: limitMs });
      return null;
    } catch (error) {
      return /net::ERR_\w+/.exec(String(error))?.[0] ?? String(error).split('\n')[0] ?? 'unknown';
    }
  }

  /** The text that the wasm has put into the page; null while there is none. */
  wasmText(): Promise<string | null> {
    return this.#look(() => document.querySelector('#probe-wasm')?.textContent ?? null);
  }

  /** A computed CSS property of the probe. */
  style(property: string): Promise<string | null> {
    const read = (name: string): string | null => {
      const probe = document.querySelector('#probe-server');
      return probe ? getComputedStyle(probe).getPropertyValue(name) : null;
    };
    return within(LOOK_MS, this.#page.evaluate(read, property), null);
  }

  /** Clicks the sample's counter and returns what it shows then: proof that the page works. */
  async count(): Promise<string | null> {
    await within(LOOK_MS, this.#page.click('#counter-button'), null);
    return this.#look(() => document.querySelector('#counter')?.textContent ?? null);
  }

  /** Leaves a note in the page that only a reload removes. */
  async leaveNote(): Promise<void> {
    await this.#page.evaluate(() => document.documentElement.setAttribute('data-note', 'kept'));
  }

  /** True while no reload has removed the note. */
  async hasNote(): Promise<boolean> {
    return (await this.#look(() => document.documentElement.getAttribute('data-note'))) === 'kept';
  }

  /** True while the browser shows its own page that says the site can't be reached. */
  async showsConnectionError(): Promise<boolean> {
    const url = await this.#look(() => document.location.href);
    return url?.startsWith('chrome-error:') ?? false;
  }

  async close(): Promise<void> {
    await within(LOOK_MS, this.#context.close(), undefined);
  }

  #look(read: () => string | null): Promise<string | null> {
    return within(LOOK_MS, this.#page.evaluate(read), null);
  }
}
