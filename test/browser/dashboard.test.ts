import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { GraphAnswer } from '../../src/dashboard/graph-source.js';
import type { GraphFacts } from '../../src/graph/graph-facts.js';
import type { AdviceFacts } from '../../src/record/advice/facts.js';
import type { HistoryLine } from '../../src/record/build-record.js';
import { type DashboardServer, dashboardServer } from '../support/dashboard-server.js';
import { startDev } from '../support/dev-run.js';
import { fakeProject, rust } from '../support/fake-project.js';
import { crateFacts, GRAPH } from '../support/graph-facts.js';
import { recordedHistory } from '../support/recorded-history.js';
import { tempDir } from '../support/temp-dir.js';
import { HOSTILE_NAMES, record } from '../unit/record-support.js';
import { useChromium } from './support/tab.js';

const chromium = useChromium();
const FILE = 'builds-000001.jsonl';
const PATH = '/__leptos_fast/';

const FACTS: AdviceFacts = {
  cores: 2,
  memory: 8e9,
  installed: new Set(),
  rustcWrapper: null,
  assets: { bytes: 0, files: 0 },
};

const text = (lines: readonly HistoryLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const month = (): readonly HistoryLine[] => recordedHistory({ until: Date.now() - 60_000 });

async function folderWith(lines: readonly HistoryLine[]): Promise<string> {
  const folder = await tempDir('history');
  await writeFile(join(folder, FILE), text(lines));
  return folder;
}

interface Opened {
  readonly page: Page;
  readonly folder: string;
  readonly server: DashboardServer;
  /** What the console and uncaught errors said. */
  readonly heard: string[];
  readonly asked: string[];
}

/** The page over these records, as soon as its figures are there. */
async function open(
  lines: readonly HistoryLine[],
  { graph, ...options }: BrowserContextOptions & { graph?: () => GraphAnswer } = {},
): Promise<Opened> {
  const folder = await folderWith(lines);
  const server = await dashboardServer({ folder, facts: FACTS, ...(graph && { graph }) });
  const { page, errors } = await chromium.open(options);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => errors.push(message.text()));
  await page.goto(server.url + PATH);
  await page.locator('.content[aria-busy="false"]').waitFor();
  return { page, folder, server, heard: errors, asked };
}

