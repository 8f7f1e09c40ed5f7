import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { signalGroup } from '../build/process-group.js';
import { descendantsOf, isSameProcessAlive, type ProcessInfo, processesWith } from '../build/process-tree.js';

/** The variable that all processes of one start of a tool inherit. */
export const RUN_MARK = 'LF_BENCH_RUN';

/** The variable by which a process is known to come from a bench in the folder that it names. */
export const HOME_MARK = 'LF_BENCH_HOME';

/** How long (ms) a tool may take to end after Ctrl-C; cargo-leptos gives the app's server ten seconds. */
const STOP_GRACE_MS = 15_000;
/** How long (ms) what it started may take to be gone after it. */
const GONE_MS = 2_000;
const LOOK_EVERY_MS = 50;
/** More of the output than the places of the last errors is not needed. */
const KEPT_OUTPUT = 400_000;

export interface ToolStart {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The value of RUN_MARK. */
  readonly mark: string;
  /** Where its output goes. */
  readonly log: string;
}

/** A running tool, as a person has it in a terminal. */
export class ToolProcess {
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #exited: Promise<void>;
  #output = '';
  #dropped = 0;

  constructor({ command: [program, ...args], cwd, env, mark, log }: ToolStart) {
    this.#mark = mark;
    // A group of its own, as a shell makes one: Ctrl-C at our terminal must not reach it before us.
    this.#child = spawn(program, args, {
      cwd,
      env: { ...env, [RUN_MARK]: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const note = (text: string): void => {
      appendFileSync(log, text);
      this.#output += stripVTControlCharacters(text).replaceAll('\r', '\n');
      const tooMuch = this.#output.length - KEPT_OUTPUT;
      if (tooMuch <= KEPT_OUTPUT) return;
      this.#output = this.#output.slice(tooMuch);
      this.#dropped += tooMuch;
    };
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.setEncoding('utf8').on('data', note);
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        note(`cannot be started: ${error.message}\n`);
        resolve();
      });
      this.#child.once('exit', () => resolve());
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** For people: how it ended, and its last words. */
  get ending(): string {
    const { exitCode, signalCode } = this.#child;
    const how = signalCode ? `was ended by ${signalCode}` : `exited with ${exitCode}`;
    return `${how}: ${this.#output.trim().split('\n').slice(-3).join(' | ').slice(-300)}`;
  }

  /** A place in the output, to read from later. */
  get position(): number {
    return this.#dropped + this.#output.length;
  }

  /** What was said since, without colours. */
  saidSince(position: number): string {
    return this.#output.slice(Math.max(0, position - this.#dropped));
  }

  /** Ends it as Ctrl-C does, and whatever of it is left then. Resolves with what deserves a note. */
  async stop(): Promise<readonly string[]> {
    const notes: string[] = [];
    const below = this.isRunning ? await descendantsOf(this.pid) : [];
    if (this.isRunning) {
      signalGroup(this.pid, 'SIGINT');
      const ended = this.#exited.then(() => true);
      if (!(await Promise.race([ended, sleep(STOP_GRACE_MS, false, { ref: false })]))) {
        notes.push(`did not end within ${STOP_GRACE_MS / 1_000} s after Ctrl-C`);
      }
    }
    const end = Date.now() + GONE_MS;
    let left = await this.#leftOf(below);
    while (left.length > 0 && Date.now() < end) {
      await sleep(LOOK_EVERY_MS);
      left = await this.#leftOf(below);
    }
    if (left.length > 0) notes.push(`left behind and ended: ${left.map(({ command }) => command).join(', ')}`);
    await this.#kill(below);
    return notes;
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    await this.#kill(this.isRunning ? await descendantsOf(this.pid) : []);
  }

  async #kill(below: readonly ProcessInfo[]): Promise<void> {
    if (this.isRunning) signalGroup(this.pid, 'SIGKILL');
    await killAll(() => this.#leftOf(below));
    if (this.#child.pid !== undefined) await this.#exited;
  }

  /** Processes of this start that still run: by the variable that they inherited where the system shows it, else those seen before. */
  async #leftOf(below: readonly ProcessInfo[]): Promise<readonly ProcessInfo[]> {
    if (process.platform === 'linux') return processesWith(`${RUN_MARK}=${this.#mark}`);
    const alive = await Promise.all(below.map(isSameProcessAlive));
    return below.filter((_, index) => alive[index]);
  }
}

/** Ends what a bench in this folder that was killed has left running; resolves with how many processes that were. Linux only. */
export function endOrphans(home: string): Promise<number> {
  return killAll(() => processesWith(`${HOME_MARK}=${home}`));
}

/** Kills until none is found any more: what is being started meanwhile is found by the next look. */
async function killAll(find: () => Promise<readonly ProcessInfo[]>): Promise<number> {
  const killed = new Set<number>();
  for (let left = await find(); left.length > 0; left = await find()) {
    for (const { pid } of left) {
      killed.add(pid);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    await sleep(LOOK_EVERY_MS);
  }
  return killed.size;
}
