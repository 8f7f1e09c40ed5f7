import { loadavg } from 'node:os';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { writeChecked } from '../project/init.js';
import { reportChanges, UNDO } from '../project/init-report.js';
import { type InitTargets, locateInitTargets } from '../project/init-targets.js';
import { renderAssignment } from '../project/manifest-edit-render.js';
import type { ManifestChange } from '../project/manifest-write.js';
import { PROFILE_NAME } from '../project/preset.js';
import type { Candidate } from './candidate.js';
import type { Report } from './report-facts.js';
import { reportJson } from './report-json.js';
import { byHandText, reportText } from './report-text.js';
import type { FoundProject, TuneOptions } from './run-tune.js';
import type { TuneView } from './tune-view.js';
import { planTuned } from './tuned-manifest.js';

/** Shows what was measured, and offers the winners as a diff of the manifest. Resolves with the exit code. */
export async function offerWinners(
  report: Report,
  found: FoundProject,
  options: TuneOptions,
  view: TuneView,
): Promise<Result<number, readonly LfError[]>> {
  view.print(`\n${reportText(report, options.columns)}`);
  const winners = report.result.winner?.arm.candidates ?? [];
  const written = await offer(winners, found, options, view);
  if (!written.ok) return err([written.error]);
  if (options.json) options.print(`${JSON.stringify(reportJson(report, written.value, loadavg()))}\n`);
  return ok(0);
}

async function offer(
  winners: readonly Candidate[],
  { dir, basePreset, project }: FoundProject,
  options: TuneOptions,
  view: TuneView,
): Promise<Result<boolean>> {
  if (winners.length === 0) return ok(false);
  view.print(byHandText(winners));
  const entries = winners.filter(({ byHand }) => byHand === undefined).flatMap((winner) => winner.entries);
  if (entries.length === 0) return ok(false);
  const { libProfileDev: lib, binProfileDev: bin } = project.config;
  if (!basePreset && (lib !== PROFILE_NAME || bin !== PROFILE_NAME)) {
    const names = [...new Set([lib ?? 'dev', bin ?? 'dev'])];
    view.line(`the ${names.join(' and ')} profile is your own: write there what won`);
    for (const name of names)
      view.print(
        `    [profile.${name}]\n${entries.map(({ path, value }) => `    ${renderAssignment(path, value)}\n`).join('')}`,
      );
    return ok(false);
  }
  const targets = await locateInitTargets(dir);
  if (!targets.ok) return targets;
  const changes = await planTuned(targets.value, basePreset, entries);
  if (!changes.ok) return changes;
  view.print(reportChanges(changes.value, options.cwd));
  return write(targets.value, changes.value, options, view);
}

async function write(
  targets: InitTargets,
  changes: readonly ManifestChange[],
  { dryRun, yes, openQuestions }: TuneOptions,
  view: TuneView,
): Promise<Result<boolean>> {
  if (dryRun) {
    view.line('nothing written (--dry-run)');
    return ok(false);
  }
  const questions = yes ? undefined : await openQuestions();
  if (!yes && !questions) {
    view.line('nothing written: there is nobody to ask; --yes writes it');
    return ok(false);
  }
  const isWanted = yes || (await questions?.ask(`  Write it? (Y/n)      ${UNDO}\n  `, true)) === true;
  questions?.close();
  if (!isWanted) {
    view.line('nothing written');
    return ok(false);
  }
  const written = await writeChecked(targets, changes);
  if (!written.ok) return written;
  view.line(`written      ${UNDO}`);
  return ok(true);
}
