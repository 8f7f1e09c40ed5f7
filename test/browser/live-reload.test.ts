import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.js';
import { type FakeSite, startSite } from './support/fake-site.js';
import { settle, useChromium } from './support/tab.js';

const chromium = useChromium();

it('loads itself once when there is newer content, and tells when it is painted', async () => {
  const { site, page } = await openPage();
  site.sendReload(7);
  await site.waitForSaid('the new page', (said) => said.type === 'shown' && said.batch === 7 && said.kind === 'reload');
  await settle(page);
  expect(site.loads('/')).toBe(2);
  expect(site.saidOf('shown')).toHaveLength(1);
});

it('loads itself once for two messages in quick succession', async () => {
  const site = await startSite();
  site.page('/', () => ({ body: 'page' }));
  const { page } = await chromium.open();
  await page.addInitScript(tellOfMessagesAndNavigations);
  await page.goto(site.url);
  await site.waitForPages(1);
  // The answer of the first navigation waits until the second message was dealt with.
  const held = holdNextPage(site);
  site.sendReload(1);
  await held.asked;
  site.now -= 1;
  site.send({ type: 'reload', since: site.since.content + 1, batch: 2, patches: null });
  await waitUntil('hello and two messages', () => site.loads('/heard') === 3);
  expect(site.loads('/navigates')).toBe(1);
  held.answer();
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/')).toBe(2);
});

it('leaves a page alone that was asked for after the new content was there', async () => {
  const { site, page } = await openPage();
  site.send({ type: 'reload', since: 1_000, batch: 1, patches: null });
  site.send({ type: 'reload', since: 999, batch: 2, patches: null });
  await settle(page);
  expect(site.loads('/')).toBe(1);
});

it('learns on connecting that it is behind', async () => {
  const site = await startSite();
  site.since = { ...site.since, content: 5_000 };
  site.page('/', () => {
    // The page came from the old server just before.
    site.now = 6_000;
    return { body: 'x' };
  });
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/')).toBe(2);
  expect(site.saidOf('hello').map(({ at }) => at)).toEqual([1_000, 6_000]);
});

it('loads the page in place of a stand-in as soon as there is content', async () => {
  const { site, page } = await openPage('<p>not up yet</p>', 0);
  site.sendReload(1);
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/')).toBe(2);
});

it('loads a stand-in when the server comes back, also where connecting alone did not help', async () => {
  const site = await startSite();
  site.now = 0;
  site.since = { ...site.since, content: 500 };
  site.page('/', () => ({ body: 'The app did not answer' }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/')).toBe(2);
  site.now = 1_000;
  site.send({ type: 'reload', since: 500, batch: 0, patches: null });
  await site.waitForPages(3);
  await settle(page);
  expect(site.loads('/')).toBe(3);
});

it('connects again by itself, and learns what it missed', async () => {
  const { site, page } = await openPage();
  site.since = { ...site.since, content: 1_500 };
  site.now = 2_000;
  site.breakSockets();
  await site.waitForPages(3);
  await settle(page);
  expect(site.loads('/')).toBe(2);
  expect(site.saidOf('hello').map(({ at }) => at)).toEqual([1_000, 1_000, 2_000]);
});

it('outlives a server that is gone for a while', async () => {
  const { site } = await openPage();
  await site.close();
  site.since = { ...site.since, content: 1_500 };
  site.now = 2_000;
  await site.listen();
  await site.waitForPages(3);
  expect(site.loads('/')).toBe(2);
});

it.each(['visibilitychange', 'online'])(
  'connects anew at once on %s, for the old socket may be dead',
  async (event) => {
    const { site, page } = await openPage();
    site.since = { ...site.since, content: 1_500 };
    site.now = 2_000;
    // The old socket stays open, and says nothing.
    await page.evaluate((type) => {
      (type === 'online' ? window : document).dispatchEvent(new Event(type));
    }, event);
    await site.waitForPages(3);
    expect(site.loads('/')).toBe(2);
  },
);

it('gets the new token after a restart of leptos-fast, with one load', async () => {
  const { site, page } = await openPage();
  site.token = 'run-2';
  site.now = 2_000;
  site.breakSockets();
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/')).toBe(2);
});

it('does not load itself again and again when a cache gives it the old page', async () => {
  const site = await startSite();
  // As from a service worker: always the page of the old run.
  const old = site.script(1_000);
  site.serve('/', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html><head>${old}</head><body>x`);
  });
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  site.token = 'run-2';
  site.breakSockets();
  await waitUntil('the load', () => site.loads('/') >= 2);
  await page.waitForLoadState('load');
  const closed = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('close'));
  await closed.catch(() => undefined);
  await settle(page);
  expect(site.loads('/')).toBe(2);
});

it('does not load itself again and again when a cache gives it old content', async () => {
  const site = await startSite();
  const old = site.script(1_000);
  site.serve('/', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html><head>${old}</head><body>x`);
  });
  site.since = { ...site.since, content: 1_500 };
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/')).toBe(2);
});