describe('the dashboard over a recorded history', () => {
  it('answers the question first, and shows what the records hold', async () => {
    const { page, heard } = await open(month());
    await expectText(page, '.answer', /as fast as|slower|faster/i);
    expect(await page.locator('.figure strong').allTextContents()).toHaveLength(4);
    expect(await page.locator('.way tbody tr').count()).toBeGreaterThan(4);
    expect(await page.locator('.chart canvas').count()).toBeGreaterThanOrEqual(4);
    await expectText(page, 'main', /slower since .*both sides[\s\S]*mode: balanced profile → debuggable profile/);
    await expectText(page, 'main', /Slowest files to edit[\s\S]*src\/pages\/home\.rs/);
    await expectText(page, 'main', /E0308/);
    expect(heard).toEqual([]);
  });

  it('advises what this history speaks for, with a command to be copied', async () => {
    const { page } = await open(month(), { permissions: ['clipboard-read', 'clipboard-write'] });
    await expectText(page, '.advice', /Go back to the preset balanced[\s\S]*Gain[\s\S]*Cost/);
    const command = page.locator('.advice .command').first();
    await command.getByRole('button', { name: 'Copy' }).click();
    await command.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await command.locator('code').textContent());
  });

  it.each([360, 768, 1280])('at %i px nothing sticks out, in either scheme', async (width) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(month(), { viewport: { width, height: 800 }, colorScheme });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate(OVERFLOWING)).toEqual([]);
    }
  });

  it('asks its own server alone', async () => {
    const { asked, server } = await open(month());
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((url) => !url.startsWith(`${server.url}/__leptos_fast/`))).toEqual([]);
  });

  it('shows hostile names as what they are, and runs nothing of them', async () => {
    const lines: HistoryLine[] = [
      ...recordedHistory({ until: Date.now() - 60_000, days: 10, files: HOSTILE_NAMES, crates: HOSTILE_NAMES }),
      ...HOSTILE_NAMES.map((name, index) =>
        record({
          id: index + 100,
          at: Date.now() - 50_000 + index,
          why: name,
          files: { count: 1, first: [name] },
          mode: name,
          sides: { front: { result: 'skipped', reason: name } },
          errors: { count: 1, codes: [name] },
          git: { commit: name, branch: name },
        }),
      ),
      {
        v: 1,
        type: 'incident',
        at: Date.now(),
        session: 's',
        batch: null,
        kind: HOSTILE_NAMES[0] ?? '',
        why: HOSTILE_NAMES[1] ?? '',
      },
    ];
    const { page, heard, asked, server } = await open(lines, { viewport: { width: 360, height: 800 } });
    for (const button of await page.locator('.recent button').all()) await button.click();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main script, main img, [onmouseover], [onerror]').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await expectText(page, 'main', /<script>window\.hacked=1/);
    expect(await page.locator('body').innerText()).not.toContain('\u202e');
    expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
    expect(heard).toEqual([]);
  });

  it('is used by keyboard: the period, another save, a chart', async () => {
    const { page } = await open(month());
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.value')).toBe('30');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Save to page, 7 days').waitFor();
    expect(await page.evaluate('document.activeElement.value')).toBe('7');
    expect(page.url()).toMatch(/#days=7$/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /The way of the save of/ }).waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("aria-current")')).toBe('true');
    const plot = page.locator('.plot').first();
    await plot.focus();
    await page.keyboard.press('End');
    const readout = page.locator('.readout').first();
    await expectText(page, '.readout', /^\d+ \w+ \d\d:\d\d: /);
    const last = await readout.textContent();
    await page.keyboard.press('ArrowLeft');
    expect(await readout.textContent()).not.toBe(last);
    await page.keyboard.press('Escape');
    await expectText(page, '.readout', /saves, median/);
  });

  it('shows a save as soon as it is recorded, and keeps what somebody looks at', async () => {
    const { page, folder } = await open(month());
    await page.locator('.recent button').nth(2).click();
    const heading = await page.locator('.ways h2').textContent();
    await appendFile(
      join(folder, FILE),
      text([record({ at: Date.now(), files: { count: 1, first: ['src/new.rs'] } })]),
    );
    await page.locator('.recent button').filter({ hasText: 'src/new.rs' }).waitFor();
    expect(await page.locator('.ways h2').textContent()).toBe(heading);
  });

  it('says what to do where nothing is recorded, where all of it is old, and where none of it can be read', async () => {
    const { page: empty } = await open([]);
    await expectText(empty, '.notice', /Nothing is recorded yet[\s\S]*leptos-fast dev/);
    const { page: old } = await open([record({ at: Date.now() - 60 * 86_400_000 })]);
    await old.getByRole('button', { name: /Show 6[01] days/ }).click();
    await old.locator('.way').waitFor();
    const folder = await tempDir();
    const server = await dashboardServer({ folder: join(folder, 'file') });
    await writeFile(join(folder, 'file'), 'no folder');
    const { page: broken } = await chromium.open();
    await broken.goto(server.url + PATH);
    await broken.getByRole('alert').waitFor();
    await expectText(broken, '.notice', /cannot be read[\s\S]*ENOTDIR/);
  });

  it('shows what the app is made of when somebody wants to know, by keyboard and on a phone too', async () => {
    let asked = 0;
    const { page, heard } = await open(month(), {
      viewport: { width: 360, height: 800 },
      graph: () => {
        asked += 1;
        return { kind: 'graph', facts: GRAPH };
      },
    });
    expect(asked).toBe(0);
    await page.locator('.made-of summary').focus();
    await page.keyboard.press('Enter');
    await expectText(
      page,
      '.graph',
      /Your 3 crates, of 391 in all[\s\S]*Cycles[\s\S]*Wasm of shop: 3\.98 MB, 913 kB with gzip/,
    );
    expect(await page.locator('.layer').allInnerTexts()).toEqual([
      expect.stringMatching(/^browser[\s\S]*server/),
      expect.stringMatching(/^shared[\s\S]*12 builds, median 3\.4 s/),
    ]);
    await page.locator('.crate').last().focus();
    expect(await page.locator('.crate.lit').count()).toBe(3);
    await page.locator('.crate').first().focus();
    expect(await page.locator('.crate.lit').allInnerTexts()).toEqual([expect.stringMatching(/^browser/)]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await page.evaluate(OVERFLOWING)).toEqual([]);
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.poll(() => asked).toBe(2);
    expect(heard).toEqual([]);
  });

  it('shows hostile names of crates as what they are, and says why there is no graph', async () => {
    const hostile: GraphFacts = {
      ...GRAPH,
      local: HOSTILE_NAMES.map((name) => crateFacts(name, { rebuilds: HOSTILE_NAMES, needs: HOSTILE_NAMES })),
      longestChain: HOSTILE_NAMES,
      cycles: [HOSTILE_NAMES],
      duplicates: HOSTILE_NAMES.map((name) => ({ name, versions: [{ version: name, wantedBy: [name] }] })),
      bundles: HOSTILE_NAMES.map((project) => ({ project, unreadable: project })),
    };
    const { page } = await open(month(), {
      viewport: { width: 360, height: 800 },
      graph: () => ({ kind: 'graph', facts: hostile }),
    });
    await page.locator('.made-of summary').click();
    await expectText(page, '.graph', /<script>window\.hacked=1/);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main script, main img, [onmouseover], [onerror]').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await page.locator('.graph').innerText()).not.toContain('\u202e');
    const { page: without } = await open(month());
    await without.locator('.made-of summary').click();
    await expectText(without, '.graph', /this test has no project[\s\S]*Look again/);
  });

  it('says when its server is gone, and goes on when there is one again', async () => {
    const { page, folder, server } = await open(month());
    await server.close();
    await page.getByRole('heading', { name: 'The dashboard was ended' }).waitFor();
    await expectText(page, '.notice', /leptos-fast dashboard/);
    expect(await page.locator('.way').count()).toBe(1);
    await dashboardServer({ folder, port: server.port });
    await page.locator('.line.on').waitFor();
    expect(await page.locator('.notice').count()).toBe(0);
  });
});

