import { DEV_ROWS } from '../config/dev-settings.js';
import { configEntries, misspeltVariables } from '../config/resolve-settings.js';
import { systemClock } from '../core/clock.js';
import { deferred } from '../core/deferred.js';
import type { LfError } from '../core/errors.js';
import { EventBus, errorEvent } from '../core/events.js';
import { err, ok, type Result } from '../core/result.js';
import { onFault, onSignals } from '../core/signals.js';
import { ownVersion } from '../core/version.js';
import { historyFolder } from '../record/history-folder.js';
import { JsonLinesStore } from '../record/json-lines-store.js';
import { listenForKeys } from '../ui/keys.js';
import { openInBrowser } from '../ui/open-in-browser.js';
import { jsonSink, plainSink, type Sink, terminalSink } from '../ui/sinks.js';
import { chooseProjects } from './choose-projects.js';
import { type Configured, configureDev, type DevOptions } from './dev-options.js';
import { preload } from './preload.js';
import { machineOfRun, type Prepared, prepareProject } from './prepare-project.js';
import { ProjectRun } from './project-run.js';
import { withSccache } from './sccache.js';

/** Projects that were built in so many ms are worth building ahead. */
const LATELY_MS = 14 * 86_400_000;

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
  const configured = await configureDev(options).catch(asFault);
  const sink = openSink(bus, options, configured.ok && configured.value.settings.verbose);
  const prepared = !configured.ok
    ? configured
    : options.printConfig
      ? printConfig(bus, configured.value, options)
      : await prepare(bus, options, configured.value).catch(asFault);
  offSignals();
  if (cancelled || prepared === null) {
    if (prepared?.ok) await Promise.all(prepared.value.projects.map(({ lock }) => lock.release()));
    sink.close();
    return 0;
  }
  if (!prepared.ok) {
    for (const error of prepared.error) bus.emit(errorEvent(error));
    sink.close();
    return prepared.error[0]?.exitCode ?? 3;
  }
  const exitCode = await runProjects({ bus, sink, startedAt }, prepared.value, options);
  bus.emit({ event: 'stopped', exitCode });
  sink.close();
  return exitCode;
}

/** What is to be run, found before anything of it is started. */
interface Plan {
  readonly projects: readonly Prepared[];
  /** Each is built when its page is asked for. */
  readonly onDemand: boolean;
  /** Build ahead what was worked on lately. */
  readonly preload: boolean;
  /** Open the page when it is ready. */
  readonly open: boolean;
}

interface Run {
  readonly bus: EventBus;
  readonly sink: Sink;
  readonly startedAt: number;
}

async function runProjects({ bus, sink, startedAt }: Run, plan: Plan, options: DevOptions): Promise<number> {
  const isAlone = plan.projects.length === 1;
  const over = deferred<number>();
  const runs: ProjectRun[] = [];
  const endAll = async (exitCode: number, how: 'stop' | 'kill'): Promise<void> => {
    await Promise.all(runs.map((run) => run.end(how)));
    over.resolve(exitCode);
  };
  const failures = new Set<ProjectRun>();
  const giveUp = (run: ProjectRun, error: LfError): void => {
    run.tellError(error);
    failures.add(run);
    // The others go on without it.
    if (failures.size === runs.length) void endAll(error.exitCode, 'stop');
    else void run.end('stop');
  };
  for (const prepared of plan.projects) {
    // Each has a bus of its own, so that nobody takes another project's news for its own.
    const own = isAlone ? bus : new EventBus(systemClock);
    if (own !== bus) own.on((event) => bus.pass(event));
    const run: ProjectRun = await ProjectRun.create(
      { bus: own, startedAt, onDemand: plan.onDemand, onGivenUp: (error) => giveUp(run, error) },
      prepared,
    );
    runs.push(run);
  }
  // A fault of ours must not leave a server behind that keeps the port.
  onFault((error) => {
    bus.emit(errorEvent(ownFault(error)));
    void endAll(4, 'kill');
  });
  const offSignals = onSignals({
    onStop: () => {
      bus.emit({ event: 'stopping', waitingFor: 'cargo-leptos and the server end' });
      void endAll(0, 'stop');
    },
    onForce: (exitCode) => void endAll(exitCode, 'kill'),
    onResume: () => {
      for (const run of runs) void run.resume();
    },
  });
  const releaseKeys = openKeys(options, sink, runs);
  if (plan.open) openWhenReady(bus, runs, plan.onDemand);
  for (const run of runs) {
    const started = await run.start();
    if (!started.ok) giveUp(run, started.error);
  }
  const endPreload = plan.onDemand && plan.preload ? await preloadLately(runs, plan) : () => undefined;
  const exitCode = await over.promise;
  endPreload();
  offSignals();
  releaseKeys();
  return exitCode;
}

