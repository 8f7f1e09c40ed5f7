/**
 * `npm run demo`: the sample app in fast mode, with all that is needed for it.
 *
 *   npm run demo                    runs it until Ctrl-C
 *   npm run demo -- --port 4000     further arguments go to `leptos-fast dev`
 *   npm run demo -- --until-ready   checks the served page, stops, and ends with 0 if all was well
 */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { installPackages } from './install.mjs';
import { CLI, DEMO_APP, REPO } from './paths.mjs';
import { runHere, runMain, SetupError } from './process.mjs';
import { createSampleApp } from './sample-app.mjs';
import { prepareToolchain } from './toolchain.mjs';
import { freePort, isOpen, runUntilReady } from './until-ready.mjs';
import { checkNodeVersion } from './versions.mjs';

/** The `site-addr` of templates/sample-app. */
const SAMPLE_PORT = 3000;

await runMain(async () => {
  const args = process.argv.slice(2);
  checkNodeVersion();
  await installPackages();
  const failed = await build();
  if (failed !== 0) throw new SetupError('leptos-fast could not be compiled', 'see what tsc wrote above', failed);

  const app = relative(process.cwd(), DEMO_APP) || '.';
  if (createSampleApp(DEMO_APP) === 'created') console.log(`The sample app is in ${app}`);
  else console.log(`${app} is there already and stays as it is; delete it to start afresh`);
  console.log(`Edit it while it runs: ${join(app, 'src/pages/home.rs')}, with its page open in a browser`);

  const { env } = await prepareToolchain({ lockfile: demoLockfile() });
  if (args.includes('--until-ready')) {
    return await runUntilReady({ app, env, args: args.filter((arg) => arg !== '--until-ready') });
  }
  return await runHere(process.execPath, [CLI, 'dev', app, ...(await portFor(args)), ...args], { env });
});

/** The sample app's own port; another one where that is taken and none was asked for. */
async function portFor(args) {
  if (args.some((arg) => /^(-p|--port)/.test(arg)) || !(await isOpen(SAMPLE_PORT))) return [];
  const port = await freePort();
  console.log(`port ${SAMPLE_PORT} is taken: the demo takes ${port} (npm run demo -- --port N for another)`);
  return ['--port', String(port)];
}

/** The demo app's own lock file says which wasm-bindgen it needs; a user may have updated it. */
function demoLockfile() {
  const own = join(DEMO_APP, 'Cargo.lock');
  return existsSync(own) ? own : join(REPO, 'templates/sample-app/Cargo.lock');
}
