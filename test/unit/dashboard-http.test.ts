import { appendFile, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import type { StreamEvents } from '../../src/dashboard/data.js';
import type { GraphAnswer } from '../../src/dashboard/graph-source.js';
import { LiveFeed } from '../../src/dashboard/live-feed.js';
import { type DashboardServer, dashboardServer } from '../support/dashboard-server.js';
import { GRAPH } from '../support/graph-facts.js';
import { ManualClock } from '../support/manual-clock.js';
import { tempDir } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';
import { record } from './record-support.js';

const FILE = 'builds-000001.jsonl';
const save = (id: number): string => `${JSON.stringify(record({ id, at: Date.now() - 1_000 }))}\n`;

async function folderWith(content = save(1)): Promise<string> {
  const folder = await tempDir('history');
  await writeFile(join(folder, FILE), content);
  return folder;
}

interface Heard {
  readonly name: keyof StreamEvents;
  readonly data: unknown;
}

/** Listens to the stream until the test ends. */
async function listen({ url }: DashboardServer, query = ''): Promise<{ heard: Heard[]; response: IncomingMessage }> {
  const heard: Heard[] = [];
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = get(`${url}/__leptos_fast/dashboard/events${query}`, resolve);
    asked.on('error', reject);
    onTestFinished(() => void asked.destroy());
  });
  let rest = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const found = /^event: (\w+)\ndata: (.*)$/.exec(message);
      if (found) heard.push({ name: found[1] as Heard['name'], data: JSON.parse(found[2] ?? '') });
    }
  });
  response.on('error', () => undefined);
  return { heard, response };
}

const namesOf = (heard: readonly Heard[]): readonly string[] => heard.map(({ name }) => name);

