import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { PageError, PageStatus } from '../../src/serve/page-protocol.js';
import { waitUntil } from '../support/wait-until.js';
import { type FakeSite, startSite } from './support/fake-site.js';
import { useChromium } from './support/tab.js';

const chromium = useChromium();

const FIRST: PageError = {
  label: 'error[E0308]',
  message: 'mismatched types',
  rendered:
    '\u001b[1m\u001b[38;5;9merror[E0308]\u001b[0m: <b>mismatched</b> types\n  \u001b[4mhelp\u001b[0m: ' +
    'long '.repeat(200),
  sides: ['front', 'server'],
  place: { file: 'src/app.rs', line: 41, column: 9 },
  editorUrl: 'vscode://file/project/src/app.rs:41:9',
};
const SECOND: PageError = { ...FIRST, label: 'error', message: 'second', rendered: 'second', place: null };
const THIRD: PageError = { ...SECOND, message: 'third', rendered: 'third' };
const FAILED: PageStatus = {
  kind: 'failed',
  title: 'The build failed',
  errors: [FIRST, SECOND, THIRD],
  warnings: 2,
  building: false,
};
const BUILDING: PageStatus = { kind: 'building', what: 'front', elapsedMs: 0, expectedMs: null };

it('shows the first error as rustc renders it, with the count, and is gone when it is mended', async () => {
  const { site, page } = await openPage(FAILED);
  const dialog = page.getByRole('alertdialog', { name: 'The build failed' });
  await dialog.waitFor();
  const text = await dialog.innerText();
  expect(text).toContain('1 of 3 errors, 2 warnings');
  expect(text).toContain('reported by front and server');
  expect(text).not.toContain('Rebuilding');
  const code = dialog.locator('pre');
  // Text, never HTML.
  expect(await code.innerText()).toContain('<b>mismatched</b>');
  const label = code.getByText('error[E0308]');
  expect(await css(label, 'fontWeight')).toBe('700');
  expect(await css(label, 'color')).toBe('rgb(196, 28, 40)');
  expect(await css(code.getByText('help'), 'textDecorationLine')).toBe('underline');

  site.sendStatus({ ...FAILED, building: true });
  await dialog.getByText('Rebuilding').waitFor();
  site.sendStatus({ kind: 'idle' });
  await dialog.waitFor({ state: 'detached' });
  expect(await page.locator('leptos-fast-overlay').count()).toBe(0);
});

it('leads through the errors by buttons and arrows', async () => {
  const { page } = await openPage(FAILED);
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: 'Next error' }).click();
  await dialog.getByText('2 of 3 errors').waitFor();
  await dialog.getByText('second').first().waitFor();
  await page.keyboard.press('ArrowRight');
  await dialog.getByText('3 of 3 errors').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await dialog.getByText('2 of 3 errors').waitFor();
});

it('keeps its place when only the building changes, and begins anew with other errors', async () => {
  const { site, page } = await openPage(FAILED);
  const dialog = page.getByRole('alertdialog');
  await dialog.locator('pre').evaluate((pre) => pre.scrollTo(50, 0));
  site.sendStatus({ ...FAILED, building: true });
  await dialog.getByText('Rebuilding').waitFor();
  expect(await dialog.locator('pre').evaluate((pre) => pre.scrollLeft)).toBe(50);
  await page.keyboard.press('ArrowRight');
  await dialog.getByText('2 of 3 errors').waitFor();
  site.sendStatus({ ...FAILED, errors: [THIRD, SECOND] });
  await dialog.getByText('1 of 2 errors, 2 warnings').waitFor();
});

it('opens the editor by leptos-fast, or by a link', async () => {
  const { site, page } = await openPage(FAILED);
  await page.getByRole('button', { name: 'src/app.rs:41:9' }).click();
  expect(await site.waitForSaid('the click', ({ type }) => type === 'open')).toEqual({ type: 'open', error: 0 });
  site.canOpen = false;
  site.breakSockets();
  const link = page.getByRole('link', { name: 'src/app.rs:41:9' });
  await link.waitFor();
  expect(await link.getAttribute('href')).toBe('vscode://file/project/src/app.rs:41:9');
});

