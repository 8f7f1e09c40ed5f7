/**
 * How long an edit, an addition and a deletion among 5,000 assets take from the save until the site has them, for plain
 * cargo-leptos and for leptos-fast, in turn. The compilers are the fake ones of the test rig: no asset has to do with them.
 *
 *     npm run build && npx vitest run --config test/latency/assets/vitest.config.ts
 *
 * ASSETS_RUNS (10) edits of each kind; ASSETS_BEFORE: the bin/leptos-fast.js of another version, which is measured too.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { it, onTestFinished } from 'vitest';
import { descendantsOf } from '../../../src/build/process-tree.js';
import { median } from '../../../src/record/statistics.js';
import { BIN } from '../../support/dev-run.js';
import { type FakeProject, fakeProject } from '../../support/fake-project.js';
import { waitUntil } from '../../support/wait-until.js';

const COUNT = 5_000;
const RUNS = Number(process.env.ASSETS_RUNS ?? 10);
const BEFORE = process.env.ASSETS_BEFORE;
/** What has not changed for so long (ms) stays. */
const REST_MS = 2_000;
/** So long (ms) is waited for an edit. */
const LIMIT_MS = 20_000;

interface Tool {
  readonly name: string;
  readonly command: readonly string[];
  readonly site: string;
  /** On stdout or stderr when it is ready. */
  readonly ready: RegExp;
}

const OWN_SITE = 'target/leptos-fast/site';
const dev = (name: string, bin: string, site = 'target/site', ...args: readonly string[]): Tool => ({
  name,
  command: [process.execPath, bin, 'dev', '--json', ...args],
  site,
  ready: /"event":"ready"/,
});
const TOOLS: readonly Tool[] = [
  {
    name: 'cargo leptos watch',
    command: ['cargo-leptos', 'leptos', 'watch', '-vv'],
    site: 'target/site',
    ready: /waiting for changes/,
  },
  ...(BEFORE === undefined ? [] : [dev('leptos-fast dev, before', BEFORE)]),
  dev('leptos-fast dev', BIN),
  dev('leptos-fast dev --link-assets', BIN, OWN_SITE, '--link-assets'),
];

/** Starts a tool on a project of its own. */
async function start({ command, ready }: Tool): Promise<FakeProject> {
  const files = Object.fromEntries(
    Array.from({ length: COUNT }, (_, index) => [`public/${index % 50}/${index}.txt`, `${index} `.repeat(400)]),
  );
  const project = await fakeProject({ files });
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: project.dir, env: project.env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    const all = await descendantsOf(child.pid ?? 0);
    child.kill('SIGKILL');
    for (const { pid } of all) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended with its parent.
      }
    }
  });
  let isReady = false;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
      isReady ||= ready.test(said);
    });
  }
  await waitUntil(
    command.join(' '),
    () => isReady,
    () => said,
  );
  return project;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Milliseconds until the site's file has that content, or is gone (null), and stays so: cargo-leptos deletes everything, and
 * copies it in several runs where it hears of one save more than once. Infinity when that never came.
 */
async function measure(project: FakeProject, site: string, name: string, text: string | null): Promise<number> {
  const file = project.path(`${site}/${name}`);
  const savedAt = performance.now();
  if (text === null) rmSync(project.path(`public/${name}`));
  else writeFileSync(project.path(`public/${name}`), text);
  let seenAt: number | null = null;
  for (;;) {
    const now = performance.now();
    if (read(file) !== text) seenAt = null;
    else seenAt ??= now;
    if (seenAt !== null && now - seenAt > REST_MS) return seenAt - savedAt;
    if (now - savedAt > LIMIT_MS) return Number.POSITIVE_INFINITY;
    await pause(1);
  }
}

it('measures', async () => {
  const times = new Map<string, number[]>();
  const sites = [];
  for (const tool of TOOLS) sites.push({ tool, project: await start(tool) });
  await pause(REST_MS);
  for (let n = 0; n < RUNS; n += 1) {
    for (const { tool, project } of sites) {
      for (const [kind, name, text] of [
        ['edit', `${n % 50}/${n}.txt`, `edited ${n}`],
        ['addition', `${n % 50}/new-${n}.txt`, `new ${n}`],
        ['deletion', `${n % 50}/${n + 50}.txt`, null],
      ] as const) {
        const key = `${kind} ${tool.name}`;
        times.set(key, [...(times.get(key) ?? []), await measure(project, tool.site, name, text)]);
      }
    }
  }
  const kinds = ['edit', 'addition', 'deletion'];
  const cell = (kind: string, name: string): string => {
    const all = times.get(`${kind} ${name}`) ?? [];
    const seen = all.filter(Number.isFinite);
    if (seen.length === 0) return 'never';
    const lost = all.length - seen.length;
    return `${Math.round(median(seen) ?? 0)} ms (${Math.round(Math.max(...seen))})${lost > 0 ? `, ${lost} of ${all.length} never` : ''}`;
  };
  const rows = TOOLS.map(({ name }) => `| ${name} | ${kinds.map((kind) => cell(kind, name)).join(' | ')} |`);
  const head = [`| ${RUNS} of each, median (slowest) | ${kinds.join(' | ')} |`, '|---|---:|---:|---:|'];
  process.stdout.write(`\n${[...head, ...rows].join('\n')}\n`);
});
