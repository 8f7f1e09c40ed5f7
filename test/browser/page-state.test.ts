import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.js';
import { type FakeSite, startSite } from './support/fake-site.js';
import { settle, useChromium } from './support/tab.js';

const chromium = useChromium();

const TALL = '<div style="height: 3000px">tall</div>';

it('keeps how far the window and elements are scrolled, also when the page comes slowly, and goes there in one step', async () => {
  const site = await startSite();
  const rest: (() => void)[] = [];
  const scroller = `<div class="list" style="height: 100px; overflow: auto">${TALL}</div>`;
  const style = '<style>* { scroll-behavior: smooth }</style>';
  site.serve('/', (_, response, script) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write(`<!doctype html><html><head>${script}${style}</head><body><p>first</p>`);
    const end = () => response.end(`${scroller}${TALL}</body></html>`);
    if (site.loads('/') === 1) end();
    else rest.push(end);
  });
  const { page } = await chromium.open();
  await page.addInitScript(() => {
    addEventListener('scroll', () => {
      document.documentElement.dataset.seen = `${document.documentElement.dataset.seen ?? ''} ${scrollY}`;
    });
  });
  await page.goto(site.url);
  await site.waitForPages(1);
  // The browser's own memory for scrolled windows must not hide that ours fails.
  await page.evaluate(() => {
    history.scrollRestoration = 'manual';
    window.scrollTo({ top: 1_234, behavior: 'instant' });
    document.querySelector('.list')?.scrollTo({ top: 321, behavior: 'instant' });
  });
  site.sendReload(1);
  await site.waitForPages(2);
  for (const end of rest) end();
  await waitUntil('both positions', () =>
    page.evaluate(() => window.scrollY === 1_234 && document.querySelector('.list')?.scrollTop === 321),
  );
  await waitUntil('the event', async () => (await page.getAttribute('html', 'data-seen')) === ' 1234');
});

it('does not scroll against the user', async () => {
  const { site, page } = await openPage(TALL);
  await page.evaluate(() => {
    history.scrollRestoration = 'manual';
    window.scrollTo(0, 1_200);
  });
  site.sendReload(1);
  await site.waitForPages(2);
  await waitUntil('the position', () => page.evaluate(() => window.scrollY === 1_200));
  await page.mouse.move(100, 100);
  await page.mouse.wheel(0, -500);
  await waitUntil('the user to have scrolled', () => page.evaluate(() => window.scrollY < 1_200));
  const seen = await page.evaluate(async () => {
    const positions: number[] = [];
    // Longer than from one attempt to the next.
    for (let frame = 0; frame < 20; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      positions.push(window.scrollY);
    }
    return positions;
  });
  expect(Math.max(...seen)).toBeLessThan(1_200);
});

const FORM = `
  <form autocomplete="off">
    <input name="text" value="default">
    <textarea name="area">default</textarea>
    <input name="box" type="checkbox">
    <input name="unbox" type="checkbox" checked>
    <input name="radio" type="radio" value="a" checked><input name="radio" type="radio" value="b">
    <select name="one"><option>a</option><option>b</option></select>
    <select name="many" multiple><option>a</option><option>b</option><option>c</option></select>
    <input name="untouched" value="old default">
    <input name="secret" type="password">
    <input name="seen" type="password">
    <input name="hidden">
    <input name="code" autocomplete="one-time-code">
    <div class="editable" contenteditable><b>fat</b> rest</div>
  </form>`;