it('hides with Escape until the next change, and stays as a badge that shows it again', async () => {
  const { site, page } = await openPage(FAILED);
  const dialog = page.getByRole('alertdialog');
  const badge = page.getByRole('button', { name: '3 errors' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await badge.waitFor();
  expect(await dialog.isVisible()).toBe(false);
  // The same again is no change.
  site.sendStatus({ ...FAILED, building: true });
  site.sendStatus({ ...FAILED, building: true });
  await badge.locator('.ring').waitFor();
  expect(await dialog.isVisible()).toBe(false);
  // A build that ended with the same errors is one.
  site.sendStatus(FAILED);
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await badge.click();
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Hide' }).click();
  await badge.waitFor();
  site.sendStatus(BUILDING);
  site.sendStatus(FAILED);
  await dialog.waitFor();
});

it('takes the focus for the keyboard, but not from an input', async () => {
  const { site, page } = await openPage({ kind: 'idle' }, '<input id="mine">');
  await page.focus('#mine');
  site.sendStatus(FAILED);
  const dialog = page.getByRole('alertdialog');
  await dialog.waitFor();
  await page.keyboard.type('typed');
  expect(await page.inputValue('#mine')).toBe('typed');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '3 errors' }).waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  site.sendStatus({ ...FAILED, errors: [SECOND, THIRD] });
  await dialog.waitFor();
  await page.keyboard.press('ArrowRight');
  await dialog.getByText('2 of 2 errors').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label'))).toBe(
    'Previous error',
  );
});

it('shows what a server said when it died, and a failure without an error', async () => {
  const panic = { ...FIRST, label: 'panic', message: 'index out of bounds', rendered: '', sides: [], editorUrl: null };
  const { site, page } = await openPage({ ...FAILED, title: 'The server panicked', errors: [panic], warnings: 0 });
  const dialog = page.getByRole('alertdialog', { name: 'The server panicked' });
  await dialog.getByText('panic').first().waitFor();
  expect(await dialog.innerText()).toContain('1 error');
  expect(await dialog.locator('pre').count()).toBe(0);
  site.sendStatus({ ...FAILED, title: 'wasm-bindgen failed', errors: [], warnings: 0 });
  await page.getByRole('alertdialog', { name: 'wasm-bindgen failed' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'wasm-bindgen failed' }).waitFor();
});

