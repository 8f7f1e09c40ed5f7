import { relative } from 'node:path';
import kleur from 'kleur';
import { renderDiff } from './diff.js';
import type { InitPlan, KeptInFile } from './init-plan.js';
import { renderValue } from './manifest-edit-render.js';
import type { ManifestChange } from './manifest-write.js';

/** How to take everything back, said at the end of each run that wrote something. */
export const UNDO = 'undo at any time: leptos-fast init --remove';

/** The files with their changed lines. Paths are relative to `cwd`. */
export function reportChanges(changes: readonly ManifestChange[], cwd: string): string {
  return changes
    .map(({ file, text }) => `  ${kleur.bold(shortPath(file.path, cwd))}\n${renderDiff(file.text, text)}`)
    .join('\n');
}

/** The user's own values that stay, crates that had to be left out, and why. Empty when there is nothing to say. */
export function reportNotes(plan: InitPlan, cwd: string): string {
  const notes = plan.kept.map((kept) => `  ${kleur.yellow('kept:')} ${describeKept(kept, cwd)}`);
  if (plan.kept.length > 0)
    notes.push(`        you set ${plan.kept.length === 1 ? 'this' : 'these'} by hand; --yes takes the preset's`);
  if (plan.skippedCrates.length > 0) {
    notes.push(
      `  ${kleur.yellow('left out:')} ${plan.skippedCrates.join(', ')}`,
      '        a profile of yours has an entry for one version, and cargo accepts only one that matches',
    );
  }
  if (plan.isLockUnknown) {
    notes.push(
      `  ${kleur.yellow('left out:')} the macro crates of the ${plan.preset.name} preset, since there is no readable Cargo.lock`,
      '        cargo warns about crates that it does not know; run init again after the first build',
    );
  }
  return notes.map((line) => `${line}\n`).join('');
}

/** `profile.dev-fast.debug = true  (preset: false)  Cargo.toml:12`. */
export function describeKept({ path, value, wanted, file, line }: KeptInFile, cwd: string): string {
  return `${path.join('.')} = ${value}  (preset: ${renderValue(wanted)})  ${shortPath(file.path, cwd)}:${line}`;
}

function shortPath(path: string, cwd: string): string {
  return relative(cwd, path) || path;
}
