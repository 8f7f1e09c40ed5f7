import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { ProjectLock } from '../build/project-lock.js';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { onSignals } from '../core/signals.js';
import { ownVersion } from '../core/version.js';
import { findExecutable } from '../doctor/find-executable.js';
import { checkMachine, type ToolVersions } from '../doctor/machine.js';
import { loadWorkspace, type Workspace } from '../project/model.js';
import { DEFAULT_PRESET, loadPreset } from '../project/preset.js';
import { formatError } from '../ui/error-block.js';
import { appProject } from './app/app-project.js';
import { baselineTable, compareWithBaseline } from './baseline.js';
import { findBrowser } from './browser.js';
import { machineFacts, versionsOf } from './machine.js';
import { markdownTable } from './markdown.js';
import { type BenchOptions, readOptions, type TypedOptions } from './options.js';
import { choosePlaces, homeFolder, type Places } from './places.js';
import { openProgress, type Progress } from './progress.js';
import type { BenchProject } from './project.js';
import { type Baseline, readBaseline, resultJson, writeResult } from './result-file.js';
import type { BenchRun, Measurement } from './results.js';
import { Runner } from './runner.js';
import { benchSample } from './sample/bench-sample.js';
import { PATIENCE } from './session.js';
import { terminalTable } from './terminal-table.js';
import { endOrphans } from './tool-process.js';
import type { Tool } from './tools.js';

const WIDTH_WITHOUT_TERMINAL = 120;
const MIN_WIDTH = 80;

/** What `bench` was called with. */
export interface BenchCall extends TypedOptions {
  readonly home: string | undefined;
  readonly browser: boolean;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  /** As typed, for those who want to do it again. */
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly stderr: NodeJS.WriteStream;
  readonly columns: number | undefined;
}

/** All that has to be right before anything is measured. */
interface Prepared {
  readonly options: BenchOptions;
  readonly places: Places;
  readonly baseline: Baseline | null;
  readonly projects: readonly BenchProject[];
  readonly tools: ToolVersions;
  readonly versions: Readonly<Record<string, string>>;
  readonly cargo: string;
  /** A Chromium; null unless it was asked for. */
  readonly browser: string | null;
  readonly lock: ProjectLock;
}

/** Measures, and tells what came of it. Resolves with the exit code: 1 when `--fail-over` says so. */
export async function runBench(call: BenchCall): Promise<number> {
  const prepared = await prepare(call);
  if (!prepared.ok) return tellErrors(call, prepared.error);
  const { lock } = prepared.value;
  const progress = openProgress(call.stderr);
  try {
    return await measure(call, prepared.value, progress);
  } finally {
    progress.close();
    await lock.release();
  }
}

async function measure(call: BenchCall, prepared: Prepared, progress: Progress): Promise<number> {
  const { options, places, projects, tools, cargo } = prepared;
  const stop = new AbortController();
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  const startedAt = new Date().toISOString();
  const machine = machineFacts();
  const soFar = (isComplete: boolean): BenchRun => ({
    startedAt,
    endedAt: new Date().toISOString(),
    isComplete,
    command: call.command,
    runs: options.runs,
    machine: { ...machine, loadAtEnd: loadavg() },
    versions: prepared.versions,
    projects: runner.facts,
    tools: options.tools.map(({ name, command }) => ({ name, command })),
    measurements,
    notes,
  });
  let kept: Promise<unknown> = Promise.resolve();
  const runner = new Runner({
    projects,
    tools: options.tools,
    scenarios: options.scenarios,
    runs: options.runs,
    buildRuns: options.buildRuns,
    places,
    env: call.env,
    cargo,
    cargoLeptos: tools.cargoLeptosPath,
    readyKey: (project, tool) => readyKey(project, tool, tools),
    patience: PATIENCE,
    browser: prepared.browser,
    signal: stop.signal,
    onMeasured: (measurement, estimate) => {
      measurements.push(measurement);
      progress.measured(measurement, estimate);
      const { json } = call;
      // Each value is kept as soon as it is there: a run takes long.
      if (json !== undefined) kept = kept.then(() => writeResult(json, resultJson(soFar(false))));
    },
    onStep: (what, estimate) => progress.step(what, estimate),
    onPreparing: (what) => progress.preparing(what),
    onNote: (note) => {
      notes.push(note);
      progress.note(note);
    },
  });
  const offSignals = onSignals({
    onStop: () => {
      progress.note('stopping: the tool is ended, and what was measured is told (Ctrl-C again forces it)');
      stop.abort();
    },
    onForce: (code) => void runner.kill().finally(() => process.exit(code)),
    onResume: () => undefined,
  });
  const ran = await runner.run();
  offSignals();
  progress.close();
  await kept;
  if (!ran.ok) return tellErrors(call, [ran.error]);
  return report(call, prepared, soFar(!stop.signal.aborted));
}

