import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Event } from '../../../src/core/events.js';
import { lineSplitter } from '../../../src/gate/protocol.js';
import { freePort } from '../../support/free-port.js';
import { TEST_TARGET } from './sample-app.js';

const CLI = fileURLToPath(new URL('../../../bin/leptos-fast.js', import.meta.url));

type Named<N extends Event['event']> = Extract<Event, { event: N }>;

/** A running `leptos-fast dev --json`, and what it has told so far. */
export class DevProcess {
  readonly events: Event[] = [];
  readonly port: number;
  readonly child: ChildProcess;
  /** Exit code, as a shell gives it. */
  readonly exited: Promise<number>;
  #stderr = '';
  readonly #waiting = new Set<() => void>();

  private constructor(dir: string, port: number, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.port = port;
    this.child = spawn(process.execPath, [CLI, 'dev', dir, '--json', '--port', String(port), ...args], {
      env: { ...process.env, CARGO_TARGET_DIR: TEST_TARGET, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on(
      'data',
      lineSplitter((line) => {
        this.events.push(JSON.parse(line) as Event);
        for (const wake of this.#waiting) wake();
      }),
    );
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.exited = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => {
        for (const wake of this.#waiting) wake();
        resolve(code ?? (signal === 'SIGKILL' ? 137 : 143));
      });
    });
  }

  /** Starts `dev` on a free port. */
  static async start(dir: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<DevProcess> {
    return new DevProcess(dir, await freePort(), args, env);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** How many events there are: a mark to wait from. */
  get mark(): number {
    return this.events.length;
  }

  /** The first event of that name after `from` that satisfies `wanted`; rejects when dev ends before it comes. */
  async event<N extends Event['event']>(
    name: N,
    from = 0,
    wanted: (event: Named<N>) => boolean = () => true,
  ): Promise<Named<N>> {
    const find = (): Named<N> | undefined =>
      this.events.slice(from).find((event): event is Named<N> => event.event === name && wanted(event as Named<N>));
    for (;;) {
      const found = find();
      if (found) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`dev ended before the event ${name}\n${this.story}`);
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** Saves through `change`, waits until the batch stands on the page, and returns all events from the save to there. */
  async save(change: () => void): Promise<readonly Event[]> {
    const from = this.mark;
    change();
    const batch = await this.event('change-batch', from);
    await this.event('reloaded', from, (event) => event.batch === batch.id);
    return this.events.slice(from);
  }

  /** The events after a mark, one a line, for failing tests. */
  tell(from: number): string {
    const told = this.events.slice(from).filter(({ event }) => event !== 'build-progress');
    return told
      .map(({ time, session: _, ...event }) => `${time.slice(14)} ${JSON.stringify(event).slice(0, 300)}`)
      .join('\n');
  }

  /** What a person would have read, for failing tests. */
  get story(): string {
    return this.#stderr.slice(-6_000);
  }

  /** Ctrl-C, and the exit code. */
  async interrupt(): Promise<number> {
    this.child.kill('SIGINT');
    return this.exited;
  }

  /** For clean-up: ends it if it still runs. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.interrupt();
  }
}
