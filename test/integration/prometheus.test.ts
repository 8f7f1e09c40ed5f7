import { spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startDev } from '../support/dev-run.js';
import { fakeProject, rust } from '../support/fake-project.js';
import { freePort } from '../support/free-port.js';
import { tempDir } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

const isInstalled = spawnSync('prometheus', ['--version']).status === 0;

interface Answer {
  readonly status: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** A real Prometheus that scrapes the site's port; ends with the test. */
async function startPrometheus(sitePort: number): Promise<(query: string) => Promise<Answer['data']['result']>> {
  const dir = await tempDir();
  const port = await freePort();
  const config = join(dir, 'prometheus.yml');
  await writeFile(
    config,
    `scrape_configs:
  - job_name: leptos-fast
    scrape_interval: 1s
    metrics_path: /__leptos_fast/metrics
    static_configs:
      - targets: ['127.0.0.1:${sitePort}']
`,
  );
  const address = `127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${join(dir, 'data')}`, `--web.listen-address=${address}`],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.on('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return async (query) => {
    const url = `http://${address}/api/v1/query?query=${encodeURIComponent(query)}`;
    const response = await fetch(url).catch(() => null);
    if (!response?.ok) return [];
    return ((await response.json()) as Answer).data.result;
  };
}

describe('a real Prometheus', () => {
  it('scrapes the figures of a run of dev', async ({ skip }) => {
    skip(!isInstalled, 'no `prometheus` on PATH to scrape with (Debian: apt-get install prometheus)');
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const ask = await startPrometheus(project.sitePort);
    await waitUntil('a scrape', async () => (await ask('up'))[0]?.value[1] === '1');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', from);
    const edits = 'leptos_fast_batches_total{kind="both sides",result="arrived"}';
    const [found] = await waitUntil('the edit', async () => {
      const result = await ask(edits);
      return result.length > 0 && result;
    });
    expect(found).toMatchObject({
      metric: { job: 'leptos-fast', kind: 'both sides' },
      value: [expect.any(Number), '1'],
    });
    expect(await ask('leptos_fast_save_to_page_seconds_count{kind="both sides"}')).toMatchObject([
      { value: [expect.any(Number), '1'] },
    ]);
    expect(await ask('leptos_fast_cpu_seconds_total')).toHaveLength(1);
    await dev.stop();
  });
});
