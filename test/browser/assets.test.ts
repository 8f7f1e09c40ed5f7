import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.js';
import { type FakeSite, startSite } from './support/fake-site.js';
import { settle, useChromium } from './support/tab.js';

const chromium = useChromium();

/** As a static file server: the browser may keep it for long. */
const CACHED = { 'cache-control': 'max-age=3600' };

it('shows a changed image in place, wherever it stands', async () => {
  const { site, page } = await openPage(
    `<img id="img" src="/a.svg">
     <picture id="picture"><source srcset="/a.svg 1x, /b.svg 2x"><img src="/b.svg"></picture>
     <video poster="/a.svg"></video>
     <div id="inline" style="background-image: url(/a.svg)"></div>
     <div id="sheet"></div>
     <svg><use href="/a.svg#part"/><image href="/a.svg"/></svg>`,
    `<link rel="icon" href="/a.svg">
     <link rel="stylesheet" href="/css/style.css">`,
  );
  site.file('/a.svg', 'image/svg+xml', () => svg(20), CACHED);
  site.send({ type: 'assets', since: 1_100, batch: 4, paths: ['/a.svg'] });
  await site.waitForSaid(
    'the new image',
    (said) => said.type === 'shown' && said.batch === 4 && said.kind === 'assets',
  );
  expect(await width(page, '#img')).toBe(20);
  expect(await width(page, '#picture img')).toBe(20);
  const newA = `${site.url}/a.svg?leptos-fast=1100`;
  expect(await page.getAttribute('video', 'poster')).toBe(newA);
  expect(await page.getAttribute('[rel=icon]', 'href')).toBe(newA);
  expect(await page.getAttribute('use', 'href')).toBe(`${newA}#part`);
  expect(await page.getAttribute('image', 'href')).toBe(newA);
  for (const id of ['#inline', '#sheet']) expect(await background(page, id)).toBe(`url("${newA}")`);
  // What did not change is not asked for again.
  expect(await page.getAttribute('#picture source', 'srcset')).toBe(`${newA} 1x, /b.svg 2x`);
  expect(await page.getAttribute('#picture img', 'src')).toBe('/b.svg');
  expect(site.loads('/')).toBe(1);
});

it.each([
  ['it is named', ['/a.svg']],
  ['any may have changed', []],
])('shows it also in new elements, in a swapped sheet and in the next page, when %s', async (_, paths) => {
  const { site, page } = await openPage(
    '<img id="img" src="/a.svg"><div id="sheet"></div>',
    '<link rel="stylesheet" href="/css/style.css">',
  );
  // An image that the app holds keeps the old one in the browser's memory.
  await page.evaluate(async () => {
    const held = new Image();
    held.src = '/a.svg';
    await held.decode();
    Object.assign(document, { held });
  });
  site.file('/a.svg', 'image/svg+xml', () => svg(20), CACHED);
  site.send({ type: 'assets', since: 1_100, batch: 1, paths });
  await site.waitForSaid('the image', ({ type }) => type === 'shown');
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<p><img id="later" src="/a.svg"></p>');
  });
  await waitUntil('the later one', async () => (await width(page, '#later')) === 20);

  site.send({ type: 'style', since: 1_200, batch: 2, paths: [] });
  await site.waitForSaid('the sheet', (said) => said.type === 'shown' && said.kind === 'style');
  expect(await background(page, '#sheet')).toBe(`url("${site.url}/a.svg?leptos-fast=1100")`);

  site.sendReload(3);
  await site.waitForPages(2);
  await waitUntil('the image of the new page', async () => (await width(page, '#img')) === 20);
});

it('shows a deleted image as gone', async () => {
  const { site, page } = await openPage('<img id="img" src="/a.svg">');
  site.serve('/a.svg', (_, response) => void response.writeHead(404).end());
  site.send({ type: 'assets', since: 1_100, batch: 1, paths: ['/a.svg'] });
  await site.waitForSaid('the missing image', ({ type }) => type === 'shown');
  expect(await width(page, '#img')).toBe(0);
  expect(site.loads('/')).toBe(1);
});

it('loads a changed font', async () => {
  const { site, page } = await openPage(
    '<p style="font-family: Mine">text</p>',
    '<style>@font-face { font-family: Mine; src: url("/mine.woff2") }</style>',
  );
  await waitUntil('the first font', () => site.asked.includes('/mine.woff2'));
  site.send({ type: 'assets', since: 1_100, batch: 1, paths: ['/mine.woff2'] });
  await waitUntil('the new font', () => site.asked.includes('/mine.woff2?leptos-fast=1100'));
  expect(await page.evaluate(() => document.styleSheets[0]?.cssRules.length)).toBe(1);
});

it('swaps a changed stylesheet among the assets', async () => {
  const { site, page } = await openPage('<p>text</p>', '<link rel="stylesheet" href="/css/style.css">');
  site.file('/css/style.css', 'text/css', () => 'p { color: rgb(0, 0, 7) }');
  site.send({ type: 'assets', since: 1_100, batch: 1, paths: ['/css/style.css'] });
  await site.waitForSaid('the sheet', (said) => said.type === 'shown' && said.kind === 'assets');
  expect(await page.$eval('p', (element) => getComputedStyle(element).color)).toBe('rgb(0, 0, 7)');
});

it('does nothing about an asset that the page does not show', async () => {
  const { site, page } = await openPage('<img id="img" src="/a.svg">');
  site.send({ type: 'assets', since: 1_100, batch: 1, paths: ['/data.json', '/other.png'] });
  // A later one that is shown tells that this one was dealt with.
  site.send({ type: 'assets', since: 1_200, batch: 2, paths: ['/a.svg'] });
  await site.waitForSaid('the second', (said) => said.type === 'shown' && said.batch === 2);
  await settle(page);
  expect(site.saidOf('shown')).toHaveLength(1);
  expect(site.loads('/')).toBe(1);
});

it('loads the page anew for a changed script of its own', async () => {
  const { site } = await openPage('<script src="/own.js"></script>');
  site.now = 2_000;
  site.send({ type: 'assets', since: 1_100, batch: 5, paths: ['/own.js'] });
  await site.waitForSaid('the new page', (said) => said.type === 'shown' && said.batch === 5 && said.kind === 'reload');
});

it('learns on reconnecting that assets are behind', async () => {
  const { site, page } = await openPage('<img id="img" src="/a.svg">');
  site.file('/a.svg', 'image/svg+xml', () => svg(20), CACHED);
  site.since = { ...site.since, assets: 1_100 };
  site.breakSockets();
  await waitUntil('the new image', async () => (await width(page, '#img')) === 20);
  expect(site.loads('/')).toBe(1);
});

async function openPage(body: string, head = ''): Promise<{ site: FakeSite; page: Page }> {
  const site = await startSite();
  site.file('/a.svg', 'image/svg+xml', () => svg(10), CACHED);
  site.file('/b.svg', 'image/svg+xml', () => svg(30), CACHED);
  site.file('/css/style.css', 'text/css', () => '@media screen { #sheet { background: url(../a.svg) no-repeat } }');
  site.file('/own.js', 'text/javascript', () => '');
  site.page('/', () => ({ head, body }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  return { site, page };
}

function svg(size: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><g id="part"/></svg>`;
}

function width(page: Page, selector: string): Promise<number> {
  return page.$eval(selector, (image) =>
    (image as HTMLImageElement).complete ? (image as HTMLImageElement).naturalWidth : -1,
  );
}

function background(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => getComputedStyle(element).backgroundImage);
}