it('keeps what was put into every kind of control, and nothing that is secret', async () => {
  const site = await startSite();
  site.page('/', () => ({ body: site.loads('/') === 1 ? FORM : FORM.replace('old default', 'new default') }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  await page.fill('[name=text]', 'typed');
  await page.fill('[name=area]', 'two\nlines');
  await page.check('[name=box]');
  await page.uncheck('[name=unbox]');
  await page.check('[value=b]');
  await page.selectOption('[name=one]', 'b');
  await page.selectOption('[name=many]', ['a', 'c']);
  await page.fill('[name=secret]', 'swordfish');
  await page.fill('[name=seen]', 'swordfish');
  // The eye that shows a password.
  await page.evaluate(() => document.querySelector('[name=seen]')?.setAttribute('type', 'text'));
  await page.fill('[name=hidden]', 'swordfish');
  await page.evaluate(() => document.querySelector('[name=hidden]')?.setAttribute('type', 'password'));
  await page.fill('[name=code]', 'swordfish');
  await page.click('.editable');
  await page.keyboard.press('End');
  await page.keyboard.type(' more');
  const stored = await storedAtReload(site, page);
  await waitUntil('the last control', async () => (await page.textContent('.editable')) === 'fat rest more');
  expect(await page.inputValue('[name=text]')).toBe('typed');
  expect(await page.inputValue('[name=area]')).toBe('two\nlines');
  expect(await page.isChecked('[name=box]')).toBe(true);
  expect(await page.isChecked('[name=unbox]')).toBe(false);
  expect(await page.isChecked('[value=b]')).toBe(true);
  expect(await page.inputValue('[name=one]')).toBe('b');
  expect(
    await page.$$eval('[name=many] option', (all) => all.map((one) => (one as HTMLOptionElement).selected)),
  ).toEqual([true, false, true]);
  expect(await page.innerHTML('.editable')).toBe('<b>fat</b> rest more');
  expect(await page.inputValue('[name=untouched]')).toBe('new default');
  expect(stored).toContain('typed');
  expect(stored).not.toContain('swordfish');
});

it('keeps the focus and what is selected', async () => {
  const { site, page } = await openPage(
    '<input autofocus id="other"><input id="mine"><p contenteditable>some text</p>',
  );
  await page.fill('#mine', 'a long text');
  await page.$eval('#mine', (input) => (input as HTMLInputElement).setSelectionRange(2, 6, 'backward'));
  site.sendReload(1);
  await site.waitForPages(2);
  await waitUntil('the focus', () => page.evaluate(() => document.activeElement?.id === 'mine'));
  const selection = () =>
    page.$eval('#mine', (element) => {
      const { selectionStart, selectionEnd, selectionDirection } = element as HTMLInputElement;
      return [selectionStart, selectionEnd, selectionDirection];
    });
  expect(await selection()).toEqual([2, 6, 'backward']);

  await page.click('p');
  await page.evaluate(() => {
    const text = document.querySelector('p')?.firstChild;
    if (text) getSelection()?.setBaseAndExtent(text, 5, text, 9);
  });
  site.sendReload(2);
  await site.waitForPages(3);
  await waitUntil('the selection', () => page.evaluate(() => getSelection()?.toString() === 'text'));
});

/** As a Leptos app: the listeners come with hydration, and `prop:value` overwrites what stands there. */
const HYDRATES = `
  <input id="field"><output id="signal">empty</output><output id="heard">0</output>
  <script>
    globalThis.hydrate = () => {
      const field = document.getElementById('field');
      let heard = 0;
      if (field.dataset.overwrites) field.value = '';
      field.addEventListener('input', () => {
        document.getElementById('signal').textContent = field.value;
        document.getElementById('heard').textContent = String(++heard);
      });
    };
  </script>`;

const OVERWRITES = HYDRATES.replace('<input', '<input data-overwrites="yes"');

it.each([
  ['comes and keeps the value of the control', HYDRATES, hydrate],
  ['comes and overwrites it', OVERWRITES, hydrate],
  ['comes after a long task and overwrites it', OVERWRITES, hydrateAfterLongTask],
])('brings a value to the signals once, when hydration %s', async (_, body, hydrateAnew) => {
  const { site, page } = await openPage(body);
  await hydrate(page);
  await page.fill('#field', 'typed');
  site.sendReload(1);
  await site.waitForPages(2);
  await waitUntil('the value before hydration', async () => (await page.inputValue('#field')) === 'typed');
  await hydrateAnew(page);
  await waitUntil('the signal', async () => (await page.textContent('#signal')) === 'typed');
  expect(await page.inputValue('#field')).toBe('typed');
  await settle(page);
  expect(await page.textContent('#heard')).toBe('1');
});

it('leaves a control alone that the user types into before hydration', async () => {
  const { site, page } = await openPage(HYDRATES);
  await page.fill('#field', 'before');
  site.sendReload(1);
  await site.waitForPages(2);
  await waitUntil('the value', async () => (await page.inputValue('#field')) === 'before');
  await page.fill('#field', 'the user');
  await page.evaluate(() => document.getElementById('field')?.addEventListener('input', () => undefined));
  await settle(page);
  expect(await page.inputValue('#field')).toBe('the user');
});

it('gives the state to the same address only, and once', async () => {
  const { site, page } = await openPage('<input id="field" autocomplete="off">');
  await page.fill('#field', 'typed');
  site.sendReload(1);
  await site.waitForPages(2);
  await waitUntil('the value', async () => (await page.inputValue('#field')) === 'typed');
  expect(await handover(page)).toBeNull();
  // A page that was not loaded by us gets nothing.
  await page.goto(`${site.url}/?other`);
  await site.waitForPages(3);
  await settle(page);
  expect(await page.inputValue('#field')).toBe('');
});

it('leaves the nodes of an editable element to hydration as the server wrote them', async () => {
  const body = '<div contenteditable>server</div>';
  const site = await startSite();
  site.page('/', () => ({ head: '<link rel="preload" as="fetch" href="/app.wasm">', body }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  await page.click('div');
  await page.keyboard.press('End');
  await page.keyboard.type('!');
  const wasm: (() => void)[] = [];
  site.serve('/app.wasm', (_, response) => void wasm.push(() => response.end()));
  site.sendReload(1);
  await site.waitForPages(2);
  await waitUntil('the wasm', () => wasm.length > 0);
  await settle(page);
  expect(await page.textContent('div')).toBe('server');
  for (const answer of wasm) answer();
  await waitUntil('the text', async () => (await page.textContent('div')) === 'server!');
});

async function openPage(body: string): Promise<{ site: FakeSite; page: Page }> {
  const site = await startSite();
  site.page('/', () => ({ body }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  return { site, page };
}

function hydrate(page: Page): Promise<void> {
  return page.evaluate(() => (globalThis as unknown as { hydrate: () => void }).hydrate());
}

/** Our next look at the values is due right after hydration, before anything that hydration posts. */
function hydrateAfterLongTask(page: Page): Promise<void> {
  return page.evaluate(() => {
    setTimeout(() => (globalThis as unknown as { hydrate: () => void }).hydrate(), 1);
    const until = performance.now() + 120;
    while (performance.now() < until);
  });
}

function handover(page: Page): Promise<string | null> {
  return page.evaluate(() => sessionStorage.getItem('leptos-fast:handover'));
}

/** What is in the storage while the page is away, read by a page of the same site that runs no script of ours. */
async function storedAtReload(site: FakeSite, page: Page): Promise<string> {
  await page.evaluate(() => {
    window.addEventListener('pagehide', () => {
      const stored = sessionStorage.getItem('leptos-fast:handover') ?? '';
      localStorage.setItem('seen', stored);
    });
  });
  site.sendReload(1);
  await site.waitForPages(2);
  return page.evaluate(() => localStorage.getItem('seen') ?? '');
}