it('lets the browser keep the page, and learns that it is behind when the back button brings it back', async () => {
  const { site, page } = await openPage();
  // As the browser does it, whose own memory for pages the tests' Chromium has switched off.
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await waitUntil('the socket to be closed', () => site.connected === 0);
  site.since = { ...site.since, content: 1_500 };
  site.now = 2_000;
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await site.waitForPages(3);
  expect(site.saidOf('hello').map(({ at }) => at)).toEqual([1_000, 1_000, 2_000]);
});

it('keeps a page in a frame new, and shows nothing there', async () => {
  const site = await startSite();
  site.page('/framed', () => ({ body: 'inside' }));
  site.serve('/', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><html><body><iframe src="/framed"></iframe></body></html>');
  });
  site.status = { kind: 'failed', title: 'Broken', errors: [], warnings: 0, building: false };
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  site.sendReload(3);
  await site.waitForPages(2);
  await settle(page);
  expect(site.loads('/framed')).toBe(2);
  expect(site.loads('/')).toBe(1);
  expect(site.saidOf('shown')).toEqual([]);
  expect(await page.frames()[1]?.locator('leptos-fast-overlay').count()).toBe(0);
});

it('works while the page is still being read', async () => {
  const site = await startSite();
  const ends: (() => void)[] = [];
  site.serve('/', (_, response, script) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write(`<!doctype html><html><head>${script}`);
    ends.push(() => response.end('</head><body><p>late</p></body></html>'));
  });
  site.status = { kind: 'failed', title: 'Broken', errors: [], warnings: 0, building: false };
  const { page, errors } = await chromium.open();
  await page.goto(site.url, { waitUntil: 'commit' });
  // Connected before there is a body.
  await site.waitForPages(1);
  expect(await page.evaluate(() => document.body)).toBeNull();
  site.sendReload(1);
  await site.waitForPages(2);
  for (const end of ends) end();
  await page.getByText('late').waitFor();
  await page.getByRole('alertdialog').waitFor();
  expect(await page.evaluate(() => document.body.nextElementSibling?.localName)).toBe('leptos-fast-overlay');
  expect(site.loads('/')).toBe(2);
  expect(errors).toEqual([]);
});

it('works under a strict content security policy', async () => {
  const site = await startSite();
  const policy =
    "default-src 'none'; script-src 'nonce-abc'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
  site.serve('/', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(`<!doctype html><html><head>${site.script(site.now, ' nonce="abc"')}</head><body>x</body></html>`);
  });
  site.status = {
    kind: 'failed',
    title: 'The build failed',
    errors: [
      {
        label: 'error',
        message: 'broken',
        rendered: '\u001b[38;2;1;2;3mcoloured\u001b[0m',
        sides: ['front'],
        place: null,
        editorUrl: null,
      },
    ],
    warnings: 0,
    building: false,
  };
  const { page, errors } = await chromium.open();
  const violations: string[] = [];
  page.on('console', (message) => violations.push(message.text()));
  await page.goto(site.url);
  await page.getByRole('alertdialog').waitFor();
  const colour = await page.getByText('coloured').evaluate((element) => getComputedStyle(element).color);
  expect(colour).toBe('rgb(1, 2, 3)');
  site.sendStatus({ kind: 'building', what: 'front', elapsedMs: 1_000, expectedMs: 5_000 });
  await page.getByText('of about 5.0 s').waitFor({ state: 'attached' });
  site.sendReload(1);
  await site.waitForSaid('the new page', ({ type }) => type === 'shown');
  expect(violations.filter((text) => /Content Security Policy|TrustedHTML/.test(text))).toEqual([]);
  expect(errors).toEqual([]);
});

it('leaves the names of the page alone', async () => {
  const site = await startSite();
  site.page('/', () => ({ body: 'x' }));
  site.serve('/bare', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>x'));
  const { page } = await chromium.open();
  await page.goto(`${site.url}/bare`);
  const names = () => page.evaluate(() => Object.getOwnPropertyNames(window).sort());
  const bare = await names();
  await page.goto(site.url);
  await site.waitForPages(1);
  expect((await names()).filter((name) => !bare.includes(name))).toEqual([]);
});

async function openPage(body = '<p>page</p>', at?: number): Promise<{ site: FakeSite; page: Page }> {
  const site = await startSite();
  if (at !== undefined) site.now = at;
  site.page('/', () => ({ body }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  return { site, page };
}

/** Holds the answer to the next request of the page, as the proxy does while the server restarts. */
function holdNextPage(site: FakeSite): { asked: Promise<void>; answer: () => void } {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    site.serve('/', (_, response, script) => {
      answer = () => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(`<!doctype html><html><head>${script}</head><body>new</body></html>`);
      };
      resolve();
    });
  });
  return { asked, answer: () => answer() };
}

/** Runs in the page: asks the site for a file after each message was dealt with, and for another at each navigation. */
function tellOfMessagesAndNavigations(): void {
  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener('message', () => setTimeout(() => void fetch('/heard', { keepalive: true })));
    }
  };
  navigation.addEventListener('navigate', () => void fetch('/navigates', { keepalive: true }));
}
