import { connect } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { descendantsOf, isSameProcessAlive } from '../../src/build/process-tree.js';
import { launchBrowser } from '../support/chromium.js';
import { waitForHydration } from './support/browser.js';
import { DevProcess } from './support/dev-process.js';
import { SampleApp } from './support/sample-app.js';

/** The whole way with real parts: cargo-leptos, rustc, wasm-bindgen, the app's server, Chromium. One app, in order. */
describe('dev on the sample app', () => {
  let app: SampleApp;
  let dev: DevProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    app = new SampleApp('tidepool');
    [browser, dev] = await Promise.all([launchBrowser(), DevProcess.start(app.dir)]);
    page = await browser.newPage();
  });

  beforeEach(() => {
    const from = dev.mark;
    onTestFailed(() => {
      process.stderr.write(`${dev.tell(from)}\n`);
    });
  });

  afterAll(async () => {
    await dev?.end();
    await browser?.close();
  });

  it('serves a page that comes alive in the browser', async () => {
    const ready = await dev.event('ready');
    expect(ready.url).toBe(dev.url);
    expect(ready.gate).toBe(true);
    await page.goto(dev.url);
    await waitForHydration(page);
    await page.click('#counter-button');
    expect(await page.textContent('#counter')).toBe('1');
  });

  it('uses the balanced profile though no file has it', async () => {
    expect((await dev.event('ready')).mode).toBe('balanced profile');
    expect(app.read('Cargo.toml')).not.toContain('dev-fast');
  });

  it('shows an edit of a text in the open page before it is built, and keeps its state', async () => {
    const loadedAt = await page.evaluate(() => performance.timeOrigin);
    const from = dev.mark;
    const events = await dev.save(() => app.edit('src/pages/home.rs', 'Life between the tides', 'Low tide at noon'));
    const patched = await dev.event('patched', from);
    const reloaded = events.find((event) => event.event === 'reloaded');
    expect(patched.batch).toBe(reloaded?.batch);
    expect(patched.ms).toBeLessThan(reloaded?.ms ?? 0);
    const built = events.flatMap((event) => (event.event === 'build-started' ? [event.side] : []));
    expect([...built].sort()).toEqual(['front', 'server']);
    expect(await (await fetch(dev.url)).text()).toContain('Low tide at noon');
    expect(await page.textContent('#headline')).toBe('Low tide at noon');
    expect(await page.textContent('#counter')).toBe('1');
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loadedAt);
  });

  it('takes the new wasm with the next navigation of such a page', async () => {
    const loadedAt = await page.evaluate(() => performance.timeOrigin);
    await page.click('#nav-about');
    await page.waitForFunction((before) => performance.timeOrigin > before, loadedAt);
    await page.goto(dev.url);
  });

  it('brings an edit of code to the hydrated page, with one reload', async () => {
    await waitForHydration(page);
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    const from = dev.mark;
    await dev.save(() => app.edit('src/pages/home.rs', 'RwSignal::new(0)', 'RwSignal::new(7)'));
    await dev.event('painted', from);
    await waitForHydration(page);
    await page.click('#counter-button');
    expect(await page.textContent('#counter')).toBe('8');
    expect(loads).toBe(1);
  });

  it('refuses no request while the server restarts', async () => {
    const outcomes: string[] = [];
    let done = false;
    const visitor = (async () => {
      while (!done) outcomes.push(await fetch(`${dev.url}about`).then((response) => String(response.status), String));
    })();
    await dev.save(() => app.edit('src/pages/about.rs', '<h1', '<h1 data-edited="yes"'));
    done = true;
    await visitor;
    expect(outcomes.length).toBeGreaterThan(1);
    expect(new Set(outcomes)).toEqual(new Set(['200']));
  });

  it('answers the server function of the new build', async () => {
    const events = await dev.save(() => app.edit('src/api.rs', 'Hello, {name}!', 'Ahoy, {name}!'));
    // The browser has only the call of it.
    const skipped = events.filter((event) => event.event === 'build-skipped');
    expect(skipped).toMatchObject([{ side: 'front', reason: 'only the body of `greet` changed' }]);
    await page.goto(dev.url);
    await waitForHydration(page);
    await page.fill('#name', 'Ada');
    await page.click('#greet-button');
    await page.waitForFunction(() => document.querySelector('#greeting')?.textContent?.startsWith('Ahoy, Ada!'));
  });

  it('swaps the stylesheet and keeps the state of the page', async () => {
    await page.click('#counter-button');
    const count = await page.textContent('#counter');
    const events = await dev.save(() =>
      app.write('style/main.css', `${app.read('style/main.css')}\nh1 { color: rgb(1, 2, 3); }\n`),
    );
    await page.waitForFunction(() => {
      const headline = document.querySelector('#headline');
      return headline !== null && getComputedStyle(headline).color === 'rgb(1, 2, 3)';
    });
    expect(await page.textContent('#counter')).toBe(count);
    expect(events.some((event) => event.event === 'build-started' && event.side === 'front')).toBe(false);
  });

  it('shows a compile error with its place, goes on serving, and recovers when it is mended', async () => {
    const from = dev.mark;
    app.edit('src/pages/home.rs', '"Low tide at noon"', '{wrong_name}');
    const failed = await dev.event('build-finished', from, (event) => !event.ok);
    const [error] = failed.diagnostics.filter((diagnostic) => diagnostic.level === 'error');
    expect(error).toMatchObject({ code: 'E0425', file: 'src/pages/home.rs' });
    expect(error?.rendered).toContain('wrong_name');
    expect(await (await fetch(dev.url)).text()).toContain('Low tide at noon');
    const overlay = page.locator('leptos-fast-overlay').getByText('src/pages/home.rs:').first();
    await overlay.waitFor();

    await dev.save(() => app.edit('src/pages/home.rs', '{wrong_name}', '"High tide at six"'));
    expect(await (await fetch(dev.url)).text()).toContain('High tide at six');
    await page.waitForFunction(() => document.querySelector('#headline')?.textContent === 'High tide at six');
    await overlay.waitFor({ state: 'hidden' });
  });

  it('builds nothing for a comment', async () => {
    const events = await dev.save(() => app.edit('src/app.rs', '//! The frame', '//! Frame and'));
    expect(events.at(-1)).toMatchObject({ event: 'reloaded', kind: 'none' });
    expect(events.some((event) => event.event === 'build-started')).toBe(false);
  });

  it('builds nothing for a save that changes nothing', async () => {
    const from = dev.mark;
    app.write('src/app.rs', app.read('src/app.rs'));
    // A real change after it shows that the first save is through.
    await dev.save(() => app.write('style/main.css', `${app.read('style/main.css')}\n`));
    const batches = dev.events.slice(from).filter((event) => event.event === 'change-batch');
    expect(batches.map((event) => event.files)).toEqual([['style/main.css']]);
    expect(dev.events.slice(from).some((event) => event.event === 'build-started' && event.side !== 'style')).toBe(
      false,
    );
  });

  it('copies an asset that is added and drops one that is deleted', async () => {
    await dev.save(() => app.write('public/note.txt', 'low water'));
    expect(await (await fetch(`${dev.url}note.txt`)).text()).toBe('low water');
    await dev.save(() => app.remove('public/note.txt'));
    expect((await fetch(`${dev.url}note.txt`)).status).toBe(404);
  });

  it('shows the error when a module that is used is deleted', async () => {
    const text = app.read('src/pages/about.rs');
    const from = dev.mark;
    app.remove('src/pages/about.rs');
    const failed = await dev.event('build-finished', from, (event) => !event.ok);
    expect(failed.diagnostics.map((diagnostic) => diagnostic.code)).toContain('E0583');
    await dev.save(() => app.write('src/pages/about.rs', text));
    expect((await fetch(`${dev.url}about`)).status).toBe(200);
  });

  it('restarts cargo-leptos and the page when cargo-leptos is killed', async () => {
    const from = dev.mark;
    const cargoLeptos = (await descendantsOf(dev.child.pid ?? 0)).find((info) => info.command === 'cargo-leptos');
    process.kill(cargoLeptos?.pid ?? 0, 'SIGKILL');
    await dev.event('recovery', from);
    await dev.event('server-started', from);
    expect((await fetch(dev.url)).status).toBe(200);
  });

  it('ends with 0 on Ctrl-C and leaves no process and no port behind', async () => {
    const offspring = await descendantsOf(dev.child.pid ?? 0);
    expect(offspring.length).toBeGreaterThan(1);
    expect(await dev.interrupt()).toBe(0);
    expect(dev.events.at(-1)).toMatchObject({ event: 'stopped', exitCode: 0 });
    for (const info of offspring) expect(await isSameProcessAlive(info), `${info.command} still runs`).toBe(false);
    expect(await accepts(dev.port)).toBe(false);
  });

  it('compiles nothing at a start after a checkout that has only renewed the times of files', async () => {
    dev = await DevProcess.start(app.dir);
    await dev.event('ready');
    await dev.interrupt();
    for (const file of ['src/app.rs', 'src/api.rs', 'src/pages/home.rs']) app.write(file, app.read(file));
    dev = await DevProcess.start(app.dir);
    await dev.event('ready');
    const builds = dev.events.flatMap((event) => (event.event === 'build-finished' ? [event] : []));
    expect(builds.map(({ side }) => side).sort()).toEqual(['front', 'server']);
    expect(builds.flatMap(({ compiled = [] }) => compiled)).toEqual([]);
    const told = dev.events.flatMap((event) => (event.event === 'notice' ? [event.message] : []));
    for (const side of ['front', 'server']) {
      expect(told).toContainEqual(expect.stringMatching(`^${side}: 3 files are newer than their build`));
    }
  });
});

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