it.each([
  ['everything hidden', '* { display: none !important }'],
  ['everything transparent', '* { opacity: 0 !important; visibility: hidden !important }'],
  [
    'boxes moved',
    'html { transform: translateX(5000px); filter: blur(9px) } * { font: 90px serif !important; color: lime !important; position: static !important; transition: all 9s !important }',
  ],
])('stands against a page with %s', async (_, style) => {
  const { page } = await openPage(FAILED, '<p>page</p>', `<style>${style}</style>`);
  const dialog = page.getByRole('alertdialog', { includeHidden: true });
  await dialog.waitFor();
  const title = dialog.locator('h2');
  expect(await css(title, 'fontSize')).toBe('15px');
  expect(await css(title, 'color')).toBe('rgb(27, 30, 37)');
  const box = await dialog.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect(box?.width).toBeGreaterThan(300);
  expect(await topmostAt(page, box)).toBe('leptos-fast-overlay');
  // Nothing of it is hidden by its ancestors: the accent stripe is really painted.
  expect(await pixel(page, (box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 2)).toEqual([209, 36, 47]);
});

it('lets the page be seen under the badge, also where the page paints backdrops', async () => {
  const { page } = await openPage(
    { ...BUILDING, elapsedMs: 1_000 },
    '',
    '<style>::backdrop { background: lime !important; display: block !important }</style>',
  );
  await page.locator('.badge').waitFor();
  expect(await pixel(page, 500, 100)).toEqual([255, 255, 255]);
});

it('stands above the highest element and an open dialog, and gives the page none of its style', async () => {
  const { site, page } = await openPage(
    { kind: 'idle' },
    '<dialog id="modal">modal</dialog><div id="high" class="panel" style="position: fixed; inset: 0; z-index: 2147483647">high</div>',
  );
  const before = await page.$eval('#high', (element) => JSON.stringify({ ...getComputedStyle(element) }));
  await page.evaluate(() => document.querySelector('dialog')?.showModal());
  site.sendStatus(FAILED);
  const dialog = page.getByRole('alertdialog', { includeHidden: true });
  await dialog.waitFor();
  const box = await dialog.boundingBox();
  expect(await pixel(page, (box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 2)).toEqual([209, 36, 47]);
  await page.evaluate(() => document.querySelector('dialog')?.close());
  expect(await topmostAt(page, box)).toBe('leptos-fast-overlay');
  expect(await page.$eval('#high', (element) => JSON.stringify({ ...getComputedStyle(element) }))).toBe(before);
});

it.each([360, 800, 1_600])('fits into a window of %i px, and scrolls long lines inside', async (width) => {
  const { page } = await openPage(FAILED, '<p>page</p>', '<meta name="viewport" content="width=device-width">', width);
  const dialog = page.getByRole('alertdialog');
  await dialog.waitFor();
  const box = await dialog.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  const overflow = await dialog.evaluate((element) => {
    const code = element.querySelector('pre') as HTMLElement;
    code.scrollLeft = 10;
    const rest = code.parentElement as HTMLElement;
    return {
      panel: element.scrollWidth - element.clientWidth,
      rest: rest.scrollWidth - rest.clientWidth,
      code: code.scrollLeft,
    };
  });
  expect(overflow).toEqual({ panel: 0, rest: 0, code: 10 });
});

it('follows the scheme of the system, stands still for those who want that, and is not printed', async () => {
  const { page } = await openPage({ ...FAILED, building: true });
  const dialog = page.getByRole('alertdialog');
  const ring = dialog.locator('.ring');
  await ring.waitFor();
  expect(await css(dialog, 'backgroundColor')).toBe('rgb(255, 255, 255)');
  expect(await css(ring, 'animationName')).toBe('turn');
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await css(dialog, 'backgroundColor')).toBe('rgb(26, 29, 35)');
  expect(await css(ring, 'animationName')).toBe('none');
  await page.emulateMedia({ media: 'print' });
  expect(await dialog.isVisible()).toBe(false);
});

it('shows a badge for a build that takes its time, which takes no click and no word', async () => {
  const { site, page } = await openPage(
    { kind: 'idle' },
    '<button style="position: fixed; left: 0; bottom: 0; width: 300px; height: 60px">page</button>',
  );
  site.sendStatus({ kind: 'building', what: 'front and server', elapsedMs: 1_500, expectedMs: 5_200 });
  const badge = page.locator('.badge');
  await badge.getByText('front and server').waitFor();
  const first = await badge.locator('.time').innerText();
  expect(first).toMatch(/^\d+\.\d s of about 5\.2 s$/);
  await waitUntil('the next tick', async () => (await badge.locator('.time').innerText()) !== first);
  expect(await badge.getAttribute('aria-hidden')).toBe('true');
  await page.evaluate(() => {
    document.querySelector('button')?.addEventListener('click', () => document.body.append('clicked'));
  });
  await page.mouse.click(60, (page.viewportSize()?.height ?? 0) - 30);
  await page.getByText('clicked').waitFor();
  await page.emulateMedia({ media: 'print' });
  expect(await badge.isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  site.sendStatus({ kind: 'building', what: 'bindgen', elapsedMs: 1_600, expectedMs: null });
  await badge.getByText('bindgen').waitFor();
  expect(await badge.locator('.time').innerText()).toMatch(/^\d+\.\d s$/);
  site.sendStatus({ kind: 'idle' });
  await badge.waitFor({ state: 'detached' });
});

it('shows no badge for a short build', async () => {
  const site = await startSite();
  site.page('/', () => ({ body: 'page' }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(60_000);
  const badge = page.locator('.badge');
  const send = async (status: PageStatus) => {
    site.sendStatus(status);
    await site.roundTrip();
    await page.evaluate(() => undefined);
  };
  await send(BUILDING);
  await page.clock.runFor(250);
  expect(await badge.count()).toBe(0);
  await send({ kind: 'idle' });
  await page.clock.runFor(1_000);
  expect(await badge.count()).toBe(0);
  await send(BUILDING);
  await page.clock.runFor(350);
  expect(await badge.isVisible()).toBe(true);
});

async function openPage(
  status: PageStatus,
  body = '<p>page</p>',
  head = '',
  width = 1_000,
): Promise<{ site: FakeSite; page: Page }> {
  const site = await startSite();
  site.status = status;
  site.page('/', () => ({ head, body }));
  const { page } = await chromium.open({ viewport: { width, height: 700 }, colorScheme: 'light' });
  await page.goto(site.url);
  await site.waitForPages(1);
  return { site, page };
}

function css(
  locator: ReturnType<Page['locator']>,
  property: 'color' | 'backgroundColor' | 'fontSize' | 'fontWeight' | 'textDecorationLine' | 'animationName',
): Promise<string> {
  return locator.evaluate((element, name) => getComputedStyle(element)[name], property);
}

function topmostAt(
  page: Page,
  box: { x: number; y: number; width: number; height: number } | null,
): Promise<string | undefined> {
  const { x, y, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 };
  return page.evaluate(([left, top]) => document.elementFromPoint(left, top)?.localName, [
    x + width / 2,
    y + height / 2,
  ] as const);
}

/** The colour that is really on the screen there. */
async function pixel(page: Page, x: number, y: number): Promise<number[]> {
  const reader = await page.context().newPage();
  const shot = await page.screenshot({
    clip: { x: Math.round(x), y: Math.round(y), width: 1, height: 1 },
    animations: 'disabled',
  });
  const colour = await reader.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas').getContext('2d');
    canvas?.drawImage(image, 0, 0);
    return [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
  }, shot.toString('base64'));
  await reader.close();
  return colour;
}
