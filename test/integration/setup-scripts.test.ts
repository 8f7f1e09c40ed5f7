import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { copyOfRepo, fakePackageScript, Machine, runScript, write } from './setup-support.js';

/** Writes its arguments to a log, and ends with the code that the environment says. */
const logged = (name: string) => `
  import { appendFileSync } from 'node:fs';
  appendFileSync(process.env.CALLS, '${name} ' + process.argv.slice(2).join(' ') + '\\n');
  process.exitCode = Number(process.env.${name.toUpperCase()}_CODE ?? 0);
`;

/** Stands for vitest: writes the report that REPORT_<project> holds, if any. */
const FAKE_VITEST = `
  import { writeFileSync } from 'node:fs';
  const value = (flag) => process.argv.find((arg) => arg.startsWith(flag + '='))?.slice(flag.length + 1);
  const project = process.argv[process.argv.indexOf('--project') + 1];
  const report = process.env['REPORT_' + project];
  if (report) writeFileSync(value('--outputFile.json'), report);
  if (report && JSON.parse(report).success === false) process.exitCode = 1;
  ${logged('vitest').replace(/process\.exitCode.*/, '')}
`;

/** Stands for leptos-fast: serves a page as a Leptos app does, on one condition of the test's. */
const FAKE_CLI = `
  import { createServer } from 'node:http';
  const [mode, args] = [process.env.MODE ?? 'good', process.argv.slice(2)];
  const tell = (event, more) => console.log(JSON.stringify({ event, time: '', session: '', ...more }));
  const wasm = mode === 'bad-wasm' ? 'no wasm' : Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  const headline = mode === 'no-headline' ? '' : '<h1 id="headline">Hello</h1>';
  const page = headline + '<link href="/pkg/app.js"><script>load("/pkg/app.wasm")</script>';
  const server = createServer((request, response) => response.end(request.url.endsWith('.wasm') ? wasm : page));
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
    signals += 1;
    server.close();
    server.closeAllConnections();
    clearInterval(alive);
    console.error(signal + ' ' + signals);
    process.exitCode = mode === 'bad-stop' ? 7 : 0;
  });
  const alive = setInterval(() => {}, 1000);
  console.error('args: ' + args.join(' '));
  if (mode === 'dies') {
    tell('error', { code: 'LF099', message: 'the moon is full' });
    process.exit(3);
  }
  const port = Number(args[args.indexOf('--port') + 1]) || 0;
  if (mode === 'never-ready') console.error('waiting');
  else server.listen(port, '127.0.0.1', () => tell('ready', { url: 'http://127.0.0.1:' + server.address().port + '/' }));
`;

let machine: Machine;
let repo: string;

/** A repository whose npm packages are there, on a machine that has all the tools. */
beforeEach(() => {
  machine = new Machine();
  machine.installRust();
  machine.installWasmStd();
  machine.fakeTool('cargo-leptos', '0.3.11');
  machine.fakeTool('wasm-bindgen', '0.2.130');
  machine.fakeTool('chromium', '1');
  repo = copyOfRepo();
  fakePackageScript(repo, '.package-lock.json', '{}');
  fakePackageScript(repo, 'package.json', '{"type":"module"}');
  fakePackageScript(repo, 'typescript/bin/tsc', logged('tsc'));
  fakePackageScript(repo, 'esbuild/package.json', '{"name":"esbuild","exports":"./index.js","type":"module"}');
  fakePackageScript(repo, 'esbuild/index.js', 'export const build = async () => undefined;\n');
  fakePackageScript(repo, '@biomejs/biome/bin/biome', logged('biome'));
  fakePackageScript(repo, 'vitest/vitest.mjs', FAKE_VITEST);
  write(join(repo, 'bin/leptos-fast.js'), FAKE_CLI);
});

const run = (script: string, args: string[] = [], more: NodeJS.ProcessEnv = {}) =>
  runScript(script, args, { ...machine.env, ...more }, { repo });

