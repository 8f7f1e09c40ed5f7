/**
 * Starting other programs: find them, ask them something, run them with progress, hand them the terminal.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { createReporter, formatDuration } from './report.mjs';

/** A failure that the reader can do something about: what happened, and `help` with the way out. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} [help]
   * @param {number} [exitCode] 3: the machine or the project is not fit.
   */
  constructor(message, help, exitCode = 3) {
    super(message);
    this.name = 'SetupError';
    this.help = help;
    this.exitCode = exitCode;
  }
}

/** Thrown when a signal ended the work; the exit code is 128 + its number, as in a shell. */
export class Interrupted extends SetupError {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`, 'run the same command again to go on', signalExitCode(signal));
  }
}

/** @param {NodeJS.Signals} signal */
export function signalExitCode(signal) {
  return 128 + (osConstants.signals[signal] ?? 0);
}

/** The value of PATH, whatever its spelling (`Path` on Windows). */
export function pathOf(env) {
  return env[pathKey(env)] ?? '';
}

/** A copy of `env` with another PATH. */
export function withPath(env, path) {
  return { ...env, [pathKey(env)]: path };
}

function pathKey(env) {
  return Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
}

/** The full name of a command on PATH, or undefined. */
export function findCommand(name, env = process.env) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const dir of pathOf(env).split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(dir, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** Whether `file` is a file that may be run. */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Runs a quick command to its end and returns what it wrote. */
export function ask(command, args, { env = process.env, timeoutMs = 60_000 } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', timeout: timeoutMs });
  return { ok: status === 0, stdout: stdout ?? '', stderr: (stderr ?? '') || (error?.message ?? '') };
}

/**
 * Runs a long command with its output kept back: one line tells how far it is and for how long it has run.
 * Fails with the last lines of its output.
 *
 * @param {string} title what the reader sees
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number, log?: ReturnType<typeof createReporter> }} [options]
 */
export async function runStep(title, command, args, options = {}) {
  const { env = process.env, cwd, timeoutMs, log = createReporter() } = options;
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = watchOutput(child);
  const stopProgress = log.progress(() => [title, output.position()].filter(Boolean).join(' '));
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const started = Date.now();
  const end = await ended(child).finally(() => {
    clearTimeout(timer);
    stopProgress();
  });
  if (end.code === 0) return;
  const why = end.error ?? (end.timedOut ? 'it took too long' : `exit code ${end.code}`);
  const tail = output.tail();
  throw new SetupError(
    `${title}: ${[command, ...args].join(' ')} failed after ${formatDuration(Date.now() - started)} (${why})` +
      (tail === '' ? '' : `\n${tail}`),
  );
}

/**
 * Runs a command on this terminal and returns its exit code.
 * A signal is answered as `ended` says, so that the command has the time to stop in its own way.
 */
export async function runHere(command, args, { env = process.env, cwd, stdio = 'inherit', shell = false } = {}) {
  const child = spawn(command, args, { env, cwd, stdio, shell });
  const end = await ended(child, { throwIfInterrupted: false });
  if (end.error) throw new SetupError(`${command} cannot be started: ${end.error}`);
  return end.code;
}

/**
 * Waits for a child's end and stays alive until then when a signal comes.
 * On a terminal, Ctrl-C reaches the child by itself (both are in the same process group): sent once more it would
 * count as the second, forcing Ctrl-C. Without a terminal nobody else tells the child, so the signal is passed on.
 */
export function ended(child, { throwIfInterrupted = true } = {}) {
  return new Promise((resolve, reject) => {
    let received;
    const onSignal = (signal) => {
      received = signal;
      const childHasIt = signal !== 'SIGTERM' && isatty(0);
      if (!childHasIt) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, onSignal);
    const finish = (end) => {
      for (const signal of signals) process.off(signal, onSignal);
      if (received !== undefined && throwIfInterrupted) reject(new Interrupted(received));
      else resolve(end);
    };
    child.once('error', (error) => finish({ code: 127, error: error.message }));
    child.once('close', (code, signal) => {
      finish({ code: code ?? signalExitCode(signal), timedOut: signal === 'SIGKILL' });
    });
  });
}

/** Keeps the last lines of a child's output and reads cargo's progress bar in it. */
function watchOutput(child) {
  const lines = [];
  let position = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => {
      const parts = (rest + chunk).split(/[\r\n]+/);
      rest = parts.pop() ?? '';
      for (const part of parts) take(part);
    });
    stream.on('end', () => take(rest));
  }
  function take(line) {
    const bar = /^\s*Building \[.*\] (\d+\/\d+)/.exec(line);
    if (bar) position = `${bar[1]} crates`;
    else if (line.trim() !== '') lines.push(line.trimEnd());
    if (lines.length > 30) lines.shift();
  }
  return { position: () => position, tail: () => lines.map((line) => `  ${line}`).join('\n') };
}

/** Whether the module at `url` is the one that node was started with. */
export function isMain(url) {
  try {
    return realpathSync(process.argv[1] ?? '') === realpathSync(fileURLToPath(url));
  } catch {
    return false;
  }
}

/** Runs a script's main function: its result is the exit code, and an error is told in one block. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = tellError(error);
  }
}

/** Writes an error to stderr and returns the exit code that fits it. */
export function tellError(error) {
  if (!(error instanceof SetupError)) {
    console.error(error);
    return 1;
  }
  console.error(`error: ${error.message}`);
  if (error.help !== undefined) console.error(`help: ${error.help.replaceAll('\n', '\n      ')}`);
  return error.exitCode;
}
