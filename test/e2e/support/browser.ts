import type { Page } from 'playwright-core';

/** Waits until the sample's page is interactive. */
export async function waitForHydration(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('#status')?.textContent === 'Interactive', null, {
    timeout: 60_000,
  });
}