describe.skipIf(process.platform === 'win32')('install', () => {
  const npm = () =>
    write(
      join(repo, 'npm-cli.js'),
      `${logged('npm')}\nimport { mkdirSync } from 'node:fs';
    mkdirSync('node_modules', { recursive: true });`,
    );
  const install = (more: NodeJS.ProcessEnv = {}) =>
    run('install.mjs', [], { npm_execpath: join(repo, 'npm-cli.js'), ...more });

  beforeEach(npm);

  it('runs npm ci in a fresh clone, and only there', async () => {
    rmSync(join(repo, 'node_modules'), { recursive: true });
    expect(await install()).toMatchObject({ code: 0 });
    expect(machine.calls()).toEqual(['npm ci --no-audit --no-fund --loglevel=error']);
    expect(await install()).toMatchObject({ code: 0 });
    expect(machine.calls()).toHaveLength(1);
  });

  it('runs it again when the lock file has changed', async () => {
    rmSync(join(repo, 'node_modules'), { recursive: true });
    await install();
    write(join(repo, 'package-lock.json'), '{}');
    await install();
    expect(machine.calls()).toHaveLength(2);
  });

  it('believes npm where somebody ran it by hand', async () => {
    await install();
    expect(machine.calls()).toEqual([]);
    const future = new Date(Date.now() + 60_000);
    utimesSync(join(repo, 'package-lock.json'), future, future);
    await install();
    expect(machine.calls()).toHaveLength(1);
  });

  it("ends with npm's exit code", async () => {
    rmSync(join(repo, 'node_modules'), { recursive: true });
    const { code, stderr } = await install({ NPM_CODE: '5' });
    expect(code).toBe(5);
    expect(stderr).toContain('error: npm ci failed with exit code 5');
  });
});

describe.skipIf(process.platform === 'win32')('build', () => {
  it('removes what was built before and ends as the compiler does', async () => {
    write(join(repo, 'dist/gone.js'), '');
    expect(await run('build.mjs', [], { TSC_CODE: '2' })).toMatchObject({ code: 2 });
    expect(existsSync(join(repo, 'dist'))).toBe(false);
    expect(machine.calls()).toEqual(['tsc -p tsconfig.json']);
  });
});

describe.skipIf(process.platform === 'win32')('npm run demo', () => {
  it('creates the app, runs it with the arguments, and passes one signal on once', async () => {
    const { code, stderr, stdout } = await runScript(
      'demo.mjs',
      ['--port', '0', '--verbose'],
      { ...machine.env, MODE: 'bad-stop' },
      {
        repo,
        onOutput: (text, pid) => {
          if (text.includes('"ready"')) process.kill(pid, 'SIGINT');
        },
      },
    );
    expect(stdout).toContain('The sample app is in demo-app');
    expect(existsSync(join(repo, 'demo-app/Cargo.toml'))).toBe(true);
    expect(stderr).toContain('args: dev demo-app --port 0 --verbose\nSIGINT 1\n');
    expect(stderr).not.toContain('SIGINT 2');
    expect(code).toBe(7);
  });

  it("keeps a user's edits", async () => {
    write(join(repo, 'demo-app/Cargo.toml'), '# mine\n');
    const { stdout } = await run('demo.mjs', [], { MODE: 'dies' });
    expect(stdout).toContain('demo-app is there already and stays as it is');
    expect(readFileSync(join(repo, 'demo-app/Cargo.toml'), 'utf8')).toBe('# mine\n');
  });

  it('does not start when leptos-fast cannot be compiled', async () => {
    const { code, stderr } = await run('demo.mjs', [], { TSC_CODE: '2' });
    expect(code).toBe(2);
    expect(stderr).not.toContain('args:');
  });
});

// Elsewhere than on Linux, the check would find a browser of the machine's own outside of PATH.
describe.runIf(process.platform === 'linux')('npm run demo -- --until-ready', () => {
  beforeEach(() => rmSync(join(machine.bin, 'chromium')));
  const untilReady = (mode: string) => run('demo.mjs', ['--until-ready'], { MODE: mode });

  it('checks the page, stops the app and ends with 0', async () => {
    const { code, stdout, stderr } = await untilReady('good');
    expect(stderr).toMatch(/args: dev demo-app --port \d+ --json\nSIGINT 1\n$/);
    expect(stdout).toContain('✓ rendered by the server: “Hello”');
    expect(stdout).toContain('- no Chromium or Chrome here: whether the page comes alive in a browser was not checked');
    expect(stdout).toMatch(/✓ stopped in [\d.]+ s, exit code 0, port free\n$/);
    expect(code).toBe(0);
  });

  it.each([
    ['dies', 'leptos-fast dev ended with exit code 3 before it was ready\n  error[LF099]: the moon is full'],
    ['no-headline', 'the page has no headline'],
    ['bad-wasm', '/pkg/app.wasm is no valid WebAssembly'],
    ['bad-stop', 'leptos-fast dev stopped with exit code 7'],
  ])('fails and says why: %s', async (mode, message) => {
    const { code, stderr } = await untilReady(mode);
    expect(stderr).toContain(`error: ${message}`);
    expect(code).toBe(1);
  });
});

