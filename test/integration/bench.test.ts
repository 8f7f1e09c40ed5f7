import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { processesWith } from '../../src/build/process-tree.js';
import { BIN } from '../support/dev-run.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { tempDir } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/** A source with a text in a `view!`, which the fake server shows. */
const APP = `fn app() { view! { <p>"Low water at noon"</p> } }\n`;

class BenchRun {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(project: FakeProject, args: readonly string[]) {
    const child = spawn(process.execPath, [BIN, 'bench', ...args], { cwd: project.dir, env: project.env });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => child.on('close', resolve));
  }
}

async function bench(...args: readonly string[]): Promise<{ run: BenchRun; project: FakeProject; home: string }> {
  const project = await fakeProject({ files: { 'src/app.rs': APP } });
  const home = await tempDir('home');
  const run = new BenchRun(project, ['.', '--dir', home, ...args]);
  onTestFinished(async () => {
    run.child.kill('SIGINT');
    await run.exited;
  });
  return { run, project, home };
}

describe('bench on an app', () => {
  it('measures both tools in turn', { timeout: 300_000 }, async () => {
    const { run, project, home } = await bench('--compare', '--runs', '2', '--json', 'out.json', '--markdown', 'out.md');
    const code = await run.exited;
    console.error(run.stdout, run.stderr);
    expect(code).toBe(0);
    void home;
    void project;
    void readFile;
    void join;
    void processesWith;
    void waitUntil;
  });
});
