import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryLine } from '../../src/record/build-record.js';
import { launchBrowser } from '../support/chromium.js';
import { BIN } from '../support/dev-run.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { writeFiles } from '../support/temp-dir.js';
import { HOSTILE_NAMES, record } from '../unit/record-support.js';

const HISTORY = 'target/leptos-fast/history/builds-000001.jsonl';

function report(project: FakeProject, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'report', ...args], {
    cwd: project.dir,
    encoding: 'utf8',
    env: project.env,
  });
  return { code: status, stdout, stderr };
}

/** Forty saves of the last twenty hours. */
function saves(names: readonly string[]): readonly HistoryLine[] {
  return Array.from({ length: 40 }, (_, index) =>
    record({
      id: index + 1,
      at: Date.now() - (40 - index) * 1_800_000,
      files: { count: 1, first: [names[index % names.length] ?? ''] },
      contentMs: 4_000 + (index % 5) * 100,
    }),
  );
}

async function withHistory(lines: readonly HistoryLine[], rest = ''): Promise<FakeProject> {
  const project = await fakeProject();
  await writeFiles(project.dir, { [HISTORY]: lines.map((line) => `${JSON.stringify(line)}\n`).join('') + rest });
  return project;
}

describe('leptos-fast report', () => {
  it('tells people at a pipe', async () => {
    const { code, stdout, stderr } = report(await withHistory(saves(['src/app.rs'])));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/leptos-fast report: app +40 saves in 30 days/);
    expect(stdout).toMatch(/both sides +40 +4\.2 s/);
  });

  it('tells scripts the same', async () => {
    const project = await withHistory(saves(['src/app.rs']), '{"torn');
    const { code, stdout } = report(project, '--json', '--days', '7');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'leptos-fast report',
      v: 1,
      days: 7,
      batches: 40,
      successRate: 1,
      kinds: [{ kind: 'both sides', count: 40, median: { value: 4_200 } }],
    });
  });

  it('says what would make the loop faster', async () => {
    const wasm = { built: 353e6, debugInfo: 300e6, names: 20e6 };
    const project = await withHistory(saves(['src/app.rs']).map((line) => ({ ...line, wasm })));
    expect(report(project).stdout).toMatch(
      /What would make it faster\n +Build without debug info\n +300 MB of the 353 MB.*\n(.*\n)*? +run: leptos-fast dev --preset balanced\n/,
    );
    expect(JSON.parse(report(project, '--json').stdout)).toMatchObject({
      advice: [{ id: 'debug-info', state: { kind: 'open' }, gain: null }, { id: 'tune' }],
    });
  });

  it('says what to do where nothing is recorded', async () => {
    const project = await fakeProject();
    expect(report(project)).toMatchObject({ code: 0, stdout: expect.stringContaining('Run leptos-fast dev') });
    expect(JSON.parse(report(project, '--json').stdout)).toMatchObject({ batches: 0, last: null });
  });

  it('says what to do with a history that cannot be read', async () => {
    const { code, stdout } = report(await withHistory([], 'what\n{"v":1,"type":"build"}\n'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 lines, and none of them can be read/);
  });

  it.each([
    ['a period that is none', ['--days', '0'], 2, 'LF022'],
    ['a file that cannot be written', ['--html', 'no/such/folder/x.html'], 3, 'LF054'],
  ])('refuses %s', async (_what, args, code, error) => {
    const project = await withHistory(saves(['a.rs']));
    expect(report(project, ...args)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining(`error[${error}]`),
    });
    expect(existsSync(join(project.dir, 'no'))).toBe(false);
  });

  it('writes a page that a browser shows at 360 px, without a request and without running what is in a name', async () => {
    const project = await withHistory(saves(HOSTILE_NAMES));
    const file = join(project.dir, 'report.html');
    expect(report(project, '--html', 'report.html')).toMatchObject({ code: 0, stdout: 'report.html is written\n' });
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
      const heard: string[] = [];
      page.on('request', (request) => heard.push(request.url()));
      page.on('console', (message) => heard.push(message.text()));
      page.on('pageerror', (error) => heard.push(String(error)));
      await page.goto(`file://${file}`);
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(await page.locator('script, img, [onmouseover], [onerror]').count()).toBe(0);
      expect(await page.locator('svg .dot').count()).toBe(40);
      expect(heard).toEqual([`file://${file}`]);
    } finally {
      await browser.close();
    }
  });

  it('changes nothing of the project', async () => {
    const project = await withHistory(saves(['a.rs']));
    const list = () =>
      execFileSync('find', ['.', '-type', 'f', '-printf', '%p %s %T@\n'], { cwd: project.dir, encoding: 'utf8' });
    report(project);
    const before = list();
    report(project);
    report(project, '--json');
    expect(list()).toBe(before);
  });
});