describe.skipIf(process.platform === 'win32')('npm run demo -- --until-ready, interrupted', () => {
  it('passes a signal on once, waits for the end, and says that it was interrupted', async () => {
    const { code, stderr } = await runScript(
      'demo.mjs',
      ['--until-ready'],
      { ...machine.env, MODE: 'never-ready' },
      {
        repo,
        onOutput: (text, pid) => {
          if (text.includes('waiting')) process.kill(pid, 'SIGTERM');
        },
      },
    );
    expect(stderr).toContain('waiting\nSIGTERM 1\nerror: interrupted by SIGTERM');
    expect(stderr).not.toContain('SIGTERM 2');
    expect(code).toBe(143);
  });
});

describe.skipIf(process.platform === 'win32')('npm test', () => {
  const NONE = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  const report = (counts: object) => JSON.stringify({ ...NONE, ...counts });
  const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);
  // install, build, toolchain, lint, type check
  const STEPS = 5;

  it('adds up all projects in its last line', async () => {
    const { code, stdout } = await run('test.mjs', [], {
      REPORT_unit: report({ numPassedTests: 10, numPendingTests: 1 }),
      REPORT_integration: report({ numPassedTests: 4, numTodoTests: 1 }),
      REPORT_browser: report({ numPassedTests: 3 }),
      REPORT_e2e: report({ numPassedTests: 2 }),
    });
    expect(lastLine(stdout)).toBe(`${STEPS + 19} passed, 0 failed, 2 skipped`);
    expect(code).toBe(0);
    const projects = machine.calls().flatMap((call) => /--project (\w+)/.exec(call)?.[1] ?? []);
    expect(projects).toEqual(['unit', 'integration', 'browser', 'e2e']);
  });

  it('counts failed tests, and files that fail as a whole', async () => {
    const { code, stdout } = await run('test.mjs', ['unit'], {
      REPORT_unit: report({
        success: false,
        numPassedTests: 1,
        numFailedTests: 1,
        testResults: [
          { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
          { status: 'failed', assertionResults: [] },
        ],
      }),
    });
    // Without the toolchain, which unit tests don't need.
    expect(lastLine(stdout)).toBe(`${STEPS - 1 + 1} passed, 2 failed`);
    expect(code).toBe(1);
  });

  it('counts a vitest that fails without a failed test', async () => {
    const { code, stdout } = await run('test.mjs', ['unit'], { REPORT_unit: report({ success: false }) });
    expect(lastLine(stdout)).toBe(`${STEPS - 1} passed, 1 failed`);
    expect(code).toBe(1);
  });

  it('passes where a project has no tests', async () => {
    const { code, stdout } = await run('test.mjs');
    expect(lastLine(stdout)).toBe(`${STEPS} passed, 0 failed`);
    expect(code).toBe(0);
  });

  it('counts lint and type errors and goes on', async () => {
    const { code, stdout } = await run('test.mjs', ['unit', 'manifest'], {
      BIOME_CODE: '1',
      REPORT_unit: report({ numPassedTests: 3 }),
    });
    expect(lastLine(stdout)).toBe(`${STEPS - 2 + 3} passed, 1 failed`);
    expect(code).toBe(1);
    expect(machine.calls().at(-1)).toMatch(/^vitest run --project unit .* manifest$/);
  });

  it('does not start the end-to-end tests without a toolchain', async () => {
    rmSync(join(machine.bin, 'rustc'));
    const { code, stdout, stderr } = await run('test.mjs', ['e2e']);
    expect(stderr).toContain('Rust is not installed');
    expect(stderr).toContain('not run: the build or the toolchain failed');
    expect(lastLine(stdout)).toBe(`${STEPS - 1} passed, 2 failed`);
    expect(code).toBe(1);
  });
});
