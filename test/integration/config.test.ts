import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ConfigEntry, Event } from '../../src/core/events.js';
import { BIN, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { freePort } from '../support/free-port.js';

interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function printConfig(project: FakeProject, args: readonly string[] = [], env = {}, cwd = project.dir): Printed {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'dev', '--print-config', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...project.env, ...env },
  });
  return { code: status, stdout, stderr };
}

/** The settings that somebody set, as `name=value from`. */
function settingsIn({ stdout }: Printed): readonly string[] {
  const [event] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Extract<Event, { event: 'config' }>);
  return (event?.settings ?? [])
    .filter(({ source }) => source !== 'default')
    .map(({ name, value, from }: ConfigEntry) => `${name}=${value} ${from}`);
}

describe('--print-config', () => {
  it('shows what counts and where it comes from, and starts nothing', async () => {
    const project = await fakeProject({
      files: { 'leptos-fast.toml': 'port = 4000\npreset = "minimal"\nmax-retries = 1\n' },
    });
    const printed = printConfig(project, ['--json', '--port', '5000', '--no-open'], {
      LEPTOS_FAST_PRESET: 'debuggable',
      LEPTOS_FAST_PORT: '4500',
    });
    expect(printed.code).toBe(0);
    expect(settingsIn(printed)).toEqual([
      'preset=debuggable LEPTOS_FAST_PRESET',
      'port=5000 --port',
      'max-retries=1 leptos-fast.toml:3:15',
      'open=false --no-open',
    ]);
    expect(printed.stdout.trim().split('\n')).toHaveLength(1);
    expect(await project.builds()).toEqual([]);
  });

  it('is a table for people', async () => {
    const project = await fakeProject({ files: { 'leptos-fast.toml': 'gate = false\n' } });
    const { code, stdout } = printConfig(project, ['--gate'], { LEPTOS_FAST_PROT: '1' });
    expect(code).toBe(0);
    expect(stdout).toContain(`the settings file is ${project.path('leptos-fast.toml')}\n`);
    expect(stdout).toMatch(/^gate +true +--gate$/m);
    expect(stdout).toMatch(/^debounce +300 +default$/m);
    expect(stdout).toMatch(/^port +not set: the one of site-addr +default$/m);
    expect(stdout).toContain('there is no variable LEPTOS_FAST_PROT: did you mean LEPTOS_FAST_PORT?');
  });

  it('takes the file beside the Cargo.toml of the workspace, wherever it is asked', async () => {
    const project = await fakeProject({ files: { 'leptos-fast.toml': 'skip = false\n' } });
    await mkdir(project.path('src/pages'), { recursive: true });
    const printed = printConfig(project, ['--json'], {}, project.path('src/pages'));
    expect(settingsIn(printed)).toEqual(['skip=false ../../leptos-fast.toml:1:8']);
  });

  it('of a file with errors shows these, each with its place', async () => {
    const project = await fakeProject({ files: { 'leptos-fast.toml': 'debonce = 1\nport = 0\n' } });
    const { code, stdout, stderr } = printConfig(project);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr.match(/^error\[LF023\]/gm)).toHaveLength(2);
    expect(stderr).toContain(`--> ${project.path('leptos-fast.toml')}:1:1`);
    expect(stderr).toContain('did you mean debounce?');
    expect(stderr).toContain(`--> ${project.path('leptos-fast.toml')}:2:8`);
  });
});

describe('dev', () => {
  it('runs as the file says', async () => {
    const port = await freePort();
    const project = await fakeProject({ files: { 'leptos-fast.toml': `port = ${port}\npreset = "minimal"\n` } });
    const dev = await startDev(project).ready();
    expect(await dev.next('ready')).toMatchObject({ url: `http://127.0.0.1:${port}/`, mode: 'minimal profile' });
    expect((await dev.stop()).code).toBe(0);
  });

  it('lets a flag turn on what the file turns off', async () => {
    const project = await fakeProject({ files: { 'leptos-fast.toml': 'gate = false\n' } });
    const dev = await startDev(project, ['--gate']).ready();
    expect(await dev.next('ready')).toMatchObject({ gate: true });
    expect((await dev.stop()).code).toBe(0);
  });

  it('does not start with a wrong file, and says so as events too', async () => {
    const project = await fakeProject({ files: { 'leptos-fast.toml': 'gate = 1\n' } });
    const dev = startDev(project);
    expect((await dev.exited).code).toBe(3);
    expect(dev.all('error')).toMatchObject([
      { code: 'LF023', where: { file: project.path('leptos-fast.toml'), line: 1, column: 8 } },
    ]);
  });

  it('says what a change of the file means for the run, and builds nothing for it', async () => {
    // A file for oneself is often ignored by git; it counts all the same.
    const project = await fakeProject({ files: { '.gitignore': '/target\nleptos-fast.toml\n' } });
    const dev = await startDev(project).ready();
    const notice = async (toml: string, from = dev.mark()) => {
      await project.save({ 'leptos-fast.toml': toml });
      return (await dev.next('notice', from)).message;
    };
    expect(await notice('debounce = 100\nport = 4000\n')).toBe(
      'leptos-fast.toml: port, debounce will count from the next start',
    );
    const mark = dev.mark();
    await project.save({ 'leptos-fast.toml': 'debounce = "soon"\n' });
    expect(await dev.next('error', mark)).toMatchObject({ code: 'LF023', where: { line: 1, column: 12 } });
    expect(await notice('')).toBe('leptos-fast.toml: the settings are as at the start again');

    const last = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', last);
    expect(dev.all('change-batch')).toMatchObject([{ files: ['src/app.rs'] }]);
    expect((await dev.stop()).code).toBe(0);
  });
});
