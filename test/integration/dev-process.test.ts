import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isListening } from '../../src/serve/wait-for-port.js';
import { BIN, type DevRun, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { freePort, takePort } from '../support/free-port.js';
import { writeScript } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/** Promised are 3 s; this bound leaves room for a busy machine. */
const STOP_WITHIN_MS = 10_000;

async function expectNothingLeft(dev: DevRun, project: FakeProject): Promise<void> {
  expect(await dev.leftovers()).toEqual([]);
  expect(await isListening('127.0.0.1', project.sitePort)).toBe(false);
  expect(await isListening('127.0.0.1', project.reloadPort)).toBe(false);
}

/** Puts another cargo-leptos in front of the real one. */
function fakeCargoLeptos(project: FakeProject, script: string): Promise<string> {
  const [bin = ''] = (project.env.PATH ?? '').split(':');
  return writeScript(
    join(bin, 'cargo-leptos'),
    `#!/bin/sh\n[ "$1" = --version ] && { echo cargo-leptos 0.3.11; exit; }\n${script}`,
  );
}

describe('Ctrl-C', () => {
  it('ends everything while the page is served', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const names = (await dev.offspring()).map(({ command }) => command);
    expect(names).toEqual(expect.arrayContaining(['cargo-leptos', 'app']));
    const before = Date.now();
    expect(await dev.stop()).toEqual({ code: 0, signal: null });
    expect(Date.now() - before).toBeLessThan(STOP_WITHIN_MS);
    await expectNothingLeft(dev, project);
    expect(dev.events.at(-1)).toMatchObject({ event: 'stopped', exitCode: 0 });
  });

  it('ends everything in the middle of a build', async () => {
    const project = await fakeProject();
    await project.hold('front');
    await project.hold('server');
    const dev = startDev(project);
    await project.buildBegun('front', 1);
    await project.buildBegun('server', 1);
    expect((await dev.offspring()).map(({ command }) => command)).toContain('cargo');
    const before = Date.now();
    expect((await dev.stop()).code).toBe(0);
    expect(Date.now() - before).toBeLessThan(STOP_WITHIN_MS);
    await expectNothingLeft(dev, project);
  });

  it('ends everything before anything is built', async () => {
    const project = await fakeProject();
    const dev = startDev(project);
    await dev.next('starting');
    await dev.offspring();
    expect((await dev.stop()).code).toBe(0);
    await expectNothingLeft(dev, project);
  });

  it('a second time forces it, with exit code 130', async () => {
    const project = await fakeProject();
    await fakeCargoLeptos(project, 'trap "" INT TERM\necho stubborn\nwhile :; do sleep 1; done\n');
    const dev = startDev(project);
    await dev.next('app-output', 0, ({ line }) => line === 'stubborn');
    await dev.offspring();
    dev.signal('SIGINT');
    await dev.next('stopping');
    dev.signal('SIGINT');
    expect((await dev.exited).code).toBe(130);
    expect(await dev.leftovers()).toEqual([]);
  });

  it('SIGTERM ends it in order too', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await dev.offspring();
    dev.signal('SIGTERM');
    expect((await dev.exited).code).toBe(0);
    await expectNothingLeft(dev, project);
  });

  it('leaves no file of ours but those in target/leptos-fast', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await dev.stop();
    await expect(readFile(project.path('target/leptos-fast/gate.sock'))).rejects.toThrow('ENOENT');
  });
});

describe('cargo-leptos', () => {
  it('that is killed is started again, and its old server is gone', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const offspring = await dev.offspring();
    const oldServer = offspring.find(({ command }) => command === 'app');
    const from = dev.mark();
    process.kill(offspring.find(({ command }) => command === 'cargo-leptos')?.pid ?? 0, 'SIGKILL');
    expect(await dev.next('recovery', from)).toMatchObject({ kind: 'restart', attempt: 1 });
    const started = await dev.next('server-started', from);
    expect(started.pid).not.toBe(oldServer?.pid);
    expect((await project.page()).pid).toBe(started.pid);
    expect((await dev.leftovers()).map(({ pid }) => pid)).not.toContain(oldServer?.pid);
    // Both sides were up to date: the new run builds nothing.
    expect(await project.builds()).toHaveLength(2);
  });

  it('that is killed is followed by one that sees the next edit', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const from = dev.mark();
    process.kill((await dev.offspring()).find(({ command }) => command === 'cargo-leptos')?.pid ?? 0, 'SIGKILL');
    await dev.next('server-started', from);
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', from);
    expect((await project.page()).sources).toContain('hello 2');
  });

  it('that always dies is given up after the retries, with exit code 4', async () => {
    const project = await fakeProject();
    await fakeCargoLeptos(project, 'exit 1\n');
    const dev = startDev(project, ['--max-retries', '2']);
    expect((await dev.exited).code).toBe(4);
    expect(dev.all('recovery').map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(dev.all('error')).toMatchObject([{ code: 'LF050' }]);
    expect(dev.stderr).toContain('error[LF050]');
  });
});

