import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemClock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { EventBus, errorEvent } from '../core/events.js';
import { err, ok, type Result } from '../core/result.js';
import { onFault, onSignals } from '../core/signals.js';
import { ownVersion } from '../core/version.js';
import { checkMachine } from '../doctor/machine.js';
import { findServerCommand } from '../gate/server-command.js';
import { loadWorkspace, selectProject } from '../project/model.js';
import { stateDir } from '../project/state-dir.js';
import { recordSession, type SessionHistory } from '../record/session-history.js';
import { listenForKeys } from '../ui/keys.js';
import { openInBrowser } from '../ui/open-in-browser.js';
import { jsonSink, plainSink, type Sink, terminalSink } from '../ui/sinks.js';
import { fileSystemWithoutEvents } from '../watch/file-events.js';
import { checkNumbers, type TypedNumbers } from './dev-options.js';
import { DevSession, type SessionOptions } from './dev-session.js';
import { type FastMode, fastMode } from './fast-mode.js';
import { choosePorts, movePorts } from './ports.js';
import { ProjectLock } from './project-lock.js';
import type { Setup } from './setup.js';

/** What `dev` was called with. */
export interface DevOptions extends TypedNumbers {
  readonly dir: string;
  readonly appArgs: readonly string[];
  readonly fast: boolean;
  readonly preset: string | undefined;
  /** `--project`, as often as it was given. */
  readonly projects: readonly string[];
  readonly gate: boolean;
  readonly proxy: boolean;
  readonly hotReload: boolean;
  readonly skip: boolean;
  readonly skipComments: boolean;
  readonly open: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: NodeJS.ProcessEnv;
}

type Prepared = Omit<SessionOptions, 'onGivenUp' | 'bus' | 'clock' | 'startedAt' | 'history'>;

/** Runs `dev` until a signal or until there is no way on. Resolves with the exit code; cli.md lists them. */
export async function runDev(options: DevOptions): Promise<number> {
  const startedAt = Date.now() - Math.round(process.uptime() * 1_000);
  const bus = new EventBus(systemClock);
  const sink = openSink(bus, options);
  // Ctrl-C while the machine is looked at: nothing runs yet that would have to be ended.
  let cancelled = false;
  const offSignals = onSignals({
    onStop: () => {
      cancelled = true;
    },
    onForce: () => {
      offSignals();
      process.kill(process.pid, 'SIGINT');
    },
    onResume: () => undefined,
  });
  const prepared = await prepare(bus, options);
  offSignals();
  if (cancelled) {
    if (prepared.ok) await prepared.value.lock.release();
    sink.close();
    return 0;
  }
  if (!prepared.ok) {
    for (const error of prepared.error) bus.emit(errorEvent(error));
    sink.close();
    return prepared.error[0]?.exitCode ?? 3;
  }
  const { workspace, project, fastMode: fast } = prepared.value.setup;
  const history = recordSession({
    bus,
    clock: systemClock,
    workspace,
    project: project.name,
    mode: fast.mode,
    tools: prepared.value.tools,
    startedAt,
  });
  bus.emit({ event: 'starting', project: project.name, dir: workspace.root, mode: fast.mode });
  const exitCode = await runSession({ bus, sink, startedAt, history }, prepared.value, options);
  // It may have something to say, and `stopped` is the last.
  await history.close();
  bus.emit({ event: 'stopped', exitCode });
  sink.close();
  return exitCode;
}

interface Run {
  readonly bus: EventBus;
  readonly sink: Sink;
  readonly startedAt: number;
  readonly history: SessionHistory;
}

async function runSession(
  { bus, sink, startedAt, history }: Run,
  prepared: Prepared,
  options: DevOptions,
): Promise<number> {
  if (options.open) {
    bus.on((event) => {
      if (event.event === 'ready') openInBrowser(event.url);
    });
  }
  return new Promise<number>((finish) => {
    const leave = (exitCode: number): void => {
      offSignals();
      releaseKeys();
      finish(exitCode);
    };
    const end = async (exitCode: number): Promise<void> => {
      await session.stop();
      leave(exitCode);
    };
    // A fault of ours must not leave a server behind that keeps the port.
    onFault((error) => {
      bus.emit(errorEvent(ownFault(error)));
      void session.kill().then(() => leave(4));
    });
    const session: DevSession = new DevSession({
      ...prepared,
      bus,
      clock: systemClock,
      startedAt,
      history,
      onGivenUp: (error) => {
        bus.emit(errorEvent(error));
        void end(error.exitCode);
      },
    });
    const offSignals = onSignals({
      onStop: () => {
        bus.emit({ event: 'stopping', waitingFor: 'cargo-leptos and the server end' });
        void end(0);
      },
      onForce: (exitCode) => void session.kill().then(() => leave(exitCode)),
      onResume: () => void session.resume(),
    });
    const releaseKeys = openKeys(options, sink, {
      rebuild: () => session.rebuild(),
      open: () => openInBrowser(session.url),
    });
    void session.start().then((started) => {
      if (started.ok) return;
      bus.emit(errorEvent(started.error));
      void end(started.error.exitCode);
    });
  });
}

