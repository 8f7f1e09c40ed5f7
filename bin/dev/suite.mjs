/**
 * Runs a measuring suite of test/ with all that is needed for it: packages, a build, the toolchain and a browser.
 */
import { join } from 'node:path';
import { build } from './build.mjs';
import { installPackages } from './install.mjs';
import { REPO, testTargetDir } from './paths.mjs';
import { runHere, runMain, SetupError } from './process.mjs';
import { prepareToolchain } from './toolchain.mjs';
import { checkNodeVersion } from './versions.mjs';

/** Runs a script (relative to the repository) with this command's own arguments; its exit code is this one's. */
export async function runSuite(script) {
  await runMain(async () => {
    checkNodeVersion();
    await installPackages();
    const failed = await build();
    if (failed !== 0) throw new SetupError('leptos-fast could not be compiled', 'see what tsc wrote above', failed);
    const { env } = await prepareToolchain({ browser: true });
    const args = [join(REPO, 'node_modules/tsx/dist/cli.mjs'), join(REPO, script), ...process.argv.slice(2)];
    return await runHere(process.execPath, args, { env: { ...env, LEPTOS_FAST_TEST_TARGET: testTargetDir(env) } });
  });
}
