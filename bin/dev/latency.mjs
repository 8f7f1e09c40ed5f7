/**
 * `npm run latency`: how long a save takes to be seen in the page, measured with all that is needed for it.
 *
 *   npm run latency -- --edits 20 --json out.json   leptos-fast and plain cargo-leptos in turn, 20 edits of each kind
 *   npm run latency -- --help                        the other options
 */
import { join } from 'node:path';
import { build } from './build.mjs';
import { installPackages } from './install.mjs';
import { REPO, testTargetDir } from './paths.mjs';
import { runHere, runMain, SetupError } from './process.mjs';
import { prepareToolchain } from './toolchain.mjs';
import { checkNodeVersion } from './versions.mjs';

await runMain(async () => {
  checkNodeVersion();
  await installPackages();
  const failed = await build();
  if (failed !== 0) throw new SetupError('leptos-fast could not be compiled', 'see what tsc wrote above', failed);
  const { env } = await prepareToolchain({ browser: true });
  const args = [
    join(REPO, 'node_modules/tsx/dist/cli.mjs'),
    join(REPO, 'test/latency/main.ts'),
    ...process.argv.slice(2),
  ];
  return await runHere(process.execPath, args, { env: { ...env, LEPTOS_FAST_TEST_TARGET: testTargetDir(env) } });
});
