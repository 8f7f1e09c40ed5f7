import { DEV_ROWS } from '../config/dev-settings.js';
import { changedSettings, configEntries, misspeltVariables } from '../config/resolve-settings.js';
import { readSettingsFile, SETTINGS_FILE } from '../config/settings-file.js';
import { systemClock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { EventBus, errorEvent } from '../core/events.js';
import { err, ok, type Result } from '../core/result.js';
import { onFault, onSignals } from '../core/signals.js';
import { ownVersion } from '../core/version.js';
import { devDashboard } from '../dashboard/dev-dashboard.js';
import { checkMachine } from '../doctor/machine.js';
import { abilitiesOf } from '../gate/cargo-leptos-abilities.js';
import { findServerCommand } from '../gate/server-command.js';
import { selectProject } from '../project/model.js';
import { stateDir } from '../project/state-dir.js';
import { recordSession, type SessionHistory } from '../record/session-history.js';
import { listenForKeys } from '../ui/keys.js';
import { openInBrowser } from '../ui/open-in-browser.js';
import { jsonSink, plainSink, type Sink, terminalSink } from '../ui/sinks.js';
import { fileSystemWithoutEvents } from '../watch/file-events.js';
import { type Configured, configureDev, type DevOptions } from './dev-options.js';
import { DevSession, type SessionOptions } from './dev-session.js';
import { type FastMode, fastMode } from './fast-mode.js';
import { choosePorts, movePorts } from './ports.js';
import { ProjectLock } from './project-lock.js';
import type { Setup } from './setup.js';

interface Prepared extends Omit<SessionOptions, 'onGivenUp' | 'bus' | 'clock' | 'startedAt' | 'history'> {
  /** Open the page when it is ready. */
  readonly open: boolean;
}

/** Runs `dev` until a signal or until there is no way on. Resolves with the exit code; cli.md lists them. */
export async function runDev(options: DevOptions): Promise<number> {
  const startedAt = Date.now() - Math.round(process.uptime() * 1_000);
  const bus = new EventBus(systemClock);
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
  const configured = await configureDev(options);
  const sink = openSink(bus, options, configured.ok && configured.value.settings.verbose);
  const prepared = !configured.ok
    ? configured
    : options.printConfig
      ? printConfig(bus, configured.value, options)
      : await prepare(bus, options, configured.value);
  offSignals();
  if (cancelled || prepared === null) {
    if (prepared?.ok) await prepared.value.lock.release();
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
    config: project.config,
    mode: fast.mode,
    tools: prepared.value.tools,
    startedAt,
  });
  const dashboard = await devDashboard({
    bus,
    clock: systemClock,
    workspace,
    project: project.name,
    startedAt,
    knownDurations: history.knownDurations,
  });
  bus.emit({ event: 'starting', project: project.name, dir: workspace.root, mode: fast.mode });
  const routes = [...history.routes, dashboard.route];
  const exitCode = await runSession({ bus, sink, startedAt, history: { ...history, routes } }, prepared.value, options);
  await dashboard.close();
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
  { open, ...prepared }: Prepared,
  options: DevOptions,
): Promise<number> {
  if (open) {
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
      openDashboard: () => {
        if (session.dashboardUrl === null) sink.print('  without the proxy: leptos-fast dashboard --open');
        else openInBrowser(session.dashboardUrl);
      },
    });
    void session.start().then((started) => {
      if (started.ok) return;
      bus.emit(errorEvent(started.error));
      void end(started.error.exitCode);
    });
  });
}

