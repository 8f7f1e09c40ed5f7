import { cacheLimit } from '../cache/cache-folder.js';
import { DEV_ROWS } from '../config/dev-settings.js';
import { changedSettings } from '../config/resolve-settings.js';
import { readSettingsFile, SETTINGS_FILE } from '../config/settings-file.js';
import type { LfError } from '../core/errors.js';
import { type EventBus, errorEvent } from '../core/events.js';
import { once } from '../core/once.js';
import { err, ok, type Result } from '../core/result.js';
import { checkMachine, type ToolVersions } from '../doctor/machine.js';
import { abilitiesOf } from '../gate/cargo-leptos-abilities.js';
import { findServerCommand } from '../gate/server-command.js';
import type { LeptosProject, Workspace } from '../project/model.js';
import { projectStateDir } from '../project/state-dir.js';
import { fileSystemWithoutEvents } from '../watch/file-events.js';
import type { Configured, DevOptions } from './dev-options.js';
import type { SessionOptions } from './dev-session.js';
import { type FastMode, fastMode } from './fast-mode.js';
import { chooseOrder } from './order.js';
import { choosePorts, movePorts } from './ports.js';
import { ProjectLock } from './project-lock.js';
import type { Setup } from './setup.js';

/** How often (ms) to look for changes on a drive that tells of none. */
const SLOW_DRIVE_POLL_MS = 1_000;

/** What a project's run is made from, found before anything of it is started. */
export type Prepared = Omit<SessionOptions, 'onGivenUp' | 'bus' | 'clock' | 'history' | 'onVisit' | 'meter'>;

/** What is the same for all projects of a run: it is looked at, and told, once. */
export interface MachineOfRun {
  readonly tools: () => ReturnType<typeof checkMachine>;
  /** How often (ms) to look for changes; undefined where the system tells of them. */
  readonly pollMs: () => Promise<number | undefined>;
  /** Says what this cargo-leptos cannot do. */
  readonly noteMissing: (tools: ToolVersions) => void;
}

export function machineOfRun(bus: EventBus, workspace: Workspace, env: NodeJS.ProcessEnv): MachineOfRun {
  const note = (message: string): void => bus.emit({ event: 'notice', message });
  let isNoted = false;
  return {
    tools: once(() => checkMachine(workspace, env)),
    pollMs: once(async () => {
      const slowDrive = await fileSystemWithoutEvents(workspace.root);
      if (slowDrive === null) return undefined;
      note(`no file events on ${slowDrive}: looking for changes every second`);
      return SLOW_DRIVE_POLL_MS;
    }),
    noteMissing: ({ cargoLeptos }) => {
      if (!isNoted) abilitiesOf(cargoLeptos).missing.forEach(note);
      isNoted = true;
    },
  };
}

/** Which project is to be run, and beside which others. */
export interface ProjectChoice {
  readonly project: LeptosProject;
  /** As it was named; absent when the folder or the workspace decided. */
  readonly name?: string;
  /** Its place in the row: `--port N` is the first one's, the others follow. */
  readonly index: number;
  /** The ports that those before it have. */
  readonly taken: ReadonlySet<number>;
}

/**
 * Everything that can be wrong with a project before a process is started, found out at once where possible. Whoever gets it
 * owes its lock a release.
 */
export async function prepareProject(
  bus: EventBus,
  options: Pick<DevOptions, 'appArgs'>,
  configured: Configured,
  env: NodeJS.ProcessEnv,
  machine: MachineOfRun,
  { project, name, index, taken }: ProjectChoice,
): Promise<Result<Prepared, readonly LfError[]>> {
  const { dir, workspace, settings } = configured;
  const { gate: gateWanted, fast, preset } = settings;
  // On Windows `Command::new("cargo")` finds only cargo.exe, so the shim would never be called.
  const serverCommand = await findServerCommand(project.config.binCargoCommand, env);
  const gate = gateWanted && process.platform !== 'win32' && serverCommand.kind !== 'out-of-reach';
  if (gateWanted && serverCommand.kind === 'out-of-reach') {
    bus.emit({
      event: 'notice',
      message: `no gate: the server is built by ${serverCommand.command}, which no shim can stand in for`,
    });
  }
  const wantedPort = settings.port === undefined ? undefined : settings.port + index;
  const modeOf = (of: Pick<Setup, 'workspace' | 'project'>): Promise<Result<FastMode>> =>
    fastMode({ fast, gate, ...(preset !== undefined && { preset }) }, of.workspace, of.project, env);
  const mode = await modeOf({ workspace, project });
  if (!mode.ok) return err([mode.error]);
  const locked = await ProjectLock.acquire(projectStateDir(workspace, project));
  if (!locked.ok) return err([locked.error]);
  const { lock, ended } = locked.value;
  if (ended > 0) bus.emit({ event: 'recovery', kind: 'orphans', attempt: 1, why: orphansEnded(ended) });
  const [tools, ports] = await Promise.all([
    machine.tools(),
    choosePorts(project.config, wantedPort, settings.proxy, taken),
  ]);
  if (!tools.ok || !ports.ok) await lock.release();
  const errors = [...(tools.ok ? [] : tools.error), ...(ports.ok ? [] : [ports.error])];
  if (!tools.ok || !ports.ok) return err(errors);
  if (gate) machine.noteMissing(tools.value);
  const pollMs = settings.poll !== false ? settings.poll : await machine.pollMs();
  const order = chooseOrder(settings.order, {
    gate,
    proxy: settings.proxy,
    hashFiles: project.config.hashFiles,
    cargoLeptos: tools.value.cargoLeptos,
  });
  if (order.notice !== undefined) bus.emit({ event: 'notice', message: order.notice });
  const setup = { workspace, project, ports: ports.value, fastMode: mode.value };
  return ok({
    dir,
    env,
    setup,
    renew: async (before, now) => {
      const movedPorts = await movePorts(
        { ports: before.ports, config: before.project.config },
        now.project.config,
        wantedPort,
      );
      if (!movedPorts.ok) return movedPorts;
      const renewedMode = await modeOf(now);
      return renewedMode.ok ? ok({ ...now, ports: movedPorts.value, fastMode: renewedMode.value }) : renewedMode;
    },
    ...(name !== undefined && { projectName: name }),
    tools: tools.value,
    lock,
    ...(serverCommand.kind === 'other' && { serverCommand }),
    gate,
    contentFirst: order.order === 'content',
    hotReload: settings.hotReload,
    linkAssets: settings.linkAssets,
    skip: settings.skip,
    skipComments: settings.skipComments,
    debounceMs: settings.debounce,
    ...(pollMs !== undefined && { pollMs }),
    maxRetries: settings.maxRetries,
    maxCacheBytes: cacheLimit(settings),
    appArgs: options.appArgs,
    settingsFile: configured.settingsFile,
    onSettingsFile: settingsFileReader(bus, configured),
  });
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

function orphansEnded(count: number): string {
  return `an earlier run was killed and left ${count === 1 ? 'a process' : `${count} processes`} running; ended`;
}
