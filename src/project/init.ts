import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import type { Ask } from './init-ask.js';
import { runCargoMetadata } from './init-cargo.js';
import { resolveCrates } from './init-lockfile.js';
import { type InitPlan, type PlanOptions, planInit, planRemoval } from './init-plan.js';
import { reportChanges, reportNotes, UNDO } from './init-report.js';
import { type InitTargets, locateInitTargets } from './init-targets.js';
import { type ManifestChange, writeManifests } from './manifest-write.js';
import { loadPreset } from './preset.js';

/** How `init` talks to people. */
export interface InitIo {
  /** The folder that paths are shown relative to. */
  readonly cwd: string;
  write(text: string): void;
  /** Asks a question that has a default; absent where nobody can answer. */
  readonly ask?: Ask | undefined;
}

export interface InitOptions {
  /** A folder in the project, or a Cargo.toml. */
  readonly dir: string;
  readonly preset?: string | undefined;
  /** `write` changes files, `dry-run` only shows what it would do, `check` only says whether there is anything to do. */
  readonly mode: 'write' | 'dry-run' | 'check';
  readonly remove: boolean;
  /** Ask nothing, and take the preset's values also where the user set other ones by hand. */
  readonly yes: boolean;
}

/** 0: done, or nothing to do. 1: `--check` found something to do. */
export type InitExitCode = 0 | 1;

/** Merges the profile into a project's manifests, or takes it out. Errors: LF001–LF005, LF010, LF020, LF030–LF032. */
export async function runInit(options: InitOptions, io: InitIo): Promise<Result<InitExitCode>> {
  if (options.preset !== undefined) {
    const preset = await loadPreset(options.preset);
    if (!preset.ok) return preset;
  }
  const targets = await locateInitTargets(options.dir, !options.remove);
  if (!targets.ok) return targets;
  return options.remove ? runRemoval(targets.value, options, io) : runMerge(targets.value, options, io);
}

async function runMerge(targets: InitTargets, options: InitOptions, io: InitIo): Promise<Result<InitExitCode>> {
  const planned = await planWithAnswers(targets, options, io);
  if (!planned.ok) return planned;
  const { plan, areNotesSaid } = planned.value;
  io.write(reportChanges(plan.changes, io.cwd));
  if (!areNotesSaid) io.write(reportNotes(plan, io.cwd));
  if (plan.changes.length === 0) {
    io.write(`  up to date (${plan.preset.name} preset)\n`);
    return ok(0);
  }
  return carryOut(targets, plan.changes, options, io, {
    question: `  Write it? (Y/n)      ${UNDO}\n  `,
    done: `  written (${plan.preset.name} preset)      ${UNDO}\n`,
  });
}

async function runRemoval(targets: InitTargets, options: InitOptions, io: InitIo): Promise<Result<InitExitCode>> {
  const changes = planRemoval(targets);
  if (!changes.ok) return changes;
  io.write(reportChanges(changes.value, io.cwd));
  if (changes.value.length === 0) {
    io.write('  nothing of leptos-fast is in these manifests\n');
    return ok(0);
  }
  return carryOut(targets, changes.value, options, io, {
    question: '  Write it? (Y/n) ',
    done: '  removed      back again: leptos-fast init\n',
  });
}

/** Where somebody can answer, they decide about the values that they set by hand; else those stay. */
async function planWithAnswers(
  targets: InitTargets,
  options: InitOptions,
  io: InitIo,
): Promise<Result<{ readonly plan: InitPlan; readonly areNotesSaid: boolean }>> {
  const planOptions: PlanOptions = {
    preset: options.preset,
    overrideUser: options.yes,
    resolveCrates: options.mode === 'check' ? undefined : resolver(targets.workspaceRoot, io),
  };
  const first = await planInit(targets, planOptions);
  if (!first.ok) return first;
  const plan = first.value;
  const isDisputed = plan.kept.length > 0 && plan.changes.length > 0;
  if (!isDisputed || options.mode !== 'write' || !io.ask) return ok({ plan, areNotesSaid: false });
  io.write(reportNotes(plan, io.cwd));
  const question = "  Take the preset's values instead? (y/N) ";
  if (!(await io.ask(question, false))) return ok({ plan, areNotesSaid: true });
  const second = await planInit(targets, { ...planOptions, overrideUser: true });
  return second.ok ? ok({ plan: second.value, areNotesSaid: true }) : second;
}

/** Resolves once, however often it is asked, and says so: that may take minutes on a machine that has no crate yet. */
function resolver(workspaceRoot: string, io: InitIo): () => Promise<ReadonlySet<string> | undefined> {
  let crates: Promise<ReadonlySet<string> | undefined> | undefined;
  return () => {
    if (!crates) {
      io.write('  no Cargo.lock yet: asking cargo which crates there will be\n');
      crates = resolveCrates(workspaceRoot);
    }
    return crates;
  };
}

async function carryOut(
  targets: InitTargets,
  changes: readonly ManifestChange[],
  { mode, yes }: InitOptions,
  io: InitIo,
  texts: { readonly question: string; readonly done: string },
): Promise<Result<InitExitCode>> {
  if (mode === 'check') {
    io.write('  not up to date: run leptos-fast init\n');
    return ok(1);
  }
  if (mode === 'dry-run') {
    io.write('  nothing written (--dry-run)\n');
    return ok(0);
  }
  if (!yes && io.ask && !(await io.ask(texts.question, true))) {
    io.write('  nothing written\n');
    return ok(0);
  }
  const written = await writeChecked(targets, changes);
  if (!written.ok) return written;
  io.write(texts.done);
  return ok(0);
}

/** Writes the changes, all or none; they stay only when cargo reads the result. Errors: LF010, LF030, LF031. */
export function writeChecked(targets: InitTargets, changes: readonly ManifestChange[]): Promise<Result<void>> {
  return writeManifests(changes, () => checkWithCargo(targets, changes));
}

async function checkWithCargo(
  { root, workspaceRoot }: InitTargets,
  changes: readonly ManifestChange[],
): Promise<Result<void>> {
  const answer = await runCargoMetadata(workspaceRoot, ['--no-deps', '--manifest-path', root.path]);
  if (!answer.ok) return answer;
  return answer.value.exitCode === 0 ? ok(undefined) : err(rejected(changes, answer.value.stderr));
}

function rejected(changes: readonly ManifestChange[], stderr: string): LfError {
  const files = changes.map(({ file }) => file.path);
  return {
    code: 'LF031',
    message: `cargo rejects the edited manifest, so ${files.length === 1 ? 'it was' : 'all of them were'} put back`,
    where: { file: files[0] ?? 'Cargo.toml' },
    why: stderr.trim(),
    help: ['mend what cargo names, or use another preset; please report it if the manifest looks right to you'],
    exitCode: 3,
  };
}
