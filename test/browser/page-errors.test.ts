// biome-ignore-all lint/suspicious/noConsole: a panic comes by the console.
import { expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.js';
import { startSite } from './support/fake-site.js';
import { settle, useChromium } from './support/tab.js';

const chromium = useChromium();

it('tells of panics and uncaught exceptions once each, capped, and swallows none', async () => {
  const site = await startSite();
  site.page('/', () => ({ body: '<img src="/missing.png">' }));
  const { page, errors } = await chromium.open();
  const printed: string[] = [];
  page.on('console', (message) => message.type() === 'error' && printed.push(message.text()));
  await page.goto(site.url);
  await site.waitForPages(1);
  await page.evaluate(async () => {
    const nextTask = () => new Promise((resolve) => setTimeout(resolve));
    const panic = 'panicked at src/app.rs:10:5:\nindex out of bounds\n\nStack:\n\nError\n    at x';
    console.error(panic);
    console.error(panic);
    console.error('something else');
    // What a panic ends with.
    setTimeout(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    await nextTask();
    setTimeout(() => {
      throw new TypeError('thrown');
    });
    await nextTask();
    void Promise.reject(new Error('rejected'));
    void Promise.reject('a text');
  });
  await site.waitForSaid('the rejections', (said) => said.type === 'page-error' && said.message === 'a text');
  await page.evaluate(() => {
    console.error(`panicked at ${'long'.repeat(10_000)}`);
  });
  await site.waitForSaid('the last', (said) => said.type === 'page-error' && said.message.includes('long'));
  const told = site.saidOf('page-error').map(({ message }) => message);
  expect(told.map((message) => message.slice(0, 24))).toEqual([
    'panicked at src/app.rs:1',
    expect.stringContaining('TypeError: thrown'),
    expect.stringContaining('Error: rejected'),
    'a text',
    'panicked at longlonglong',
  ]);
  expect(told[0]).toContain('index out of bounds');
  expect(told[1]).toContain('at ');
  expect(Math.max(...told.map(({ length }) => length))).toBe(4_000);
  expect(printed.filter((text) => text.startsWith('panicked') || text === 'something else')).toHaveLength(4);
  expect(errors.join('\n')).toMatch(/unreachable[\s\S]*thrown[\s\S]*rejected/);
});

it('tells no more of a page that fails all the time', async () => {
  const site = await startSite();
  site.page('/', () => ({ body: '' }));
  const { page } = await chromium.open();
  await page.goto(site.url);
  await site.waitForPages(1);
  await page.evaluate(() => {
    for (let number = 0; number < 100; number += 1) console.error(`panicked at ${number}`);
  });
  await settle(page);
  await site.roundTrip();
  expect(site.saidOf('page-error')).toHaveLength(20);
});

it('keeps what it has to tell until it is connected', async () => {
  const site = await startSite();
  site.page('/', () => ({ body: '' }));
  const { page } = await chromium.open();
  await page.addInitScript(() => {
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL) {
        super(url);
        this.addEventListener('close', () => {
          document.documentElement.dataset.closed = 'yes';
        });
      }
    };
  });
  await page.goto(site.url);
  await site.waitForPages(1);
  await site.close();
  // Until then the page takes the connection for a whole one, and what it sends is lost.
  await waitUntil('the page to know', async () => (await page.getAttribute('html', 'data-closed')) === 'yes');
  await page.evaluate(() => console.error('panicked at src/app.rs:1:1'));
  await site.listen();
  await site.waitForSaid('the panic', ({ type }) => type === 'page-error');
});