describe('the dashboard of a running dev', () => {
  it('shows a build while it runs and its way to the page afterwards, and that dev has ended', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    expect(dev.all('ready')[0]?.dashboard).toBe(`http://127.0.0.1:${project.sitePort}${PATH}`);
    const { page, errors } = await chromium.open();
    await page.goto(`http://127.0.0.1:${project.sitePort}${PATH}`);
    await page.getByText('dev runs', { exact: true }).waitFor();
    await page.getByText('Ready: save a file').waitFor();
    const release = await project.hold('front');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await page
      .locator('.live.busy')
      .filter({ hasText: /Building front.* for src\/app\.rs/ })
      .waitFor();
    await release();
    await dev.next('reloaded', from);
    await page
      .locator('.live.good')
      .filter({ hasText: /src\/app\.rs: on the page in/ })
      .waitFor();
    await dev.stop();
    await page.getByRole('heading', { name: 'dev has ended' }).waitFor();
    expect(errors).toEqual([]);
  });
});

/** Elements that are wider than what they are in, as seen. */
const OVERFLOWING = `[...document.querySelectorAll('main *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !element.closest('.unseen'))
  .map((element) => element.className || element.tagName)`;

async function expectText(page: Page, selector: string, pattern: RegExp): Promise<void> {
  const place = page.locator(selector).first();
  await place
    .filter({ hasText: pattern })
    .waitFor({ timeout: 10_000 })
    .catch(async () => {
      expect(await place.innerText()).toMatch(pattern);
    });
}