describe('the page', () => {
  it('is served with a policy that lets nothing in but its own files', async () => {
    const { url } = await dashboardServer({ folder: await folderWith() });
    const page = await fetch(`${url}/__leptos_fast/`);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    const html = await page.text();
    expect(html).not.toMatch(/<script(?! type="module" src="\/__leptos_fast\/)|style=|<style/);
    const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const file = await fetch(url + path);
      expect([path, file.status, file.headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff']);
    }
  });

  it('is found without its slash, and nothing is behind other names', async () => {
    const { url } = await dashboardServer({ folder: await folderWith() });
    const bare = await fetch(`${url}/__leptos_fast`, { redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/__leptos_fast/']);
    for (const path of ['/__leptos_fast/dashboard/', '/__leptos_fast/dashboard/..%2f..%2fcli.js', '/']) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
    }
  });
});

/** Asks with headers that fetch would not send. */
function statusOf(
  { port }: DashboardServer,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}

describe('who may ask', () => {
  it.each(['', 'dashboard/figures', 'dashboard/events', 'dashboard/graph'].map((path) => `/__leptos_fast/${path}`))(
    '%s',
    async (path) => {
      const server = await dashboardServer({
        folder: await folderWith(),
        graph: () => ({ kind: 'graph', facts: GRAPH }),
      });
      const own = `127.0.0.1:${server.port}`;
      expect(await statusOf(server, path, { host: own })).toBe(200);
      expect(await statusOf(server, path, { host: own, origin: `http://${own}` })).toBe(200);
      expect(await statusOf(server, path, { host: own, origin: 'http://evil.example' })).toBe(403);
      expect(await statusOf(server, path, { host: own, origin: 'null' })).toBe(403);
      expect(await statusOf(server, path, { host: 'evil.example' })).toBe(403);
      expect(await statusOf(server, path, { host: own }, 'POST')).toBe(405);
    },
  );

  it.each(['0', '-1', '1e3', '99999', 'x', ''])('a period of "%s" days is refused', async (days) => {
    const server = await dashboardServer({ folder: await folderWith() });
    expect(await statusOf(server, `/__leptos_fast/dashboard/figures?days=${days}`, {})).toBe(400);
  });
});

describe('the figures', () => {
  it('are JSON of the period that is asked for', async () => {
    const { url } = await dashboardServer({ folder: await folderWith() });
    const figures = await (await fetch(`${url}/__leptos_fast/dashboard/figures?days=7`)).json();
    expect(figures).toMatchObject({ schema: 'leptos-fast dashboard', v: 1, summary: { days: 7, batches: 1 } });
  });
});

describe('the graph', () => {
  it('is JSON, or says why it cannot be told', async () => {
    const graph = (answer: GraphAnswer) => async () => {
      const { url } = await dashboardServer({ folder: await folderWith(), graph: () => answer });
      return fetch(`${url}/__leptos_fast/dashboard/graph`);
    };
    expect(await (await graph({ kind: 'graph', facts: GRAPH })()).json()).toEqual(GRAPH);
    const refused = await graph({ kind: 'problem', message: 'no Cargo.toml' })();
    expect([refused.status, await refused.text()]).toEqual([500, 'no Cargo.toml\n']);
  });
});

describe('the stream', () => {
  it('says what it is about, then the figures, and again when there is a new save', async () => {
    const folder = await folderWith();
    const { heard } = await listen(await dashboardServer({ folder }), '?days=7');
    await waitUntil('the figures', () => heard.length >= 2);
    expect(namesOf(heard)).toEqual(['hello', 'figures']);
    expect(heard[0]?.data).toEqual({ project: 'shop', source: 'history', folder });
    expect(heard[1]?.data).toMatchObject({ summary: { days: 7, batches: 1 } });
    await appendFile(join(folder, FILE), save(2));
    await waitUntil('new figures', () => heard.length >= 3);
    expect(heard[2]?.data).toMatchObject({ summary: { batches: 2 } });
  });

  it('says nothing while there is nothing new', async () => {
    const folder = await folderWith();
    const clock = new ManualClock();
    const server = await dashboardServer({ folder, clock });
    const { heard } = await listen(server);
    await waitUntil('the figures', () => heard.length >= 2);
    for (let look = 0; look < 3; look++) {
      await clock.advance(500);
      // Questions are answered in turn: behind this one, the stream's has been.
      await (await fetch(`${server.url}/__leptos_fast/dashboard/figures`)).text();
    }
    await appendFile(join(folder, FILE), save(2));
    await clock.advance(500);
    await waitUntil('the new save', () => heard.some(({ data }) => JSON.stringify(data).includes('"batches":2')));
    expect(namesOf(heard)).toEqual(['hello', 'figures', 'figures']);
  });

  it('tells of a history that cannot be read, once, and goes on when it can be', async () => {
    const folder = await folderWith();
    const { heard } = await listen(await dashboardServer({ folder }));
    await waitUntil('the figures', () => heard.length >= 2);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'no folder');
    await waitUntil('the problem', () => namesOf(heard).includes('problem'));
    await rm(folder);
    await waitUntil('what to do', () => heard.at(-1)?.name === 'figures');
    expect(namesOf(heard)).toEqual(['hello', 'figures', 'problem', 'figures']);
    expect(heard.at(-1)?.data).toMatchObject({ missing: { kind: 'nothing-recorded' } });
  });

  it('tells what dev does, and says goodbye', async () => {
    const live = new LiveFeed({ clock: systemClock, startedAt: 5, knownDurations: Promise.resolve(new Map()) });
    const server = await dashboardServer({ folder: await folderWith(), live });
    const { heard, response } = await listen(server);
    await waitUntil('the figures', () => heard.length >= 3);
    expect(heard[1]).toEqual({ name: 'live', data: { kind: 'starting', since: 5 } });
    live.on({
      event: 'ready',
      url: '',
      startupMs: 1,
      mode: '',
      gate: true,
      filesWatched: 1,
      time: new Date().toISOString(),
      session: 's',
    });
    await waitUntil('the news', () => heard.at(-1)?.name === 'live');
    expect(heard.at(-1)?.data).toEqual({ kind: 'ready', last: null });
    const ended = new Promise((resolve) => response.once('close', resolve));
    await server.close();
    await ended;
    expect(heard.at(-1)?.name).toBe('ended');
  });
});
