import { spawn } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { delimiter } from 'node:path';
import { type CargoStatus, LASTING_LOCK, parseCargoMessage, parseCargoStatus } from '../build/cargo-messages.js';
import { endGroup } from '../build/process-group.js';
import type { Metered, ProcessMeter } from '../build/process-meter.js';
import type { Clock } from '../core/clock.js';
import type { Diagnostic } from '../core/events.js';
import { SideCompilations } from '../plan/compilations.js';
import { lockKeyOf } from '../project/lock-graph.js';
import { type CargoRequest, lineSplitter } from './protocol.js';
import { RebuiltDependencies } from './rebuilt-dependencies.js';

/** How much of cargo's own words is kept for the report of a failure, in lines. */
const KEPT_LINES = 60;

/** Added to the priority number (`nice`) of a build that others go before: a tenth of their share of a busy core. */
const BEHIND = 10;
const MAX_NICE = 19;

/** Time (ms) from cargo's exit to the end of its output. */
const PIPES_CLOSE_WITHIN_MS = 1_000;

/** How a run of cargo ended. */
export interface CargoOutcome {
  readonly ok: boolean;
  /** Exit code as a shell gives it: 128 + n after signal n. */
  readonly code: number;
  readonly stopped: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** What cargo said on stderr besides progress. */
  readonly output: string;
  /** Crates that were compiled, not taken as they were. */
  readonly compiled: readonly string[];
  /** All packages that it consists of, as taken or compiled: keys of a LockGraph. */
  readonly packages: ReadonlySet<string>;
  /** With which features each package was compiled. */
  readonly compilations: SideCompilations;
  /** The file that was asked for (wasm or executable), absolute; null when cargo named none. */
  readonly artifact: string | null;
  /** What it cost; null when it could not be started. */
  readonly metered: Metered | null;
  /** How long (ms) it waited for another cargo's lock. */
  readonly waitedMs: number;
}

export interface CargoRunOptions {
  /** The shim's folder, which the real cargo must not find on PATH. */
  readonly shimFolder: string;
  readonly request: CargoRequest;
  /** Arguments that the gate adds, such as `--config profile.dev-fast.…`. */
  readonly extraArgs: readonly string[];
  /** Let others go first. */
  readonly isBehind?: boolean;
  readonly onStatus: (status: CargoStatus) => void;
  /** Dependencies are compiled again, for this reason. cargo is asked for it only where somebody wants to hear it. */
  readonly onRebuilt?: (reason: string) => void;
  readonly clock: Clock;
  readonly meter: ProcessMeter;
}

/** One running `cargo build`, in a process group of its own. */
export interface CargoRun {
  readonly finished: Promise<CargoOutcome>;
  /** Ends cargo and every rustc below it; resolves when they are gone. */
  stop(): Promise<void>;
}

/** The environment for a real cargo: without the shim on PATH. */
export function withoutShim(env: Readonly<Record<string, string>>, shimFolder: string): Record<string, string> {
  const path = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== shimFolder);
  return { ...env, PATH: path.join(delimiter) };
}

/**
 * Starts the real `cargo build` with its messages as JSON, whose `rendered` field keeps rustc's colours
 * (`json-diagnostic-rendered-ansi`), and reads them.
 */
