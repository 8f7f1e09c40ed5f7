import { type ChildProcess, spawn } from 'node:child_process';
import { lineSplitter } from '../gate/protocol.js';
import { type LogFact, parseLogLine } from './cargo-leptos-log.js';
import { signalGroup } from './process-group.js';
import { descendantsOf, isSameProcessAlive, type ProcessInfo } from './process-tree.js';

/** How long cargo-leptos has to end its server and itself after SIGINT, in ms. `dev` promises 3 s in all. */
const STOP_GRACE_MS = 2_200;

export interface ProcessOptions {
  /** The binary itself: through rustup's `cargo` another folder would stand in front of our shim on PATH. */
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onFact: (fact: LogFact) => void;
  readonly onAppOutput: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly onExit: (how: string) => void;
}

/** One run of `cargo-leptos leptos watch`, in a process group of its own. */
export class CargoLeptosProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** Processes of this run that may outlive it: its server has a process group of its own. */
  #offspring: readonly ProcessInfo[] = [];

  constructor({ path, args, cwd, env, onFact, onAppOutput, onExit }: ProcessOptions) {
    const child = spawn(path, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    child.stdout.setEncoding('utf8').on(
      'data',
      lineSplitter((line) => onAppOutput('stdout', line)),
    );
    const onStderr = lineSplitter((line) => {
      const fact = parseLogLine(line);
      if (fact.kind === 'app') onAppOutput('stderr', fact.line);
      else onFact(fact);
    });
    child.stderr.setEncoding('utf8').on('data', onStderr);
    this.#exited = new Promise((resolve) => {
      child.on('error', (error) => {
        onExit(`could not be started: ${error.message}`);
        resolve();
      });
      child.on('exit', (code, signal) => {
        onExit(signal ? `was ended by ${signal}` : `exited with code ${code}`);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Notes the processes below this one, so that they can be ended when it dies without ending them. */
  async noteOffspring(): Promise<readonly ProcessInfo[]> {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#offspring;
    const present = await descendantsOf(pid);
    if (present.length > 0) this.#offspring = present;
    return present;
  }

  /**
   * Asks it to end (SIGINT: it then ends its server in order) and waits up to 2.2 s; then everything that it started
   * and that still runs is killed.
   */
  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    await this.noteOffspring();
    this.#child.kill('SIGINT');
    const timer = setTimeout(() => void this.killLeftovers(), STOP_GRACE_MS);
    await this.#exited;
    clearTimeout(timer);
    await this.killLeftovers();
  }

  /** Kills at once. */
  async kill(): Promise<void> {
    await this.noteOffspring();
    await this.killLeftovers();
    await this.#exited;
  }

  /** Kills its process group and whatever of its offspring still runs. */
  async killLeftovers(): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    for (const info of this.#offspring) {
      if (await isSameProcessAlive(info)) killProcess(info.pid);
    }
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