async function report(call: BenchCall, { options, baseline }: Prepared, run: BenchRun): Promise<number> {
  const width = Math.max(MIN_WIDTH, call.columns ?? WIDTH_WITHOUT_TERMINAL);
  const hasTimes = run.measurements.some(({ round }) => round > 0);
  if (hasTimes) call.print(terminalTable(run, width));
  const written = [
    ...(call.json === undefined ? [] : [await writeResult(call.json, resultJson(run))]),
    ...(call.markdown === undefined ? [] : [await writeResult(call.markdown, `${markdownTable(run)}\n`)]),
  ];
  const errors = written.flatMap((result) => (result.ok ? [] : [result.error]));
  if (errors.length > 0) return tellErrors(call, errors);
  if (!hasTimes) return run.isComplete ? tellErrors(call, [nothingMeasured(run)]) : 0;
  if (!baseline || options.failOver === null) return 0;
  const compared = compareWithBaseline(run, baseline, options.failOver);
  call.print(`\n${baselineTable(compared, options.failOver, width)}`);
  // What was not measured, or has nothing to be compared with, was not checked.
  return compared.worse.length > 0 || compared.compared === 0 || !run.isComplete ? 1 : 0;
}

async function prepare(call: BenchCall): Promise<Result<Prepared, readonly LfError[]>> {
  const read = await readOptions(call);
  if (!read.ok) return err([read.error]);
  const options = read.value;
  if (process.platform === 'win32') return err([notOnWindows()]);
  const browser = call.browser ? await findBrowser(call.env) : ok(null);
  if (!browser.ok) return err([browser.error]);
  const wanted = homeFolder(call.home, call.env);
  const allowed = choosePlaces(wanted);
  if (!allowed.ok) return err([allowed.error]);
  const baseline = options.baseline === null ? ok(null) : await readBaseline(options.baseline);
  if (!baseline.ok) return err([baseline.error]);
  await mkdir(wanted, { recursive: true });
  const home = await realpath(wanted);
  const places = choosePlaces(home);
  if (!places.ok) return err([places.error]);
  const locked = await ProjectLock.acquire(home);
  if (!locked.ok) return err([inUse(home, locked.error)]);
  const { lock } = locked.value;
  await endOrphans(home);
  const found = await findProjects(call, options, places.value);
  if (!found.ok) {
    await lock.release();
    return found;
  }
  return ok({ options, places: places.value, baseline: baseline.value, browser: browser.value, lock, ...found.value });
}

type Found = Pick<Prepared, 'projects' | 'tools' | 'versions' | 'cargo'>;

async function findProjects(
  call: BenchCall,
  options: BenchOptions,
  places: Places,
): Promise<Result<Found, readonly LfError[]>> {
  const projects: BenchProject[] = [];
  let workspace: Result<Workspace>;
  if (options.dir !== null) {
    const app = await appProject(options.dir, options.project, join(places.home, 'projects', 'original'), call.env);
    if (!app.ok) return err([app.error]);
    projects.push(app.value.project);
    workspace = ok(app.value.workspace);
  } else {
    for (const size of options.sizes) projects.push(await benchSample(size));
    const probe = join(places.home, 'projects', 'probe');
    await projects[0]?.lay(probe);
    workspace = await loadWorkspace(probe, { env: call.env });
  }
  if (!workspace.ok) return err([workspace.error]);
  const machine = await checkMachine(workspace.value, call.env);
  // Not before: the tools are asked in the project's folder.
  await rm(join(places.home, 'projects', 'probe'), { recursive: true, force: true });
  if (!machine.ok) return machine;
  const cargo = await findExecutable('cargo', call.env);
  return ok({
    projects,
    tools: machine.value,
    versions: versionsOf(machine.value, workspace.value.lockedCrates),
    cargo: cargo ?? machine.value.cargoPath,
  });
}

/** Changes with everything that decides how dependencies are compiled, as far as it is known beforehand. */
async function readyKey(project: BenchProject, tool: Tool, versions: ToolVersions): Promise<string> {
  const preset = tool.isPlain ? null : await loadPreset(tool.preset ?? DEFAULT_PRESET);
  const facts = [
    project.dependencies,
    versions.rustc,
    versions.cargoLeptos,
    ownVersion(),
    preset,
    process.env.RUSTFLAGS,
  ];
  return createHash('sha1').update(JSON.stringify(facts)).digest('hex');
}

function tellErrors({ stderr }: BenchCall, errors: readonly LfError[]): number {
  for (const error of errors) stderr.write(formatError(error));
  return errors[0]?.exitCode ?? 3;
}

function inUse(home: string, error: LfError): LfError {
  if (error.code !== 'LF041') return error;
  const { why } = error;
  return {
    code: 'LF041',
    message: 'leptos-fast bench already runs in this folder',
    where: { file: home },
    ...(why !== undefined && { why }),
    help: ['wait for it: two at once would measure each other', 'or end it with Ctrl-C in its terminal'],
    exitCode: 3,
  };
}

function notOnWindows(): LfError {
  return {
    code: 'LF060',
    message: 'bench measures on Linux and macOS',
    why: 'It starts and ends the tools by process groups and signals.',
    help: ['run it in WSL'],
    exitCode: 3,
  };
}

function nothingMeasured({ notes }: BenchRun): LfError {
  return {
    code: 'LF060',
    message: 'nothing could be measured',
    ...(notes.length > 0 && { why: notes.join('\n') }),
    help: ['leptos-fast doctor'],
    exitCode: 4,
  };
}
