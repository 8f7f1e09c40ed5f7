import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { waitUntil } from '../support/wait-until.js';

const FOLDER = 'target/leptos-fast/cache';

function cache(project: FakeProject, ...args: readonly string[]) {
  const run = spawnSync(process.execPath, [BIN, 'cache', ...args], {
    cwd: project.dir,
    encoding: 'utf8',
    env: project.env,
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** A file that was written less than this time (ms) ago is not kept. */
const TICK_MS = 2_000;

/** A project whose sources are older than a tick, and that `dev` has seen. */
async function seenProject(): Promise<FakeProject> {
  const project = await fakeProject();
  await waitUntil('the sources are older than a tick', async () => {
    const { ctimeMs } = await stat(project.path('public/logo.svg'));
    return ctimeMs < Date.now() - TICK_MS;
  });
  await (await startDev(project, ['--debounce', '50']).ready()).stop();
  return project;
}

async function entry(project: FakeProject): Promise<string> {
  const names = await readdir(project.path(FOLDER));
  return join(project.path(FOLDER), names.find((name) => name.startsWith('hashes-')) ?? '');
}

describe('leptos-fast cache', () => {
  it('tells that there is nothing yet, and clears nothing', async () => {
    const project = await fakeProject();
    expect(cache(project, 'stats')).toEqual({
      code: 0,
      stdout: `the cache is empty\n${project.path(FOLDER)}\n`,
      stderr: '',
    });
    expect(cache(project, 'clear').stdout).toBe('the cache was empty\n');
    expect(existsSync(project.path(FOLDER))).toBe(false);
  });

  it('refuses what it does not know', async () => {
    const project = await fakeProject();
    const { code, stderr } = cache(project, 'purge');
    expect(code).toBe(2);
    expect(stderr).toContain('error[LF022]: cache does not know "purge"');
  });
});

describe('what a run of dev leaves', () => {
  it('is told by stats, deleted by clear, and does no harm damaged', async () => {
    const project = await seenProject();
    const told = JSON.parse(cache(project, 'stats', '--json').stdout) as {
      byKind: { hashes: { entries: number; bytes: number } };
    };
    expect(told).toMatchObject({ schema: 'leptos-fast cache', folder: project.path(FOLDER), maxBytes: 256e6 });
    expect(told.byKind.hashes.entries).toBe(1);
    expect(await readFile(await entry(project), 'utf8')).toContain(project.path('src/app.rs'));
    expect(cache(project, 'stats').stdout).toMatch(
      /^.* kept, of at most 256 MB\n {2}hashes of the sources +[\d.]+ k?B\n/,
    );

    // The next run believes none of it.
    await truncate(await entry(project), Math.floor(told.byKind.hashes.bytes / 2));
    const dev = await startDev(project, ['--debounce', '50']).ready();
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', from);
    expect((await project.page()).sources).toContain('hello 2');
    await dev.stop();

    expect(cache(project, 'clear', '--json').code).toBe(0);
    expect(existsSync(project.path(FOLDER))).toBe(false);
  });

  it('knows a file that was changed between the runs by its stat', async () => {
    const project = await seenProject();
    await writeFile(project.path('src/app.rs'), rust('hello 2'));
    const dev = await startDev(project, ['--debounce', '50']).ready();
    const from = dev.mark();
    // Were the old hash taken for the new one, this would be no change.
    await project.save({ 'src/app.rs': rust('hello 1') });
    expect((await dev.next('change-batch', from)).files).toEqual(['src/app.rs']);
    await dev.next('reloaded', from);
    expect((await project.page()).sources).toContain('hello 1');
    await dev.stop();
  });
});
