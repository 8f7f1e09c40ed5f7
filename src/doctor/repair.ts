import { relative } from 'node:path';
import { execa } from 'execa';
import kleur from 'kleur';
import { renderDiff } from '../project/diff.js';
import { runInit } from '../project/init.js';
import type { Ask } from '../project/init-ask.js';
import type { Diagnosed, Repair } from './diagnosis.js';
import { replaceText } from './write-text.js';

/** How repairs talk to people. */
export interface RepairIo {
  /** The folder that paths are shown relative to. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  write(text: string): void;
  /** Whether `write` ends on this process's own terminal, so that a tool may draw its progress there itself. */
  readonly isTerminal: boolean;
  /** Asks a question; absent where nobody can answer. */
  readonly ask: Ask | undefined;
  /** Files of the user's may be changed without a question. */
  readonly yes: boolean;
}

/** What became of one repair. */
export interface RepairOutcome {
  readonly id: string;
  readonly what: string;
  readonly outcome: 'done' | 'declined' | 'failed';
  readonly why?: string;
}

type Ending = Pick<RepairOutcome, 'outcome' | 'why'>;

/** Carries out the repair of one finding, telling what it does. It is left to the next examination whether it helped. */
export async function carryOut(check: Diagnosed & { readonly repair: Repair }, io: RepairIo): Promise<RepairOutcome> {
  const { id, repair } = check;
  const what = describe(repair, io.cwd);
  io.write(`\n  ${kleur.bold(id)}: ${what}\n`);
  const ending = await perform(repair, io);
  const reason = ending.why === undefined ? '' : `: ${ending.why}`;
  if (ending.outcome === 'failed') io.write(`  ${kleur.red('failed')}${reason}\n`);
  if (ending.outcome === 'declined') io.write(`  ${kleur.yellow('not done')}${reason}\n`);
  return { id, what, ...ending };
}

function describe(repair: Repair, cwd: string): string {
  switch (repair.kind) {
    case 'install':
      return [repair.program, ...repair.args].join(' ');
    case 'edit':
      return `${repair.before === undefined ? 'create' : 'edit'} ${relative(cwd, repair.file)}`;
    case 'init':
      return 'leptos-fast init';
  }
}

async function perform(repair: Repair, io: RepairIo): Promise<Ending> {
  switch (repair.kind) {
    case 'install':
      return install(repair.program, repair.args, repair.cwd, io);
    case 'edit': {
      io.write(renderDiff(repair.before ?? '', repair.after));
      if (!(await isAllowed(io))) return declined(io);
      const failure = await replaceText(repair.file, repair.before, repair.after);
      return failure === undefined ? { outcome: 'done' } : { outcome: 'failed', why: failure };
    }
    case 'init':
      return updateProfile(repair.dir, io);
  }
}

/** What the tool says is shown as it comes. */
async function install(program: string, args: readonly string[], cwd: string, io: RepairIo): Promise<Ending> {
  // Standard error also for what the tool prints on its standard output: that of this process may be JSON.
  const shown = io.isTerminal ? 2 : 'pipe';
  const running = execa(program, args, {
    cwd,
    env: io.env,
    extendEnv: false,
    stdin: 'ignore',
    stdout: shown,
    stderr: shown,
    reject: false,
    buffer: false,
  });
  for (const stream of [running.stdout, running.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => io.write(text));
  }
  const { failed, exitCode, signal, code, originalMessage } = await running;
  if (!failed) return { outcome: 'done' };
  if (code === 'ENOENT') return { outcome: 'failed', why: `there is no ${program} on PATH` };
  if (signal) return { outcome: 'failed', why: `${program} was ended by ${signal}` };
  return {
    outcome: 'failed',
    why: exitCode === undefined ? (originalMessage ?? '') : `${program} ended with ${exitCode}`,
  };
}

/** `init` shows its diff and asks by itself. */
async function updateProfile(dir: string, io: RepairIo): Promise<Ending> {
  const mode = io.yes || io.ask ? 'write' : 'dry-run';
  let isDeclined = mode === 'dry-run';
  const ask: Ask | undefined = io.yes
    ? undefined
    : io.ask &&
      (async (question, byDefault) => {
        const said = (await io.ask?.(question, byDefault)) ?? false;
        // Only the last question, whether to write, has yes as its default.
        if (byDefault) isDeclined = !said;
        return said;
      });
  const result = await runInit(
    { dir, preset: undefined, mode, remove: false, yes: false },
    { cwd: io.cwd, write: (text) => io.write(text), ask },
  );
  if (!result.ok) return { outcome: 'failed', why: result.error.message };
  return isDeclined ? declined(io) : { outcome: 'done' };
}

async function isAllowed(io: RepairIo): Promise<boolean> {
  return io.yes || ((await io.ask?.('  Write it? (Y/n) ', true)) ?? false);
}

function declined({ ask }: RepairIo): Ending {
  return ask ? { outcome: 'declined' } : { outcome: 'declined', why: 'it changes a file of yours; say --yes' };
}
