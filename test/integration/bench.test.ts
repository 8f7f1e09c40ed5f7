import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BenchRun, Measurement } from '../../src/bench/results.js';
import { HOME_MARK } from '../../src/bench/tool-process.js';
import { processesWith } from '../../src/build/process-tree.js';
import { ProjectLock } from '../../src/build/project-lock.js';
import { BIN } from '../support/dev-run.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { tempDir } from '../support/temp-dir.js';

/** A source with a text in a `view!`, which the fake server shows. */
const FILES = { 'src/app.rs': 'fn app() { view! { <p>"Low water at noon"</p> } }\n' };
/** Real cargo-leptos, started many times. */
const TIMEOUT = 900_000;

class BenchProcess {
  stdout = '';
  stderr = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(project: FakeProject, args: readonly string[]) {
    const child = spawn(process.execPath, [BIN, 'bench', ...args], { cwd: project.dir, env: project.env });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => child.on('close', resolve));
  }

  /** Resolves when it has said so on stderr; rejects when it ends without. */
  said(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.stderr?.on('data', () => {
        if (this.stderr.includes(text)) resolve();
      });
      void this.exited.then(() => reject(new Error(`it never said ${text}\n${this.stderr}`)));
    });
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }
}

function start(project: FakeProject, args: readonly string[]): BenchProcess {
  const bench = new BenchProcess(project, args);
  onTestFinished(async () => {
    bench.interrupt();
    await bench.exited;
  });
  return bench;
}

/** All files of a folder with their texts. */
async function contents(dir: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

async function results(file: string): Promise<BenchRun> {
  return JSON.parse(await readFile(file, 'utf8')) as BenchRun;
}

/** `plain no-op rest time`. */
function told({ tool, scenario, outcomes }: Measurement): string[] {
  return Object.entries(outcomes).map(([metric, { kind }]) => `${tool} ${scenario} ${metric} ${kind}`);
}

describe('leptos-fast bench on an app', () => {
  it('measures both tools on copies of it, and leaves the app as it was', { timeout: TIMEOUT }, async () => {
    const project = await fakeProject({ files: FILES });
    const home = await tempDir('home');
    const before = await contents(project.dir);
    const [json, markdown] = [join(home, 'out.json'), join(home, 'out.md')];
    const scenarios = 'warm-start,text,css,asset,no-op,leaf';
    const args = ['.', '--dir', home, '--compare', '--runs', '1', '--scenarios', scenarios];
    const bench = start(project, [...args, '--json', json, '--markdown', markdown]);
    expect({ code: await bench.exited, said: bench.stderr }).toMatchObject({ code: 0 });

    const run = await results(json);
    expect(run.isComplete).toBe(true);
    const counted = run.measurements.filter(({ round }) => round === 1);
    expect(counted.flatMap(told)).toEqual([
      ...['plain', 'leptos-fast'].flatMap((tool) => [
        `${tool} warm-start page time`,
        ...(tool === 'plain' ? ['plain no-op rest time'] : ['leptos-fast no-op rest no-build']),
        `${tool} css content time`,
        `${tool} asset content time`,
        `${tool} text content time`,
        `${tool} text wasm time`,
      ]),
    ]);
    for (const { tool, scenario, builds } of counted) {
      if (scenario === 'text') expect([tool, builds]).toEqual([tool, 2]);
      if (scenario === 'css' || scenario === 'asset') expect([tool, scenario, builds]).toEqual([tool, scenario, 0]);
    }
    expect(bench.stdout).toMatch(/^save without a change .*no build/m);
    expect(bench.stdout).toContain('app: leaf was left out: ');
    expect(await readFile(markdown, 'utf8')).toMatch(
      /^\| edit the stylesheet: new content \| [\d.]+ s \| [\d.]+ s \|/m,
    );
    expect(await contents(project.dir)).toEqual(before);
    expect(await processesWith(`${HOME_MARK}=${home}`)).toEqual([]);
  });

  it('keeps and tells what it has after Ctrl-C, and leaves no process behind', { timeout: TIMEOUT }, async () => {
    const project = await fakeProject({ files: FILES });
    const home = await tempDir('home');
    const json = join(home, 'out.json');
    const bench = start(project, ['.', '--dir', home, '--runs', '50', '--scenarios', 'css,no-op', '--json', json]);
    await bench.said('leptos-fast · css · 1: ');
    expect((await processesWith(`${HOME_MARK}=${home}`)).length).toBeGreaterThan(0);
    bench.interrupt();
    expect(await bench.exited).toBe(0);
    expect(bench.stdout).toMatch(/^edit the stylesheet: new content +[\d.]+ s/m);
    expect(bench.stdout).toContain('Cut off');
    const run = await results(json);
    expect(run.isComplete).toBe(false);
    expect(run.measurements.filter(({ round, scenario }) => round === 1 && scenario === 'css')).toHaveLength(1);
    expect(await processesWith(`${HOME_MARK}=${home}`)).toEqual([]);
  });

  it('refuses a folder in which another one measures', async () => {
    const project = await fakeProject({ files: FILES });
    const home = await tempDir('home');
    const locked = await ProjectLock.acquire(home);
    if (!locked.ok) throw new Error(locked.error.message);
    const bench = start(project, ['.', '--dir', home]);
    expect(await bench.exited).toBe(3);
    expect(bench.stderr).toMatch(/^error\[LF041\]: leptos-fast bench already runs in this folder/);
    await locked.value.lock.release();
  });

  it.each([
    ['a baseline that is none', ['--baseline', 'Cargo.toml', '--fail-over', '15%'], 'LF061', 2],
    ['a folder that cargo-leptos does not watch', ['--dir', 'target/bench'], 'LF060', 2],
    ['a size that there is not', ['--sizes', 'smal'], 'LF022', 2],
  ])('says what is wrong with %s', async (_name, args, code, exitCode) => {
    const project = await fakeProject({ files: FILES });
    const bench = start(project, args);
    expect(await bench.exited).toBe(exitCode);
    expect(bench.stderr).toMatch(new RegExp(`^error\\[${code}\\]: `));
    expect(bench.stdout).toBe('');
  });
});
