import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, startDev } from '../support/dev-run.js';
import { REPO } from '../support/dist.js';
import { fakeProject } from '../support/fake-project.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], { cwd = REPO, node = [] as readonly string[], env = {} } = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, BIN, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
  });
  return { code: status, stdout, stderr };
}

const version = (JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as { version: string }).version;

describe('--version and --help', () => {
  it('tells the version', () => {
    expect(run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('tells the commands', () => {
    const { code, stdout } = run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +dev +\S/m);
    expect(stdout).toMatch(/^ +init +\S/m);
  });

  it('tells the options of a command', () => {
    const { code, stdout } = run(['dev', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--preset');
  });

  it.each([['--version'], ['--help']])('%s loads no module of a feature', async (flag) => {
    const dir = await tempDir();
    // Writes the URL of each module that is loaded to stderr.
    await writeFiles(dir, {
      'hooks.mjs': `import { writeSync } from 'node:fs';
export async function load(url, context, next) {
  writeSync(2, 'loaded ' + url + '\\n');
  return next(url, context);
}
`,
      'trace.mjs': `import { register } from 'node:module';
register('./hooks.mjs', import.meta.url);
`,
    });
    const { code, stderr } = run([flag], { node: ['--import', join(dir, 'trace.mjs')] });
    expect(code).toBe(0);
    const loaded = [...stderr.matchAll(/loaded .*\/dist\/(.*)/g)].map((match) => match[1] ?? '');
    expect(loaded).toContain('cli.js');
    // The table of settings is what `dev --help` tells.
    const light =
      /^(cli\.js|commands\/|core\/|ui\/(error-block|help)\.js|config\/(dev-settings|flag-options|order-names|setting[\w-]*)\.js|project\/preset-names\.js)/;
    expect(loaded.filter((name) => !light.test(name) || name.includes('settings-file'))).toEqual([]);
  });

  it('answers in a few times what node itself takes to start', () => {
    const median = (measure: () => unknown): number => {
      const times = Array.from({ length: 7 }, () => {
        const before = performance.now();
        measure();
        return performance.now() - before;
      });
      return times.sort((a, b) => a - b)[3] ?? 0;
    };
    const node = median(() => spawnSync(process.execPath, ['-e', '0']));
    const own = median(() => run(['--version']));
    process.stdout.write(
      `--version ${own.toFixed(0)} ms, node alone ${node.toFixed(0)} ms, ratio ${(own / node).toFixed(1)}\n`,
    );
    expect(own / node).toBeLessThan(6);
  });
});

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['fly']],
    ['an unknown flag', ['dev', '--fly']],
    ['a flag without its value', ['dev', '--port']],
    ['a number that is none', ['dev', '--port', 'x']],
    ['a number out of its range', ['dev', '--debounce', '-5']],
    ['one folder too many', ['dev', 'a', 'b']],
  ])('%s ends with 2 and one block on stderr', async (_what, args) => {
    const { code, stdout, stderr } = run(args, { cwd: await tempDir() });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error\[LF022\]: \S/);
    expect(stderr).toMatch(/^help: /m);
    expect(stderr.match(/^error/gm)).toHaveLength(1);
  });

  it('an unknown preset ends with 2 and offers the nearest', async () => {
    const project = await fakeProject();
    const dev = startDev(project, ['--preset', 'balancd']);
    expect((await dev.exited).code).toBe(2);
    expect(dev.all('error')).toMatchObject([{ code: 'LF020' }]);
    expect(dev.stderr).toContain('--preset balanced');
  });
});

describe('a folder that is no project', () => {
  it('ends with 3 and says so', async () => {
    const { code, stdout, stderr } = run(['dev'], { cwd: await tempDir() });
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error\[LF001\]/);
  });

  it('--json tells it as an event on stdout too', async () => {
    const { code, stdout } = run(['dev', '--json'], { cwd: await tempDir() });
    expect(code).toBe(3);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; session: string; time: string });
    expect(events).toMatchObject([{ event: 'error', code: 'LF001' }]);
    expect(events[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(events[0]?.session).toMatch(/\S/);
  });

  it('that does not exist is told as well', async () => {
    const { code, stderr } = run(['dev', 'no-such-folder'], { cwd: await tempDir() });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error\[LF00\d\]/);
  });
});

describe('colours', () => {
  it('are there when FORCE_COLOR asks for them, and not with NO_COLOR', async () => {
    const cwd = await tempDir();
    expect(run(['dev'], { cwd }).stderr).not.toContain('\x1b[');
    expect(run(['dev'], { cwd, env: { NO_COLOR: undefined, FORCE_COLOR: '1' } }).stderr).toContain('\x1b[');
  });
});
