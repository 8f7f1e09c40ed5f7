import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page, Route } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { REPO } from '../support/dist.js';
import { waitUntil } from '../support/wait-until.js';
import { type FakeSite, startSite } from './support/fake-site.js';
import { settle, useChromium } from './support/tab.js';

const chromium = useChromium();

/** In place of the real one, which has tests of its own: sets a text, or refuses. */
const APPLIES = `export function applyViewPatch(views) {
  if (views === null) return false;
  document.getElementById('text').textContent = views;
  document.getElementById('count').textContent += 'x';
  return true;
}
export function onViewStale(stale) {
  document.addEventListener('stale', stale);
}`;

let client = '';
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(REPO, 'src/client/main.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    plugins: [
      {
        name: 'fake view patches',
        setup: (bundle) => bundle.onLoad({ filter: /view-patch\.ts$/ }, () => ({ contents: APPLIES, loader: 'js' })),
      },
    ],
  });
  client = outputFiles[0]?.text ?? '';
});

/** As Leptos's router: shows links of the site by itself, but those marked as external. */
const ROUTER = `
  <script>
    addEventListener('click', (event) => {
      const link = event.target.closest('a');
      if (!link || event.defaultPrevented || event.ctrlKey || link.target || link.hasAttribute('download')) return;
      if (link.rel.split(' ').includes('external')) return;
      event.preventDefault();
      history.pushState(null, '', link.href);
      document.getElementById('text').textContent = 'routed';
    });
    addEventListener('submit', (event) => {
      event.preventDefault();
      if (event.target.id === 'routed') history.pushState(null, '', '/other');
    });
  </script>`;

const BODY = `
  <p id="text">old</p><p id="count"></p><input id="input">
  <a id="link" href="/other" rel="next">other</a> <a id="hash" href="#text">hash</a> <a id="handled" href="/x" rel="nofollow">handled</a>
  <form id="routed"><button>go</button></form> <form id="action"><button>do</button></form>`;

it('applies patches, tells when they are painted, and is not loaded when they show all', async () => {
  const { site, page } = await openPage();
  await page.fill('#input', 'typed');
  sendPatch(site, 'p1', 'new');
  sendPatch(site, 'p2', 'newer');
  await site.waitForSaid('the second', (said) => said.type === 'patched' && said.id === 'p2');
  expect(site.saidOf('patched')).toEqual([
    { type: 'patched', id: 'p1', ok: true },
    { type: 'patched', id: 'p2', ok: true },
  ]);
  expect(await page.textContent('#text')).toBe('newer');
  site.sendReload(1, ['p1', 'p2']);
  await page.getByText('New build at the next navigation').waitFor();
  // As good as new, also when it connects anew.
  site.breakSockets();
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/')).toBe(1);
  expect(await page.inputValue('#input')).toBe('typed');
});

it('applies a patch once, though it is told again on every connection', async () => {
  const { site, page } = await openPage();
  sendPatch(site, 'p1', 'new');
  await site.waitForSaid('the patch', ({ type }) => type === 'patched');
  site.breakSockets();
  await site.waitForPages(2);
  sendPatch(site, 'p1', 'new');
  sendPatch(site, 'p2', 'newer');
  await site.waitForSaid('the second', (said) => said.type === 'patched' && said.id === 'p2');
  expect(await page.textContent('#count')).toBe('xx');
});

it('waits with a patch until the page was read', async () => {
  const { site, page } = await openPage();
  const ends: (() => void)[] = [];
  site.serve('/streamed', (_, response, script) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write(`<!doctype html><html><head>${script}</head><body>`);
    ends.push(() => response.end(BODY));
  });
  await page.goto(`${site.url}/streamed`, { waitUntil: 'commit' });
  await site.waitForPages(2);
  sendPatch(site, 'p1', 'new');
  await site.roundTrip();
  for (const end of ends) end();
  expect(await site.waitForSaid('the patch', ({ type }) => type === 'patched')).toMatchObject({ ok: true });
  expect(await page.textContent('#text')).toBe('new');
});

