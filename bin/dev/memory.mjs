/**
 * `npm run memory`: how much memory leptos-fast takes with 20,000 watched files, 3,000 of them Rust, at the start and over
 * 1,000 batches of saves. Real cargo-leptos, with builds that take no time. Some 20 minutes on 2 cores.
 *
 *   LEPTOS_FAST_MEMORY_BATCHES=100 npm run memory    fewer saves
 */
import { join } from 'node:path';
import { build } from './build.mjs';
import { installPackages } from './install.mjs';
import { REPO } from './paths.mjs';
import { runHere, runMain, SetupError } from './process.mjs';
import { prepareToolchain } from './toolchain.mjs';
import { checkNodeVersion } from './versions.mjs';

await runMain(async () => {
  checkNodeVersion();
  await installPackages();
  const failed = await build();
  if (failed !== 0) throw new SetupError('leptos-fast could not be compiled', 'see what tsc wrote above', failed);
  const { env } = await prepareToolchain({ browser: false });
  const args = [join(REPO, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'memory'];
  return await runHere(process.execPath, args, { cwd: REPO, env });
});
