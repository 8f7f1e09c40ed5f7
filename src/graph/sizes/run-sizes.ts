import { join, resolve } from 'node:path';
import ora from 'ora';
import { fastMode } from '../../build/fast-mode.js';
import { systemClock } from '../../core/clock.js';
import type { LfError } from '../../core/errors.js';
import { err, ok, type Result } from '../../core/result.js';
import { findExecutable } from '../../doctor/find-executable.js';
import { checkMachine } from '../../doctor/machine.js';
import { findServerCommand } from '../../gate/server-command.js';
import { loadWorkspace, selectProject } from '../../project/model.js';
import { stateDir } from '../../project/state-dir.js';
import { recordBuildCalls } from '../../tune/record-calls.js';
import { freeDisk, inScratch } from '../../tune/scratch-run.js';
import { formatBytes } from '../../ui/bytes.js';
import { formatMs } from '../../ui/duration.js';
import { measureSizes } from './measure-sizes.js';
import { type Measured, type Sizes, sizesReport } from './sizes-report.js';
import { VARIANTS } from './variants.js';

/** Less than this is no room for a release of the dependencies with each variant, in bytes. */
const LEAST_DISK = 2e9;

export interface SizesOptions {
  readonly dir: string;
  readonly project: string | undefined;
  readonly json: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** stderr is a terminal: a line that moves is drawn there. */
  readonly isTerminal: boolean;
  /** The result, to stdout. */
  readonly print: (text: string) => void;
  /** Lines that tell how far it is, to stderr. */
  readonly tell: (text: string) => void;
}

/**
 * Measures what the wasm weighs as a release with one setting or another: five builds, each with its dependencies. Changes no file of the
 * user's, and removes what was built. Errors: those of loading a project and of the machine, LF041 when it runs already, LF070 when
 * cargo-leptos's build cannot be learnt or the disk is full.
 */
export async function runSizes(options: SizesOptions): Promise<Result<void, readonly LfError[]>> {
  const { dir, env } = options;
  if (process.platform === 'win32') return err([notHere()]);
  const workspace = await loadWorkspace(resolve(dir), { env });
  if (!workspace.ok) return err([workspace.error]);
  const project = selectProject(workspace.value, resolve(dir), options.project);
  if (!project.ok) return err([project.error]);
  const home = join(stateDir(workspace.value), 'sizes');
  return inScratch({ home, name: 'leptos-fast graph --sizes' }, async (scratch, signal) => {
    const free = await freeDisk(scratch);
    if (free < LEAST_DISK) return err([diskFull(scratch, free)]);
    const tools = await checkMachine(workspace.value, env);
    if (!tools.ok) return tools;
    const mode = await fastMode({ fast: true, gate: true }, workspace.value, project.value, env);
    if (!mode.ok) return err([mode.error]);
    const calls = await recordBuildCalls({
      workspace: workspace.value,
      project: project.value,
      fastMode: mode.value,
      tools: tools.value,
      serverCommand: await findServerCommand(project.value.config.binCargoCommand, env),
      env,
      stateFolder: home,
      folder: join(scratch, 'record'),
      signal,
    });
    if (signal.aborted) return ok(undefined);
    if (!calls.ok) return err([calls.error]);
    const bindgen = (await findExecutable('wasm-bindgen', calls.value.front.env)) ?? null;
    const { outputName, libProfileRelease: profile = 'release' } = project.value.config;
    const measured = await measureSizes({
      call: calls.value.front,
      profile,
      bindgen,
      outputName,
      scratch,
      clock: systemClock,
      signal,
      ...progress(options),
    });
    const isCut = measured.length < VARIANTS.length;
    printSizes({ project: project.value.name, profile, isBound: bindgen !== null, measured, isCut }, options);
    return ok(undefined);
  });
}

/** A line that moves at a terminal, and one that stays for each variant. */
function progress({
  isTerminal,
  tell,
}: SizesOptions): Pick<Parameters<typeof measureSizes>[0], 'onVariant' | 'onStatus' | 'onMeasured'> {
  const spinner = isTerminal ? ora({ stream: process.stderr, prefixText: ' ', discardStdin: false }) : null;
  let doing = '';
  let startedAt = 0;
  const draw = (how: string): void => {
    if (!spinner) return;
    spinner.text = `${doing}${how} · ${formatMs(systemClock.now() - startedAt)}`;
    if (!spinner.isSpinning) spinner.start();
  };
  return {
    onVariant: ({ name }, index, count) => {
      if (index === 1)
        tell(
          `  ${count} releases of the wasm are built, each with its dependencies: minutes each. Ctrl-C ends it with what is known by then.\n`,
        );
      doing = `${index} of ${count}: ${name}`;
      startedAt = systemClock.now();
      draw('');
    },
    onStatus: (status) => {
      if (status.kind === 'progress') draw(` · ${status.done}/${status.total} ${status.crate}`);
    },
    onMeasured: (measured) => {
      spinner?.stop();
      tell(`  ${measuredLine(measured)}\n`);
    },
  };
}

function measuredLine(measured: Measured): string {
  const { name } = measured.variant;
  if ('failed' in measured) return `${name}: does not build: ${measured.failed}`;
  return `${name}: ${formatBytes(measured.bareGzipBytes)} with gzip and without names, built in ${formatMs(measured.buildMs)}`;
}

function printSizes(sizes: Sizes, { json, print, tell }: SizesOptions): void {
  if (sizes.measured.length === 0) {
    tell('  ended before anything was measured\n');
    return;
  }
  print(
    json ? `${JSON.stringify({ schema: 'leptos-fast sizes', version: 1, ...sizes }, null, 2)}\n` : sizesReport(sizes),
  );
}

function diskFull(folder: string, freeBytes: number): LfError {
  return {
    code: 'LF070',
    message: 'there is too little room to build releases of the app',
    where: { file: folder },
    why: `${formatBytes(freeBytes)} are free; up to ${formatBytes(LEAST_DISK)} are needed.`,
    help: [
      'cargo clean in projects that you do not work on',
      'or put it elsewhere: CARGO_TARGET_DIR=/path/to/a/larger/disk',
    ],
    exitCode: 3,
  };
}

function notHere(): LfError {
  return {
    code: 'LF070',
    message: 'graph --sizes cannot see how cargo-leptos builds this project',
    why: 'Windows starts no scripts in the place of cargo.',
    help: ['leptos-fast graph tells what the wasm of the last build is made of'],
    exitCode: 3,
  };
}