describe('the server', () => {
  it('that is killed is started again', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const from = dev.mark();
    const { pid } = await project.page();
    process.kill(pid, 'SIGKILL');
    await dev.next('server-exited', from, (event) => event.pid === pid);
    await dev.next('server-started', from);
    expect((await project.page()).pid).not.toBe(pid);
    expect(await project.builds()).toHaveLength(2);
  });

  it('that dies at its start is told, and the next edit mends it', async () => {
    const project = await fakeProject({ files: { 'src/app.rs': rust('CRASH_AT_START') } });
    const dev = startDev(project);
    await dev.next('server-exited');
    expect(dev.all('app-output').map(({ line }) => line)).toContain('thread main panicked');
    expect(dev.all('ready')).toEqual([]);
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.ready();
    expect((await project.page()).sources).toContain('hello 2');
  });

  it("'s output is passed on", async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    expect(await dev.next('app-output')).toMatchObject({ stream: 'stdout', line: 'app listens' });
  });
});

describe('ports', () => {
  it('a taken port of the site is an error', async () => {
    const project = await fakeProject();
    await takePort(project.sitePort);
    const dev = startDev(project);
    expect((await dev.exited).code).toBe(3);
    const by = expect.stringMatching(`\\(process ${process.pid}\\) listens there`);
    expect(dev.all('error')).toMatchObject([
      {
        code: 'LF040',
        why: by,
        help: [expect.stringMatching(/--port \d+$/), `or end that program: kill ${process.pid}`],
      },
    ]);
    expect(await project.builds()).toEqual([]);
  });

  it('--port takes another one', async () => {
    const project = await fakeProject();
    await takePort(project.sitePort);
    const port = await freePort();
    const dev = await startDev(project, ['--port', String(port)]).ready();
    expect(dev.all('ready')[0]?.url).toBe(`http://127.0.0.1:${port}/`);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('a taken port of the live reload is replaced by another one', async () => {
    const project = await fakeProject();
    await takePort(project.reloadPort);
    const dev = await startDev(project).ready();
    expect(dev.all('recovery')).toEqual([]);
    expect((await project.page()).sources).toContain('hello 1');
  });
});

describe('a target directory that cannot be written', () => {
  it('is an error with the way out, and dev ends', async () => {
    const project = await fakeProject();
    // A file where the folder should be: root may write everywhere else.
    await project.save({ target: 'no folder' });
    const dev = startDev(project);
    expect((await dev.exited).code).toBe(3);
    expect(dev.all('error')).toMatchObject([{ code: 'LF007', why: expect.stringContaining('ENOTDIR') }]);
  });
});

describe('a second run on the same project', () => {
  it('is refused, and the first one goes on undisturbed', async () => {
    const project = await fakeProject();
    const first = await startDev(project).ready();
    const second = startDev(project, ['--port', String(await freePort())]);
    expect((await second.exited).code).toBe(3);
    expect(second.all('error')).toMatchObject([{ code: 'LF041' }]);
    await project.save({ 'src/app.rs': rust('hello 2') });
    await first.next('reloaded');
    expect((await project.page()).sources).toContain('hello 2');
    // The gate still answers: a build that bypasses it has no profile of ours.
    for (const args of await project.buildArguments()) expect(args).toContain('--message-format=json');
  });
});

describe('what went before', () => {
  it('a run that was killed leaves nothing that hinders the next one', async () => {
    const project = await fakeProject();
    const killed = await startDev(project).ready();
    await killed.offspring();
    killed.signal('SIGKILL');
    await killed.exited;
    const next = startDev(project);
    await waitUntil(
      'the next run is ready',
      () => next.all('ready')[0],
      () => next.story(),
    );
    expect((await project.page()).sources).toContain('hello 1');
  });
});

describe.runIf(process.platform === 'linux')('a fault of our own', () => {
  it('is told, and leaves nothing behind', async () => {
    const project = await fakeProject();
    // No fault that we know of can be had at will; output that cannot be written comes near.
    const full = await open('/dev/full', 'w');
    onTestFinished(() => full.close());
    const child = spawn(process.execPath, [BIN, 'dev', '--json'], {
      cwd: project.dir,
      env: project.env,
      stdio: ['ignore', full.fd, 'pipe'],
    });
    let told = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      told += chunk;
    });
    const [code] = await once(child, 'close');
    expect(told).toContain('error[LF059]: leptos-fast itself failed: ENOSPC');
    expect(code).toBe(4);
    expect(await readdir(project.path('target/leptos-fast'))).not.toContain('dev.lock');
  });
});