/** Everything that can be wrong before a process is started, found out at once where possible. */
async function prepare(bus: EventBus, options: DevOptions): Promise<Result<Prepared, readonly LfError[]>> {
  const { env, gate: gateWanted, fast, preset } = options;
  // cargo-leptos watches and logs canonical paths, so everything is compared in that form.
  const typed = resolve(options.dir);
  const dir = await realpath(typed).catch(() => typed);
  const numbers = checkNumbers(options);
  if (!numbers.ok) return err([numbers.error]);
  const [projectName, ...others] = options.projects;
  if (others.length > 0) return err([oneProjectOnly()]);
  const workspace = await loadWorkspace(dir, { env });
  if (!workspace.ok) return err([workspace.error]);
  const project = selectProject(workspace.value, dir, projectName);
  if (!project.ok) return err([project.error]);
  // On Windows `Command::new("cargo")` finds only cargo.exe, so the shim would never be called.
  const serverCommand = await findServerCommand(project.value.config.binCargoCommand, env);
  const gate = gateWanted && process.platform !== 'win32' && serverCommand.kind !== 'out-of-reach';
  if (gateWanted && serverCommand.kind === 'out-of-reach') {
    bus.emit({
      event: 'notice',
      message: `no gate: the server is built by ${serverCommand.command}, which no shim can stand in for`,
    });
  }
  const modeOf = (of: Pick<Setup, 'workspace' | 'project'>): Promise<Result<FastMode>> =>
    fastMode({ fast, gate, ...(preset !== undefined && { preset }) }, of.workspace, of.project, env);
  const mode = await modeOf({ workspace: workspace.value, project: project.value });
  if (!mode.ok) return err([mode.error]);
  const locked = await ProjectLock.acquire(stateDir(workspace.value));
  if (!locked.ok) return err([locked.error]);
  const { lock, ended } = locked.value;
  if (ended > 0) bus.emit({ event: 'recovery', kind: 'orphans', attempt: 1, why: orphansEnded(ended) });
  const [machine, ports] = await Promise.all([
    checkMachine(workspace.value, env),
    choosePorts(project.value.config, numbers.value.port, options.proxy),
  ]);
  if (!machine.ok || !ports.ok) await lock.release();
  const errors = [...(machine.ok ? [] : machine.error), ...(ports.ok ? [] : [ports.error])];
  if (!machine.ok || !ports.ok) return err(errors);
  const slowDrive = numbers.value.pollMs === undefined ? await fileSystemWithoutEvents(workspace.value.root) : null;
  if (slowDrive !== null)
    bus.emit({ event: 'notice', message: `no file events on ${slowDrive}: looking for changes every second` });
  const pollMs = numbers.value.pollMs ?? (slowDrive === null ? undefined : 1_000);
  const setup = { workspace: workspace.value, project: project.value, ports: ports.value, fastMode: mode.value };
  return ok({
    dir,
    env,
    setup,
    renew: async (before, now) => {
      const movedPorts = await movePorts(
        { ports: before.ports, config: before.project.config },
        now.project.config,
        numbers.value.port,
      );
      if (!movedPorts.ok) return movedPorts;
      const renewedMode = await modeOf(now);
      return renewedMode.ok ? ok({ ...now, ports: movedPorts.value, fastMode: renewedMode.value }) : renewedMode;
    },
    ...(projectName !== undefined && { projectName }),
    tools: machine.value,
    lock,
    ...(serverCommand.kind === 'other' && { serverCommand }),
    gate,
    hotReload: options.hotReload,
    skip: options.skip,
    skipComments: options.skipComments,
    debounceMs: numbers.value.debounceMs,
    ...(pollMs !== undefined && { pollMs }),
    maxRetries: numbers.value.maxRetries,
    appArgs: options.appArgs,
  });
}

function ownFault(error: Error): LfError {
  return {
    code: 'LF059',
    message: `leptos-fast itself failed: ${error.message}`,
    why: error.stack ?? '',
    help: ['start it again; everything that it had started is ended', 'please report it with the lines above'],
    exitCode: 4,
  };
}

function oneProjectOnly(): LfError {
  return {
    code: 'LF022',
    message: 'dev serves one Leptos project at a time in this version',
    help: ['name one --project, and start dev once more, with another --port, for the next one'],
    exitCode: 2,
  };
}

function orphansEnded(count: number): string {
  return `an earlier run was killed and left ${count === 1 ? 'a process' : `${count} processes`} running; ended`;
}

/** Listens for keys, where there is a person to press them. */
function openKeys(
  options: DevOptions,
  sink: Sink,
  does: { readonly rebuild: () => void; readonly open: () => void },
): () => void {
  if (!hasKeys(options)) return () => undefined;
  return listenForKeys({
    stdin: process.stdin,
    print: sink.print,
    raise: (signal) => void process.kill(process.pid, signal),
    actions: [
      { key: 'r', text: 'build everything that is not up to date', run: does.rebuild },
      { key: 'o', text: 'open the page in the browser', run: does.open },
      { key: 'c', text: 'clear the screen', run: () => sink.print('\x1b[2J\x1b[3J\x1b[H') },
      { key: 'q', text: 'quit', run: () => void process.kill(process.pid, 'SIGINT') },
    ],
  });
}

function hasKeys({ json }: DevOptions): boolean {
  return !json && isAtTerminal() && process.stdin.isTTY;
}

function isAtTerminal(): boolean {
  return process.stdout.isTTY && process.stderr.isTTY && process.env.CI === undefined;
}

function openSink(bus: EventBus, options: DevOptions): Sink {
  const { json, verbose, stdout, stderr } = options;
  const sinkOptions = { stdout, stderr, verbose, version: ownVersion(), keys: hasKeys(options) };
  if (json) return jsonSink(bus, sinkOptions);
  // A terminal that does not tell its width cannot have a line redrawn in it.
  return isAtTerminal() && process.stderr.columns > 0 ? terminalSink(bus, sinkOptions) : plainSink(bus, sinkOptions);
}
