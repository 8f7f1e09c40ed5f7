/**
 * `npm test`: everything that must be right, on a fresh clone too. Its last line is `N passed, N failed`.
 *
 *   npm test                        all of it
 *   npm test -- unit integration    only these vitest projects (unit, integration, browser, e2e)
 *   npm test -- manifest            only the test files with `manifest` in their name
 *
 * Installing, building, the toolchain, lint and type check count as one test each.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, tsc } from './build.mjs';
import { installPackages } from './install.mjs';
import { REPO, testTargetDir } from './paths.mjs';
import { Interrupted, runHere, SetupError, tellError } from './process.mjs';
import { prepareToolchain } from './toolchain.mjs';
import { checkNodeVersion } from './versions.mjs';

const PROJECTS = ['unit', 'integration', 'browser', 'e2e'];
const counts = { passed: 0, failed: 0, skipped: 0 };

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = tellError(error);
  counts.failed += 1;
}
const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);

async function main(args) {
  const chosen = PROJECTS.filter((project) => args.includes(project));
  const projects = chosen.length === 0 ? PROJECTS : chosen;
  const filters = args.filter((arg) => !PROJECTS.includes(arg));

  checkNodeVersion();
  if (!(await check('install', installPackages))) return 1;
  const built = await check('build', () => expectZero('tsc', build()));
  const toolchain = await toolchainFor(projects);
  await check('lint', () => expectZero('biome', node('@biomejs/biome/bin/biome', ['check', '.'])));
  await check('type check', () => expectZero('tsc', tsc(['--noEmit', '-p', 'tsconfig.test.json'])));

  for (const project of projects) {
    // Without these two, each of their long tests would fail in turn, for one and the same reason.
    if ((project === 'browser' || project === 'e2e') && !(built && toolchain)) {
      await check(project, () => Promise.reject(new SetupError('not run: the build or the toolchain failed')));
    } else {
      await runProject(project, filters, toolchain?.env ?? process.env);
    }
  }
  return counts.failed === 0 ? 0 : 1;
}

/** One step that counts as one test. */
async function check(name, step) {
  console.log(`\n── ${name}`);
  try {
    await step();
    counts.passed += 1;
    return true;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    tellError(error);
    counts.failed += 1;
    return false;
  }
}

async function expectZero(name, run) {
  const code = await run;
  if (code > 128) throw new Interrupted('SIGINT');
  if (code !== 0) throw new SetupError(`${name} ended with exit code ${code}`);
}

/** Runs a script of an npm package. */
function node(script, args, env = process.env) {
  return runHere(process.execPath, [join(REPO, 'node_modules', script), ...args], { cwd: REPO, env });
}

/** What the projects that build Rust need; unit tests need none of it. */
async function toolchainFor(projects) {
  let toolchain = { env: process.env };
  if (projects.some((project) => project !== 'unit')) {
    const done = await check('toolchain', async () => {
      toolchain = await prepareToolchain({ browser: projects.includes('e2e') || projects.includes('browser') });
    });
    if (!done) return undefined;
  }
  return { env: { ...toolchain.env, LEPTOS_FAST_TEST_TARGET: testTargetDir() } };
}

/** Runs the tests of a vitest project and adds up its counts. */
async function runProject(project, filters, env) {
  console.log(`\n── ${project}`);
  const dir = mkdtempSync(join(tmpdir(), 'leptos-fast-test-'));
  const report = join(dir, 'report.json');
  // The end-to-end tests take minutes each: tell each one when it is done.
  const reporter = project === 'e2e' ? 'verbose' : 'default';
  const args = ['run', '--project', project, '--passWithNoTests', `--reporter=${reporter}`];
  args.push('--reporter=json', `--outputFile.json=${report}`, ...filters);
  const code = await node('vitest/vitest.mjs', args, env);
  addReport(report, code);
  rmSync(dir, { recursive: true, force: true });
  if (code > 128) throw new Interrupted('SIGINT');
}

function addReport(file, exitCode) {
  const report = readReport(file);
  const failedBefore = counts.failed;
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests + report.numTodoTests;
  // A file that fails as a whole, by an import or a hook, has no failed test in it.
  counts.failed += report.testResults.filter(failedAsAWhole).length;
  // Nor has an error outside of all tests.
  if (exitCode !== 0 && counts.failed === failedBefore) counts.failed += 1;
}

function failedAsAWhole(file) {
  return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
}

/** vitest's own summary; all zero if it found no test or broke down before it wrote one. */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  }
}