/** Everything that can be wrong before a process is started, found out at once where possible. */
async function prepare(
  bus: EventBus,
  options: DevOptions,
  configured: Configured,
): Promise<Result<Prepared, readonly LfError[]>> {
  const { dir, workspace, settings } = configured;
  const { gate: gateWanted, fast, preset } = settings;
  // What opens places looks for its command there.
  const env = settings.editor === undefined ? options.env : { ...options.env, LEPTOS_FAST_EDITOR: settings.editor };
  const [projectName, ...others] = settings.project;
  if (others.length > 0) return err([oneProjectOnly()]);
  noteMisspeltVariables(bus, env);
  const project = selectProject(workspace, dir, projectName);
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
  const mode = await modeOf({ workspace, project: project.value });
  if (!mode.ok) return err([mode.error]);
  const locked = await ProjectLock.acquire(stateDir(workspace));
  if (!locked.ok) return err([locked.error]);
  const { lock, ended } = locked.value;
  if (ended > 0) bus.emit({ event: 'recovery', kind: 'orphans', attempt: 1, why: orphansEnded(ended) });
  const [machine, ports] = await Promise.all([
    checkMachine(workspace, env),
    choosePorts(project.value.config, settings.port, settings.proxy),
  ]);
  if (!machine.ok || !ports.ok) await lock.release();
  const errors = [...(machine.ok ? [] : machine.error), ...(ports.ok ? [] : [ports.error])];
  if (!machine.ok || !ports.ok) return err(errors);
  for (const message of gate ? abilitiesOf(machine.value.cargoLeptos).missing : [])
    bus.emit({ event: 'notice', message });
  const slowDrive = settings.poll === false ? await fileSystemWithoutEvents(workspace.root) : null;
  if (slowDrive !== null)
    bus.emit({ event: 'notice', message: `no file events on ${slowDrive}: looking for changes every second` });
  const pollMs = settings.poll !== false ? settings.poll : slowDrive === null ? undefined : 1_000;
  const setup = { workspace, project: project.value, ports: ports.value, fastMode: mode.value };
  return ok({
    dir,
    env,
    setup,
    renew: async (before, now) => {
      const movedPorts = await movePorts(
        { ports: before.ports, config: before.project.config },
        now.project.config,
        settings.port,
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
    hotReload: settings.hotReload,
    skip: settings.skip,
    skipComments: settings.skipComments,
    debounceMs: settings.debounce,
    ...(pollMs !== undefined && { pollMs }),
    maxRetries: settings.maxRetries,
    appArgs: options.appArgs,
    open: settings.open,
    settingsFile: configured.settingsFile,
    onSettingsFile: settingsFileReader(bus, configured),
  });
}

/** `--print-config`; null, since nothing is run then. */
function printConfig(bus: EventBus, configured: Configured, options: DevOptions): null {
  noteMisspeltVariables(bus, options.env);
  bus.emit({ event: 'config', file: configured.settingsFile, settings: configEntries(configured, process.cwd()) });
  return null;
}

function noteMisspeltVariables(bus: EventBus, env: NodeJS.ProcessEnv): void {
  for (const [name, meant] of misspeltVariables(DEV_ROWS, env)) {
    bus.emit({ event: 'notice', message: `there is no variable ${name}: did you mean ${meant}?` });
  }
}

/** Says after each change of the settings file what it means for this run, which goes on as it began. */
function settingsFileReader(bus: EventBus, { settingsFile, fromFile }: Configured): () => Promise<void> {
  let differed = false;
  return async () => {
    const now = await readSettingsFile(DEV_ROWS, settingsFile);
    if (!now.ok) {
      for (const error of now.error) bus.emit(errorEvent(error));
      return;
    }
    const changed = changedSettings(DEV_ROWS, fromFile, now.value);
    if (changed.length > 0) {
      const message = `${SETTINGS_FILE}: ${changed.join(', ')} will count from the next start`;
      bus.emit({ event: 'notice', message });
    } else if (differed) {
      bus.emit({ event: 'notice', message: `${SETTINGS_FILE}: the settings are as at the start again` });
    }
    differed = changed.length > 0;
  };
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
  does: { readonly rebuild: () => void; readonly open: () => void; readonly openDashboard: () => void },
): () => void {
  if (!hasKeys(options)) return () => undefined;
  return listenForKeys({
    stdin: process.stdin,
    print: sink.print,
    raise: (signal) => void process.kill(process.pid, signal),
    actions: [
      { key: 'r', text: 'build everything that is not up to date', run: does.rebuild },
      { key: 'o', text: 'open the page in the browser', run: does.open },
      { key: 'd', text: 'open the dashboard', run: does.openDashboard },
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

function openSink(bus: EventBus, options: DevOptions, verbose: boolean): Sink {
  const { json, stdout, stderr } = options;
  const sinkOptions = { stdout, stderr, verbose, version: ownVersion(), keys: hasKeys(options) };
  if (json) return jsonSink(bus, sinkOptions);
  // A terminal that does not tell its width cannot have a line redrawn in it.
  return isAtTerminal() && process.stderr.columns > 0 ? terminalSink(bus, sinkOptions) : plainSink(bus, sinkOptions);
}
