import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { type Process, readProcess } from './processes.js';

/** A command that keeps an app up to date. */
export interface ToolCommand {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What makes it look for changes by itself, where it can. */
  readonly pollArgs: readonly string[];
}

/** A running tool, as a person has it in a terminal. */
export class Tool {
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #self: Process | null;
  #output = '';
  readonly exited: Promise<void>;

  constructor(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv, log: string) {
    const [program = '', ...args] = command;
    // A process group of its own, as a shell makes one: Ctrl-C goes to all of it, and the suite's own Ctrl-C does not.
    this.#child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#log = log;
    this.#self = readProcess(this.pid);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#note(text));
    }
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#note(`cannot be started: ${error.message}\n`));
      this.#child.once('close', () => resolve());
      this.#child.once('exit', () => resolve());
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The tool's own process, for signals and memory. */
  get process(): Process | null {
    return this.#self;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined;
  }

  /** For people: how it ended. */
  get ending(): string {
    const { exitCode, signalCode } = this.#child;
    return signalCode ? `was ended by ${signalCode}` : `exited with ${exitCode}`;
  }

  /** A place in the output, to read from later. */
  get mark(): number {
    return this.#output.length;
  }

  /** What a person has read since `mark`, without colours. */
  said(mark = 0): string {
    return this.#output.slice(mark);
  }

  /** The last lines it said. */
  get lastWords(): string {
    return this.#output.trimEnd().split('\n').slice(-3).join(' | ').slice(-300);
  }

  /** Ctrl-C: SIGINT to the whole foreground group, as a terminal sends it. */
  interrupt(): void {
    this.#signalGroup('SIGINT');
  }

  /** The terminal is closed: SIGHUP to the whole foreground group. */
  hangUp(): void {
    this.#signalGroup('SIGHUP');
  }

  #signalGroup(name: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, name);
    } catch {
      // It ended by itself.
    }
  }

  #note(text: string): void {
    this.#output += stripVTControlCharacters(text).replaceAll('\r', '\n');
    appendFileSync(this.#log, text);
  }
}