/** Opens the first page that is ready; a project that waits for its first request gets it thereby. */
function openWhenReady(bus: EventBus, runs: readonly ProjectRun[], onDemand: boolean): void {
  bus.on((event) => {
    const waits = event.event === 'project-waiting' && event.project === runs[0]?.name;
    if (waits || (event.event === 'ready' && !onDemand)) openInBrowser(event.url);
  });
}

/** Those that were built in the last two weeks, the busiest first. */
async function preloadLately(runs: readonly ProjectRun[], { projects: [first] }: Plan): Promise<() => void> {
  if (!first) return () => undefined;
  const store = new JsonLinesStore({ folder: historyFolder(first.setup.workspace) });
  const { builds } = await store.read(systemClock.now() - LATELY_MS);
  const counts = new Map<string, number>();
  for (const { project } of builds) counts.set(project, (counts.get(project) ?? 0) + 1);
  const core = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  return preload({ clock: systemClock, runs, core });
}

async function prepare(
  bus: EventBus,
  options: DevOptions,
  configured: Configured,
): Promise<Result<Plan, readonly LfError[]>> {
  const { dir, workspace, settings } = configured;
  // What opens places looks for its command there.
  const given = settings.editor === undefined ? options.env : { ...options.env, LEPTOS_FAST_EDITOR: settings.editor };
  noteMisspeltVariables(bus, given);
  const chosen = chooseProjects(workspace, dir, settings.project);
  if (!chosen.ok) return chosen;
  const env = settings.sccache ? await withSccache(bus, given, workspace.root) : given;
  const projects: Prepared[] = [];
  const machine = machineOfRun(bus, workspace, env);
  for (const [index, project] of chosen.value.projects.entries()) {
    const isNamed = settings.project.length > 0 || chosen.value.projects.length > 1;
    const taken = new Set(projects.flatMap(({ setup: { ports } }) => [ports.site, ports.app, ports.reload]));
    const choice = { project, index, taken, ...(isNamed && { name: project.name }) };
    const prepared = await prepareProject(bus, options, configured, env, machine, choice);
    if (!prepared.ok) {
      await Promise.all(projects.map(({ lock }) => lock.release()));
      return prepared;
    }
    projects.push(prepared.value);
  }
  // Without the proxy nobody could tell that a page is asked for.
  const onDemand = chosen.value.onDemand && settings.proxy;
  return ok({ projects, onDemand, preload: settings.preload, open: settings.open });
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

/** A fault of ours before anything runs is told as one, and nothing waits on: neither signals nor the screen. */
function asFault(error: unknown): Result<never, readonly LfError[]> {
  return err([ownFault(error instanceof Error ? error : new Error(String(error)))]);
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

/** Listens for keys, where there is a person to press them. They mean the first project that is built, or all of these. */
function openKeys(options: DevOptions, sink: Sink, runs: readonly ProjectRun[]): () => void {
  if (!hasKeys(options)) return () => undefined;
  const first = (): ProjectRun | undefined => runs.find((run) => run.isWanted) ?? runs[0];
  const rebuild = (): void => {
    for (const run of runs) run.rebuild();
  };
  const openDashboard = (): void => {
    const url = first()?.dashboardUrl ?? null;
    if (url === null) sink.print('  without the proxy: leptos-fast dashboard --open');
    else openInBrowser(url);
  };
  return listenForKeys({
    stdin: process.stdin,
    print: sink.print,
    raise: (signal) => void process.kill(process.pid, signal),
    actions: [
      { key: 'r', text: 'build everything that is not up to date', run: rebuild },
      { key: 'o', text: 'open the page in the browser', run: () => openInBrowser(first()?.url ?? '') },
      { key: 'd', text: 'open the dashboard', run: openDashboard },
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