export function startCargo({
  shimFolder,
  request,
  extraArgs,
  isBehind = false,
  onStatus,
  onRebuilt,
  clock,
  meter,
}: CargoRunOptions): CargoRun {
  // `cargo +nightly build …`, `cargo component build …`: our arguments go behind the subcommand.
  const start = request.args.indexOf('build') + 1;
  const [head, rest] = [request.args.slice(0, start), request.args.slice(start)];
  const child = spawn(
    request.program,
    [
      ...head,
      '--message-format=json-diagnostic-rendered-ansi',
      ...(onRebuilt ? verbose(rest) : []),
      ...extraArgs,
      ...rest,
    ],
    {
      cwd: request.cwd,
      env: {
        ...withoutShim(request.env, shimFolder),
        CARGO_TERM_PROGRESS_WHEN: 'always',
        CARGO_TERM_PROGRESS_WIDTH: '100',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  if (isBehind) yieldToOthers(child.pid);
  const diagnostics: Diagnostic[] = [];
  const compiled: string[] = [];
  const packages = new Set<string>();
  const compilations = new SideCompilations();
  const words: string[] = [];
  const measurement = child.pid === undefined ? null : meter.watch(child.pid);
  const lock = new LockWait(clock);
  const rebuilt = onRebuilt && new RebuiltDependencies(clock.now(), onRebuilt);
  let metered: Metered | null = null;
  let artifact: string | null = null;
  let stopped = false;

  child.stdout.setEncoding('utf8').on(
    'data',
    lineSplitter((line) => {
      compilations.read(line);
      const message = parseCargoMessage(line);
      if (message.kind === 'diagnostic') diagnostics.push(message.diagnostic);
      else if (message.kind === 'artifact') {
        rebuilt?.onArtifact(message);
        packages.add(lockKeyOf(message.packageId));
        if (!message.fresh) {
          compiled.push(message.crate);
          measurement?.compiled(message.crate);
        }
        // cargo tells of the crate that was asked for last.
        artifact = message.files.find((file) => file.endsWith('.wasm')) ?? message.files[0] ?? artifact;
      }
    }),
  );
  const onStderr = lineSplitter((line) => {
    const status = parseCargoStatus(line);
    if (status.kind === 'failed-call' && words.at(-1) === 'Caused by:') words.pop();
    if (status.kind === 'text') {
      words.push(line.trimEnd());
      if (words.length > KEPT_LINES) words.shift();
    }
    if (status.kind === 'dirty') rebuilt?.onDirty(status);
    lock.on(status);
    onStatus(status);
  });
  // The progress bar is redrawn after a carriage return, so that counts as the end of a line too.
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => onStderr(chunk.replaceAll('\r', '\n')));

  const finished = new Promise<CargoOutcome>((resolve) => {
    const end = (ok: boolean, code: number): void => {
      const output = words.join('\n');
      const waitedMs = lock.end();
      const outcome = {
        ok,
        code,
        stopped,
        diagnostics,
        output,
        compiled,
        packages,
        compilations,
        artifact,
        metered,
        waitedMs,
      };
      if (rebuilt) void rebuilt.settled().then(() => resolve(outcome));
      else resolve(outcome);
    };
    child.on('error', (error) => {
      words.push(`cannot start ${request.program}: ${error.message}`);
      end(false, 127);
    });
    const onEnd = (code: number | null, signal: NodeJS.Signals | null): void =>
      end(code === 0, code ?? (signal === 'SIGKILL' ? 137 : 143));
    child.on('close', onEnd);
    // A daemon that a build script or sccache left behind may hold the pipes open for ever.
    child.on('exit', (code, signal) => {
      metered = measurement?.end() ?? null;
      setTimeout(() => onEnd(code, signal), PIPES_CLOSE_WITHIN_MS).unref();
    });
  });
  return {
    finished,
    stop: async () => {
      stopped = true;
      await endGroup(child);
      await finished;
    },
  };
}

/** Lets cargo say why it compiles something again; not where the project has its own wish (cargo takes one of `-q` and `-v`). */
function verbose(args: readonly string[]): readonly string[] {
  return args.some((arg) => /^(-v+|-q|--verbose|--quiet)$/.test(arg)) ? [] : ['--verbose'];
}

/** Adds up how long cargo waits for the lock on the target directory: from where it says so to what it says next. */
class LockWait {
  readonly #clock: Clock;
  #since: number | null = null;
  #ms = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  on(status: CargoStatus): void {
    this.end();
    if (status.kind === 'blocked' && LASTING_LOCK.test(status.on)) this.#since = this.#clock.now();
  }

  end(): number {
    if (this.#since !== null) this.#ms += this.#clock.now() - this.#since;
    this.#since = null;
    return this.#ms;
  }
}

/** What it starts inherits it. It is only a wish: without it the build is the same. */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.min(getPriority() + BEHIND, MAX_NICE));
  } catch {
    // It has ended already, or the system does not allow it.
  }
}
