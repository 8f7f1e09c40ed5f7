import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.js';
import { type FakeSite, startSite } from './support/fake-site.js';
import { settle, useChromium } from './support/tab.js';

const chromium = useChromium();

const CSS = 'text/css';

it('swaps a stylesheet without a reload, keeps its element, and tells when it is painted', async () => {
  const { site, page, sheets } = await openPage('<link rel="stylesheet" id="app" href="/pkg/app.css">');
  await page.evaluate(() => {
    document.getElementById('app')?.setAttribute('data-same', '');
  });
  sheets.set('/pkg/app.css', 'p { color: rgb(0, 0, 2) } i { color: red }');
  site.send({ type: 'style', since: 1_100, batch: 3, paths: ['/pkg/app.css'] });
  await site.waitForSaid('the swap', (said) => said.type === 'shown' && said.batch === 3 && said.kind === 'style');
  expect(await colour(page)).toBe('rgb(0, 0, 2)');
  expect(await page.$$eval('link', (links) => links.map((link) => link.outerHTML.replace(/=\d+"/, '="')))).toEqual([
    expect.stringContaining('data-same'),
  ]);
  expect(site.loads('/')).toBe(1);
});

it('is never without style while the new sheet is on its way', async () => {
  const { site, page } = await openPage('<link rel="stylesheet" href="/pkg/app.css">');
  const held: (() => void)[] = [];
  site.serve('/pkg/app.css', (_, response) => {
    held.push(() => response.writeHead(200, { 'content-type': CSS }).end('p { color: rgb(0, 0, 2) }'));
  });
  // Every colour that was ever computed in a frame.
  await page.evaluate(() => {
    const seen: string[] = [];
    const look = () => {
      const shown = getComputedStyle(document.querySelector('p') as Element).color;
      if (!seen.includes(shown)) seen.push(shown);
      document.documentElement.setAttribute('data-seen', seen.join(' '));
      requestAnimationFrame(look);
    };
    look();
  });
  site.send({ type: 'style', since: 1_100, batch: 3, paths: [] });
  await waitUntil('the first request', () => held.length >= 1);
  await settle(page);
  held[0]?.();
  await waitUntil('the request of the element itself', () => held.length >= 2);
  await settle(page);
  held[1]?.();
  await site.waitForSaid('the swap', ({ type }) => type === 'shown');
  expect(await page.getAttribute('html', 'data-seen')).toBe('rgb(0, 0, 1) rgb(0, 0, 2)');
});

it('swaps only what changed among several sheets, and keeps their attributes and their order', async () => {
  const { site, page, sheets } = await openPage(`
    <link rel="stylesheet" href="/pkg/app.css">
    <link rel="stylesheet" href="/second.css" media="screen" title="x">
    <link rel="stylesheet" href="/off.css" disabled>`);
  sheets.set('/second.css', 'p { color: rgb(0, 0, 9) }');
  sheets.set('/off.css', 'p { color: red }');
  const before = site.asked.length;
  site.send({ type: 'style', since: 1_100, batch: 1, paths: ['/second.css', '/off.css'] });
  await site.waitForSaid('the swap', ({ type }) => type === 'shown');
  expect(await colour(page)).toBe('rgb(0, 0, 9)');
  expect(site.asked.slice(before).filter((path) => path.startsWith('/pkg/app.css'))).toEqual([]);
  const links = await page.$$eval('link', (all) => all.map((one) => [one.media, one.title, one.disabled]));
  expect(links).toEqual([
    ['', '', false],
    ['screen', 'x', false],
    ['', '', true],
  ]);
  await page.$eval('link:last-of-type', (link) => {
    (link as HTMLLinkElement).disabled = false;
  });
  await waitUntil('the new sheet once it is on', async () => (await colour(page)) === 'rgb(255, 0, 0)');
});

it('reads a sheet anew when one changed that it imports', async () => {
  const { site, page, sheets } = await openPage('<link rel="stylesheet" href="/imports.css">');
  expect(await colour(page)).toBe('rgb(0, 0, 5)');
  sheets.set('/imported.css', 'p { color: rgb(0, 0, 6) }');
  site.send({ type: 'style', since: 1_100, batch: 1, paths: ['/imported.css'] });
  await waitUntil('the imported sheet', async () => (await colour(page)) === 'rgb(0, 0, 6)');
});

it('ends on the last of several swaps', async () => {
  const { site, page } = await openPage('<link rel="stylesheet" href="/pkg/app.css">');
  const held: ((css: string) => void)[] = [];
  site.serve('/pkg/app.css', (_, response) => {
    held.push((css) => response.writeHead(200, { 'content-type': CSS }).end(css));
  });
  site.send({ type: 'style', since: 1_100, batch: 1, paths: [] });
  await waitUntil('the first request', () => held.length === 1);
  site.send({ type: 'style', since: 1_200, batch: 2, paths: [] });
  await waitUntil('the second request', () => held.length === 2);
  held[1]?.('p { color: rgb(0, 0, 2) }');
  await waitUntil('the request of the element itself', () => held.length === 3);
  held[2]?.('p { color: rgb(0, 0, 2) }');
  held[0]?.('p { color: red }');
  await site.waitForSaid('the last', (said) => said.type === 'shown' && said.batch === 2);
  await settle(page);
  expect(await colour(page)).toBe('rgb(0, 0, 2)');
  expect(await page.locator('link').count()).toBe(1);
  expect(held).toHaveLength(3);
});

it('keeps the old style when the new sheet cannot be loaded', async () => {
  const { site, page } = await openPage('<link rel="stylesheet" href="/pkg/app.css">');
  const held: (() => void)[] = [];
  site.serve('/pkg/app.css', (_, response) => void held.push(() => response.writeHead(404).end()));
  site.send({ type: 'style', since: 1_100, batch: 1, paths: [] });
  await waitUntil('the request', () => held.length === 1);
  held[0]?.();
  await waitUntil('the copy to be gone', async () => (await page.locator('link').count()) === 1);
  expect(await colour(page)).toBe('rgb(0, 0, 1)');
});

it('learns on reconnecting that the style is behind, and swaps without a reload', async () => {
  const { site, page, sheets } = await openPage('<link rel="stylesheet" href="/pkg/app.css">');
  sheets.set('/pkg/app.css', 'p { color: rgb(0, 0, 3) }');
  site.since = { ...site.since, style: 1_100 };
  site.breakSockets();
  await waitUntil('the new style', async () => (await colour(page)) === 'rgb(0, 0, 3)');
  expect(site.loads('/')).toBe(1);
});

async function openPage(head: string): Promise<{ site: FakeSite; page: Page; sheets: Map<string, string> }> {
  const site = await startSite();
  const sheets = new Map([
    ['/pkg/app.css', 'p { color: rgb(0, 0, 1) }'],
    ['/second.css', 'b { color: red }'],
    ['/off.css', ''],
    ['/imports.css', '@import "/imported.css";'],
    ['/imported.css', 'p { color: rgb(0, 0, 5) }'],
  ]);
  for (const path of sheets.keys()) {
    site.file(path, CSS, () => sheets.get(path) ?? '', { 'cache-control': 'no-store' });
  }
  site.page('/', () => ({ head, body: '<p>text</p>' }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  return { site, page, sheets };
}

function colour(page: Page): Promise<string> {
  return page.$eval('p', (element) => getComputedStyle(element).color);
}
