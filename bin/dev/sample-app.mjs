/**
 * Makes a new app from the sample in templates/.
 *
 * On its own: node bin/dev/sample-app.mjs DIR
 */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SAMPLE_TEMPLATE } from './paths.mjs';
import { isMain, runMain, SetupError } from './process.mjs';

/**
 * Creates the sample app in `dir`, all of it or nothing. An app that is already there stays as it is, with the edits in it.
 *
 * @param {string} dir
 * @returns {'created' | 'kept'}
 */
export function createSampleApp(dir) {
  const target = resolve(dir);
  if (existsSync(join(target, 'Cargo.toml'))) return 'kept';
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new SetupError(
      `${target} has files, but no Cargo.toml: it is not the sample app`,
      'move it away or delete it',
    );
  }
  const half = join(dirname(target), `.${basename(target)}.new`);
  rmSync(half, { recursive: true, force: true });
  mkdirSync(dirname(half), { recursive: true });
  cpSync(SAMPLE_TEMPLATE, half, { recursive: true, filter: (source) => source !== join(SAMPLE_TEMPLATE, 'target') });
  // npm leaves files named .gitignore out of a package, so the template has it under another name.
  renameSync(join(half, 'gitignore'), join(half, '.gitignore'));
  rmSync(target, { recursive: true, force: true });
  renameSync(half, target);
  return 'created';
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const dir = process.argv[2];
    if (!dir) throw new SetupError('the folder is missing', 'node bin/dev/sample-app.mjs DIR', 2);
    console.log(`${createSampleApp(dir)} ${dir}`);
    return 0;
  });
}
