import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { launchBrowser } from '../../support/chromium.js';

export interface Tab {
  readonly page: Page;
  /** Uncaught errors of the page. */
  readonly errors: string[];
}

/** One Chromium for the tests of a file; each tab has storage and cache of its own, and ends with its test. */
export function useChromium(): { open: (options?: BrowserContextOptions) => Promise<Tab> } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    open: async (options = {}) => {
      if (!browser) throw new Error('only inside of a test');
      const context = await browser.newContext(options);
      onTestFinished(async () => {
        // A request that a page has only just sent may be on its way to a route: closing would wait for it for ever.
        for (const open of context.pages()) await open.unrouteAll({ behavior: 'ignoreErrors' });
        await context.close();
      });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      return { page, errors };
    },
  };
}

/**
 * Lets pass what the page does in the background, when a test shows that something does not happen: two frames, and a
 * round trip to the page's own server for what it may have sent.
 */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await fetch('/settled').catch(() => undefined);
  });
}
