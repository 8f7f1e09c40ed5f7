import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { descendantsOf, isSameProcessAlive, type ProcessInfo } from '../../src/build/process-tree.js';
import type { Event } from '../../src/core/events.js';
import type { FakeProject } from './fake-project.js';
import { waitUntil } from './wait-until.js';

export const BIN = fileURLToPath(new URL('../../bin/leptos-fast.js', import.meta.url));

type Named<Name extends Event['event']> = Extract<Event, { event: Name }>;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One run of `leptos-fast dev --json` on a fake project. */
export class DevRun {
  /** All events so far. */
  readonly events: Event[] = [];
  /** Lines of stdout that are no JSON: there must be none. */
  readonly strayLines: string[] = [];
  stderr = '';
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #offspring: readonly ProcessInfo[] = [];
  #hasExited = false;

  constructor(project: FakeProject, args: readonly string[], env: NodeJS.ProcessEnv, dir: string) {
    const child = spawn(process.execPath, [BIN, 'dev', dir, '--json', ...args], {
      cwd: dir,
      env: { ...project.env, PWD: dir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#onLine(line);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    this.exited = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#hasExited = true;
        resolve({ code, signal });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** How many events there are: what is awaited next lies behind. */
  mark(): number {
    return this.events.length;
  }

  all<Name extends Event['event']>(name: Name, from = 0): readonly Named<Name>[] {
    return this.events.slice(from).filter((event): event is Named<Name> => event.event === name);
  }

  /** The first event of that name behind `from` that `fits`, as soon as there is one. */
  async next<Name extends Event['event']>(
    name: Name,
    from = 0,
    fits: (event: Named<Name>) => boolean = () => true,
  ): Promise<Named<Name>> {
    return waitUntil(
      `the event ${name}`,
      () => {
        const found = this.all(name, from).find(fits);
        if (!found && this.#hasExited) throw new Error(`dev ended without the event ${name}\n${this.story()}`);
        return found;
      },
      () => this.story(),
    );
  }

  /** Waits until the page can be opened. */
  async ready(): Promise<this> {
    await this.next('ready');
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** All processes below this run at the moment; they are remembered for `leftovers`. */
  async offspring(): Promise<readonly ProcessInfo[]> {
    const present = await descendantsOf(this.pid);
    this.#offspring = [...this.#offspring, ...present];
    return present;
  }

  /** The processes seen by `offspring` that still run. */
  async leftovers(): Promise<readonly ProcessInfo[]> {
    const alive = await Promise.all(this.#offspring.map(isSameProcessAlive));
    return this.#offspring.filter((_, index) => alive[index]);
  }

  /** Ends the run with Ctrl-C and resolves with how it ended. */
  async stop(): Promise<Exit> {
    this.signal('SIGINT');
    return this.exited;
  }

  /** What happened, for the message of a test that failed. */
  story(): string {
    const dull = new Set(['log', 'build-progress']);
    const lines = this.events
      .filter((event) => !dull.has(event.event))
      .map(({ session, ...event }) => JSON.stringify(event));
    const log = this.all('log')
      .map(({ time, line }) => `${time.slice(17, 23)} ${line}`)
      .slice(-60);
    return [...lines, '--- cargo-leptos', ...log, '--- stderr', this.stderr.slice(-1_500)].join('\n');
  }

  #onLine(line: string): void {
    try {
      this.events.push(JSON.parse(line) as Event);
    } catch {
      this.strayLines.push(line);
    }
  }

  /** Ends whatever a failed test left running. */
  async cleanUp(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    await this.offspring();
    this.#child.kill('SIGKILL');
    for (const info of await this.leftovers()) {
      try {
        process.kill(info.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    await this.exited;
  }
}

/** Starts `dev`; it is ended with the test. `dir` is another way to the project's folder. */
export function startDev(
  project: FakeProject,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  dir = project.dir,
): DevRun {
  const run = new DevRun(project, args, env, dir);
  onTestFinished(() => run.cleanUp());
  return run;
}
