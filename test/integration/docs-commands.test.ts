import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN } from '../support/dev-run.js';
import { blocksOf, commandsOf, DOCS } from '../support/docs.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { writeScript } from '../support/temp-dir.js';

/** Commands that go on until Ctrl-C, and what they say when there is something to see. */
const RUNS_ON: readonly (readonly [command: string, ready: RegExp])[] = [
  ['leptos-fast dev', /ready in|"event":"ready"/],
  ['leptos-fast dashboard', /http:\/\/\S+/],
];
/** What the doctor finds is this machine's affair. */
const MAY_SAY_NO = /^leptos-fast doctor/;

const commands = DOCS.flatMap(blocksOf).filter(({ language }) => language === 'sh');

describe('the command blocks of the docs', () => {
  it('are there', () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  const run = commands.filter(({ notRun }) => notRun === null);
  it.each(run.map((block) => [`${block.file}:${block.line}`, block] as const))('%s works', async (_, block) => {
    const project = await fakeProject();
    for (const command of commandsOf(block)) {
      const { code, output } = await runIn(project, command);
      const accepted = MAY_SAY_NO.test(command) ? [0, 1] : [0];
      expect(accepted, `${command}\n${output}`).toContain(code);
    }
  });
});

/** Runs a line as it stands in the app's folder; what goes on is ended with Ctrl-C as soon as it is ready. */
async function runIn(project: FakeProject, command: string): Promise<{ code: number | null; output: string }> {
  const bin = join(project.dir, '..', 'bin');
  const pidFile = join(bin, 'pid');
  const call = `echo $$ >"${pidFile}"; exec "${process.execPath}" "${BIN}" "$@"`;
  await writeScript(join(bin, 'leptos-fast'), `#!/bin/sh\n${call}\n`);
  const child = spawn('sh', ['-c', command], {
    cwd: project.dir,
    env: { ...project.env, PATH: `${bin}:${project.env.PATH}`, PWD: project.dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let isEnded = false;
  const ready = RUNS_ON.find(([name]) => command.startsWith(name))?.[1];
  const onData = (chunk: Buffer): void => {
    output += chunk.toString();
    if (isEnded || !ready?.test(output)) return;
    isEnded = true;
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGINT');
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  const code = await new Promise<number | null>((resolve) => void child.on('close', resolve));
  return { code, output };
}
