import { existsSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type FastMode, fastMode } from '../build/fast-mode.js';
import { DEV_LOCK } from '../build/project-lock.js';
import type { Clock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { findExecutable } from '../doctor/find-executable.js';
import { checkMachine, type ToolVersions } from '../doctor/machine.js';
import { thisSystem } from '../doctor/system.js';
import { findServerCommand, type ServerCommand } from '../gate/server-command.js';
import type { Questions } from '../project/init-ask.js';
import { type LeptosProject, loadWorkspace, selectProject, type Workspace } from '../project/model.js';
import { DEFAULT_PRESET, filterByLockfile, loadPreset, type Preset } from '../project/preset.js';
import { stateDir } from '../project/state-dir.js';
import { formatBytes } from '../ui/bytes.js';
import { formatMs } from '../ui/duration.js';
import { AppBuilder } from './app-builder.js';
import { copyApp } from './app-copy.js';
import { profileOf } from './arm-call.js';
import { parseBudget } from './budget.js';
import { GROUPS, type Group, type NotTried } from './candidate.js';
import { withDiskGuard } from './disk-guard.js';
import { findEditPlace } from './edit-place.js';
import { withFreshStart } from './fresh-start.js';
import { writeLinkerWrapper } from './linker-wrapper.js';
import { offerWinners } from './offer.js';
import { ProfileView, profileEntries } from './profile-view.js';
import { type BuildCalls, recordBuildCalls } from './record-calls.js';
import type { Facts, Report } from './report-facts.js';
import { readRootManifest } from './root-manifest.js';
import { freeDisk, inScratch } from './scratch-run.js';
import { type SearchResult, search } from './search.js';
import { seedDependencies } from './seed.js';
import { settingsToTry } from './settings.js';
import { findTuneMachine } from './tune-machine.js';
import type { TuneView } from './tune-view.js';

/** Less than this is no room for even one set of built dependencies, in bytes. */
const LEAST_DISK = 3e9;
/** The preset that names the crates behind `view!`. */
const MACRO_PRESET = DEFAULT_PRESET;

export interface TuneOptions {
  readonly dir: string;
  readonly budget: string;
  readonly project: string | undefined;
  readonly preset: string | undefined;
  /** `--only`, groups with commas between them. */
  readonly only: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** Paths are shown relative to it. */
  readonly cwd: string;
  /** The width of reports, in characters. */
  readonly columns: number;
  /** Writes to stdout. */
  readonly print: (text: string) => void;
  /** Called when there is something to ask; undefined where nobody can answer. */
  readonly openQuestions: () => Promise<Questions | undefined>;
}

/**
 * Measures which settings make edits of this app faster on this machine, and offers the winners. Resolves with the exit
 * code: 0 also when nothing wins and after Ctrl-C. Errors: those of loading a project, LF020 to LF022, LF030 to LF032, LF041,
 * LF070 when the project does not build, LF071 when the budget ends before anything is known.
 */
export async function runTune(options: TuneOptions, view: TuneView): Promise<Result<number, readonly LfError[]>> {
  const budget = parseBudget(options.budget);
  if (!budget.ok) return err([budget.error]);
  const only = parseOnly(options.only);
  if (!only.ok) return err([only.error]);
  const found = await findProject(options);
  if (!found.ok) return found;
  const home = join(stateDir(found.value.workspace), 'tune');
  const onStop = (): void => view.line('ending: what was built for the trial is removed');
  try {
    return await inScratch({ home, name: 'leptos-fast tune', onStop }, async (scratch, signal) => {
      const measured = await measure(
        { ...options, ...found.value, home, scratch, only: only.value, budgetMs: budget.value, signal },
        view,
      );
      view.live('');
      await rm(scratch, { recursive: true, force: true });
      if (signal.aborted && !(measured.ok && measured.value.result.base)) {
        view.line('ended before anything was measured');
        return ok(0);
      }
      if (!measured.ok) return err([measured.error]);
      return await offerWinners(measured.value, found.value, options, view);
    });
  } finally {
    view.live('');
  }
}

export interface FoundProject {
  readonly dir: string;
  readonly workspace: Workspace;
  readonly project: LeptosProject;
  readonly tools: ToolVersions;
  readonly fastMode: FastMode;
  readonly serverCommand: ServerCommand;
  /** The preset that is measured against; null where the manifest's own profile is. */
  readonly basePreset: Preset | null;
}

async function findProject(options: TuneOptions): Promise<Result<FoundProject, readonly LfError[]>> {
  const { env, preset } = options;
  if (process.platform === 'win32') return err([notHere('Windows starts no scripts in the place of cargo')]);
  const typed = resolve(options.dir);
  const dir = await realpath(typed).catch(() => typed);
  const workspace = await loadWorkspace(dir, { env });
  if (!workspace.ok) return err([workspace.error]);
  const project = selectProject(workspace.value, dir, options.project);
  if (!project.ok) return err([project.error]);
  const serverCommand = await findServerCommand(project.value.config.binCargoCommand, env);
  if (serverCommand.kind === 'out-of-reach')
    return err([notHere(`the server is built by ${serverCommand.command}, which no script can stand in for`)]);
  const mode = await fastMode(
    { fast: true, gate: true, ...(preset !== undefined && { preset }) },
    workspace.value,
    project.value,
    env,
  );
  if (!mode.ok) return err([mode.error]);
  const tools = await checkMachine(workspace.value, env);
  if (!tools.ok) return tools;
  const basePreset = mode.value.profiles ? await presetFor(preset ?? DEFAULT_PRESET, workspace.value) : ok(null);
  if (!basePreset.ok) return err([basePreset.error]);
  return ok({
    dir,
    workspace: workspace.value,
    project: project.value,
    tools: tools.value,
    fastMode: mode.value,
    serverCommand,
    basePreset: basePreset.value,
  });
}

interface MeasureInput extends FoundProject {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly scratch: string;
  readonly only: ReadonlySet<Group> | null;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

/** Prepares the copy and the calls, and searches. Leaves everything that it writes in `scratch`. */
async function measure(input: MeasureInput, view: TuneView): Promise<Result<Report>> {
  const { workspace, project, tools, fastMode: mode, basePreset, scratch, env, signal, budgetMs, clock } = input;
  const freeBytes = await freeDisk(scratch);
  if (freeBytes < LEAST_DISK) return err(diskFull(scratch, freeBytes));
  const [copy, found, calls, macroPreset] = await Promise.all([
    copyApp(workspace, project, join(scratch, 'app')),
    findTuneMachine({ system: thisSystem(env), root: workspace.root }),
    recordBuildCalls({ ...input, stateFolder: input.home, folder: join(scratch, 'record') }),
    presetFor(MACRO_PRESET, workspace),
  ]);
  if (!calls.ok) return calls;
  if (!macroPreset.ok) return macroPreset;
  const place = await findEditPlace(project, copy);
  if (!place) return err(nothingToEdit(workspace));
  const profile = await readProfile(workspace, basePreset, calls.value);
  if (!profile.ok) return profile;
  const all = settingsToTry({
    profile: profile.value,
    machine: found.machine,
    localCrates: [...new Set([...project.frontPackages, ...project.serverPackages].map(({ name }) => name))],
    macroCrates: macroPreset.value.entries.flatMap(({ path: [table, crate] }) =>
      table === 'package' && crate ? [crate] : [],
    ),
  });
  const isWanted = ({ group }: { readonly group: Group }): boolean => input.only?.has(group) ?? true;
  const candidates = all.candidates.filter(isWanted);
  const wrapperFolder = join(scratch, 'linker');
  const withWrapper = candidates.some(({ group }) => group === 'linker') && found.linkDriver !== undefined;
  if (withWrapper && found.linkDriver !== undefined) await writeLinkerWrapper(wrapperFolder, found.linkDriver);
  const startedAt = clock.now();
  const targetDir = join(scratch, 'target');
  view.live('copying what the dependencies were built to');
  const seeded = existsSync(join(stateDir(workspace), DEV_LOCK))
    ? 0
    : await seedDependencies({
        calls: [calls.value.front, calls.value.server],
        targetDir: workspace.targetDir,
        at: (call) => (call === calls.value.front ? join(targetDir, 'front') : targetDir),
        signal,
      });
  const facts: Facts = {
    project: project.name,
    mode: mode.mode,
    cpus: found.machine.cpus,
    tools,
    budgetMs,
    edit: place.what,
    scratch,
    freeBytes,
    isSeeded: seeded > 0,
    startedAt,
  };
  view.begin(facts, candidates.length);
  const builder = new AppBuilder({
    calls: calls.value,
    baseEntries: basePreset?.entries ?? [],
    copyManifest: join(copy.root, 'Cargo.toml'),
    targetDir,
    wrapperFolder: withWrapper ? wrapperFolder : null,
    place,
    clock,
    bindgen: (await findExecutable('wasm-bindgen', calls.value.front.env)) ?? null,
    outputName: project.config.outputName,
    pkgFolder: join(scratch, 'pkg'),
    onStatus: (side, status) => view.status(side, status),
    signal,
  });
  const clear = (): Promise<void> => rm(targetDir, { recursive: true, force: true });
  const result = await search({
    candidates,
    measurer: withDiskGuard(seeded > 0 ? withFreshStart(builder, clear) : builder, scratch),
    clock,
    deadline: startedAt + budgetMs,
    onStep: (step) => view.step(step),
  });
  const failure = failureOf(result, budgetMs);
  if (failure) return err(failure);
  const notTried: readonly NotTried[] = [...all.notTried.filter(isWanted), ...result.notTried];
  return ok({ facts, result: { ...result, notTried }, endedAt: clock.now() });
}

/** What the front's profile says: both sides' where they are the same, as they are after `init`. */
async function readProfile(
  workspace: Workspace,
  basePreset: Preset | null,
  calls: BuildCalls,
): Promise<Result<ProfileView>> {
  if (basePreset) return ok(new ProfileView(basePreset.entries));
  const manifest = await readRootManifest(workspace.manifestPath);
  return manifest.ok ? ok(new ProfileView(profileEntries(manifest.value, profileOf(calls.front)))) : manifest;
}

async function presetFor(name: string, workspace: Workspace): Promise<Result<Preset>> {
  const preset = await loadPreset(name);
  return preset.ok ? ok(filterByLockfile(preset.value, new Set(workspace.lockedCrates.keys()))) : preset;
}

function parseOnly(typed: string | undefined): Result<ReadonlySet<Group> | null> {
  if (typed === undefined) return ok(null);
  const groups = new Set<Group>();
  for (const name of typed.split(',').map((part) => part.trim())) {
    const group = GROUPS.find((known) => known === name);
    if (!group) return err(unknownGroup(name));
    groups.add(group);
  }
  return ok(groups);
}

function failureOf({ base, tried, end, why }: SearchResult, budgetMs: number): LfError | null {
  if (end === 'failed')
    return {
      code: 'LF070',
      message: 'the app does not build, so nothing can be measured',
      ...(why !== undefined && { why }),
      help: ['mend what the compiler names, and see that cargo leptos build ends well'],
      exitCode: 3,
    };
  if (end === 'budget' && tried.every(({ samples }) => samples.count === 0))
    return {
      code: 'LF071',
      message: 'the budget was too short to compare anything',
      why:
        base === null
          ? `The first build took longer than ${formatMs(budgetMs)}.`
          : `The first build took ${formatMs(base.firstBuildMs)}, which leaves too little of ${formatMs(budgetMs)} for another one.`,
      help: [`leptos-fast tune --budget ${Math.ceil((budgetMs * 4) / 60_000)}m`],
      exitCode: 4,
    };
  return null;
}

function unknownGroup(name: string): LfError {
  return {
    code: 'LF022',
    message: `--only: there is no setting "${name}"`,
    help: [`the settings are ${GROUPS.join(', ')}`],
    exitCode: 2,
  };
}

function notHere(why: string): LfError {
  return {
    code: 'LF070',
    message: 'tune cannot see how cargo-leptos builds this project',
    why,
    help: ['the presets work without it: leptos-fast init --help'],
    exitCode: 3,
  };
}

function nothingToEdit({ root }: Workspace): LfError {
  return {
    code: 'LF070',
    message: 'there is no Rust file that could be edited',
    where: { file: root },
    why: 'The library has neither a view! with a text in it nor a src/lib.rs.',
    help: ['please report it with the layout of your project'],
    exitCode: 3,
  };
}

function diskFull(folder: string, freeBytes: number): LfError {
  return {
    code: 'LF070',
    message: 'there is too little room to build the app once more',
    where: { file: folder },
    why: `${formatBytes(freeBytes)} are free; one set of built dependencies takes 2 to 4 GB.`,
    help: [
      'cargo clean in projects that you do not work on',
      'or put it elsewhere: CARGO_TARGET_DIR=/path/to/a/larger/disk',
    ],
    exitCode: 3,
  };
}
