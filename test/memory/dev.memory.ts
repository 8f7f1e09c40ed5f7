import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { DevRun } from '../support/dev-run.js';
import { startDev } from '../support/dev-run.js';
import type { FakeProject } from '../support/fake-project.js';
import { firstPage, largeProject, type Page, pagePath, pageSource, RUST_FILES } from './large-project.js';

const MB = 1024 * 1024;
/** The goal for the process of leptos-fast, in MB. */
const LIMIT_MB = 150;
/** Growth (MB) from the first tenth of the batches to the last tenth that still counts as flat. */
const FLAT_MB = 10;
const BATCHES = Number(process.env.LEPTOS_FAST_MEMORY_BATCHES ?? 1_000);
/** Every so many saves, one of the same kind. */
const KINDS = ['comment', 'text', 'query', 'comment', 'code', 'comment', 'style', 'query', 'comment', 'same'] as const;

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Resident memory of a process, in bytes. */
function rssOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}

/** The middle one: a single reading tells more of the garbage collector than of us. */
function medianMb(readings: readonly number[]): number {
  const sorted = [...readings].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) / MB);
}

/** Saves once and waits until it is on the page. */
async function save(project: FakeProject, dev: DevRun, pages: Map<number, Page>, count: number): Promise<void> {
  const kind = KINDS[count % KINDS.length] ?? 'comment';
  const index = (count * 37) % RUST_FILES;
  const from = dev.mark();
  if (kind === 'style') {
    await project.save({ 'style/main.css': `body { width: ${count}px; }\n` });
  } else {
    const page = pages.get(index) ?? firstPage(index);
    const next = {
      ...page,
      ...(kind === 'comment' && { comment: `save ${count}` }),
      ...(kind === 'text' && { title: `Page ${index} as of save ${count}` }),
      ...(kind === 'query' && { query: count + 1_000_000 }),
      ...(kind === 'code' && { code: count + 1_000_000 }),
    };
    pages.set(index, next);
    await project.save({ [pagePath(index)]: pageSource(index, next) });
    // The same bytes: there is nothing to wait for.
    if (kind === 'same') return;
  }
  const { id } = await dev.next('change-batch', from);
  await dev.next('reloaded', from, ({ batch }) => batch === id);
}

/** As often as it takes: reading the files for the first time outlasts the patience of a test on a busy machine. */
async function ready(dev: DevRun): Promise<{ readonly filesWatched: number }> {
  for (let patience = 10; patience > 1; patience -= 1) {
    const found = await dev.next('ready').catch(() => null);
    if (found) return found;
  }
  return dev.next('ready');
}

it(`stays below ${LIMIT_MB} MB, flat over ${BATCHES} batches`, async () => {
  const { project, env } = await largeProject();
  const dev = startDev(project, ['--debounce', '50'], env);
  const { filesWatched } = await ready(dev);
  // What is read in the background is part of the start.
  const pages = new Map<number, Page>();
  for (let count = 0; count < KINDS.length; count += 1) await save(project, dev, pages, count);
  const readings: number[] = [rssOf(dev.pid)];
  tell(`${filesWatched} files, ${RUST_FILES} Rust; at start ${medianMb(readings)} MB`);
  for (let count = 1; count <= BATCHES; count += 1) {
    await save(project, dev, pages, KINDS.length + count);
    readings.push(rssOf(dev.pid));
    if (count % Math.max(1, BATCHES / 10) === 0) tell(`after ${count} batches ${medianMb(readings.slice(-10))} MB`);
    // What was told is kept by the rig for its story; a thousand batches of it are not needed.
    if (dev.events.length > 5_000) dev.events.splice(0, 4_000);
  }
  const tenth = Math.max(1, Math.floor(readings.length / 10));
  const [first, last] = [medianMb(readings.slice(0, tenth)), medianMb(readings.slice(-tenth))];
  const peak = Math.round(Math.max(...readings) / MB);
  tell(`${BATCHES} batches: median ${first} MB in the first tenth, ${last} MB in the last, at most ${peak} MB`);
  await dev.stop();
  expect(last).toBeLessThan(LIMIT_MB);
  expect(last - first).toBeLessThan(FLAT_MB);
});