it('is loaded when the app shows again what was patched away: at once, or with the build', async () => {
  const { site, page } = await openPatched();
  await page.evaluate(() => document.dispatchEvent(new Event('stale')));
  await site.waitForPages(2);
  sendPatch(site, 'p2', 'newer');
  await site.waitForSaid('the second', (said) => said.type === 'patched' && said.id === 'p2');
  await page.evaluate(() => document.dispatchEvent(new Event('stale')));
  await settle(page);
  expect(site.loads('/')).toBe(2);
  site.sendReload(2, ['p2']);
  await site.waitForPages(3);
  expect(site.loads('/')).toBe(3);
});

it.each([
  ['one of them was not applied', ['p1', 'p2']],
  ['none is named', []],
  ['they do not show all', null],
])('is loaded when %s', async (_, patches) => {
  const { site } = await openPage();
  sendPatch(site, 'p1', 'new');
  sendPatch(site, 'p2', null);
  await site.waitForSaid('the refusal', (said) => said.type === 'patched' && said.id === 'p2' && !said.ok);
  site.sendReload(1, patches);
  await site.waitForPages(2);
  expect(site.loads('/')).toBe(2);
});

it('is loaded for content that comes after a patch', async () => {
  const { site } = await openPatched();
  site.sendReload(2);
  await site.waitForPages(2);
  expect(site.loads('/')).toBe(2);
});

it('takes the new wasm with the next link, and leaves the link as it was', async () => {
  const { site, page } = await openPatched();
  await page.click('#link', { modifiers: ['Control'] });
  await page.click('#hash');
  await page.click('#handled');
  await settle(page);
  expect(site.loads('/')).toBe(1);
  expect(await page.getAttribute('#handled', 'rel')).toBe('nofollow');
  expect(new URL(page.url()).hash).toBe('#text');
  await page.click('#link');
  await waitUntil('the full page', async () => (await page.textContent('body')) === 'full page');
});

it('takes the new wasm when the back button brings it back', async () => {
  const { site, page } = await openPatched();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await waitUntil('the load', () => site.loads('/') === 2);
  await page.waitForLoadState();
});

it('leaves the links of an unpatched page to the router', async () => {
  const { site, page } = await openPage();
  await page.click('#link');
  expect(await page.textContent('#text')).toBe('routed');
  expect(site.loads('/other')).toBe(0);
});

it('loads the page that the router shows for a form, and leaves the forms of the app alone', async () => {
  const { site, page } = await openPatched();
  await page.click('#action button');
  await settle(page);
  expect(site.asked.filter((path) => path.startsWith('/?'))).toEqual([]);
  await page.click('#routed button');
  await waitUntil('the full page', async () => (await page.textContent('body')) === 'full page');
  expect(site.loads('/')).toBe(1);
});

async function openPage(): Promise<{ site: FakeSite; page: Page }> {
  const site = await startSite();
  const handled =
    "<script>document.getElementById('handled').addEventListener('click', (e) => e.preventDefault())</script>";
  site.page('/', () => ({ body: BODY + handled + ROUTER }));
  site.page('/other', () => ({ body: 'full page' }));
  const { page } = await chromium.open();
  await page.route('**/client/main.js?*', (route: Route) =>
    route.fulfill({ contentType: 'text/javascript', body: client }),
  );
  await page.goto(site.url);
  await site.waitForPages(1);
  return { site, page };
}

/** A page that shows the newest by a patch, with old wasm. */
async function openPatched(): Promise<{ site: FakeSite; page: Page }> {
  const { site, page } = await openPage();
  sendPatch(site, 'p1', 'new');
  site.sendReload(1, ['p1']);
  await page.getByText('New build at the next navigation').waitFor();
  return { site, page };
}

function sendPatch(site: FakeSite, id: string, views: string | null): void {
  site.send({ type: 'patch', patch: { id, savedAt: 0, views } });
}
