import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN } from '../support/dev-run.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { freePort, takePort } from '../support/free-port.js';
import { recordedHistory } from '../support/recorded-history.js';
import { writeFiles } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

const HISTORY = 'target/leptos-fast/history/builds-000001.jsonl';

/** Starts the command; resolves with where the page is. */
async function start(project: FakeProject, port: number): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [BIN, 'dashboard', '--port', String(port)], {
    cwd: project.dir,
    env: project.env,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const url = await waitUntil('the address', () => /Dashboard {2}(\S+)/.exec(text)?.[1]);
  return { child, url };
}

function refused(project: FakeProject, ...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'dashboard', ...args], {
    cwd: project.dir,
    encoding: 'utf8',
    env: project.env,
  });
  return { status, stderr };
}

describe('leptos-fast dashboard', () => {
  it('serves the page over the history until Ctrl-C, to its own host alone', async () => {
    const project = await fakeProject();
    const lines = recordedHistory({ until: Date.now() - 1_000, days: 3 });
    await writeFiles(project.dir, { [HISTORY]: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
    const port = await freePort();
    const { child, url } = await start(project, port);
    expect(url).toBe(`http://127.0.0.1:${port}/__leptos_fast/`);
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect([page.status, page.url]).toEqual([200, url]);
    const figures = await (await fetch(`${url}dashboard/figures`)).json();
    expect(figures).toMatchObject({ schema: 'leptos-fast dashboard', summary: { batches: 90 }, missing: null });
    expect(figures).toHaveProperty('advice');
    const graphs = await Promise.all([1, 2].map(async () => (await fetch(`${url}dashboard/graph`)).json()));
    for (const graph of graphs) expect(graph).toMatchObject({ packages: 1, local: [{ name: 'app', needs: [] }] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('says what is wrong with its port', async () => {
    const project = await fakeProject();
    const taken = await takePort();
    expect(refused(project, '--port', String(taken))).toEqual({
      status: 3,
      stderr: expect.stringMatching(/error\[LF040\][\s\S]*leptos-fast dashboard/),
    });
    expect(refused(project, '--port', '0')).toEqual({ status: 2, stderr: expect.stringContaining('error[LF022]') });
  });
});
