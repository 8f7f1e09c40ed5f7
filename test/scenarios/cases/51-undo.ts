import type { Scene } from '../driver/scene.js';
import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

/** Restarting the server and wasm-bindgen, by which the undone text would come, take a second; watched for so long (ms). */
const QUIET_MS = 5_000;

export const undo: Scenario = {
  number: 51,
  name: 'A save is undone in the middle of its build',
  failsIf: 'the undone text is on the page in the end, or the next edit does not arrive',
  variant: slowBuild,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.say('undone');
    const saved = scene.app.lastSave;
    await scene.compiling('both');
    scene.app.say('first');
    await settles(scene, saved);
    await scene.arrives('first');
    scene.app.say('third');
    await scene.arrives('third');
  },
};

/** Waits until no build has run and the server has not been restarted for a while. */
async function settles(scene: Scene, saved: number): Promise<void> {
  scene.step(`wait until nothing has been under way for ${QUIET_MS / 1_000} s`);
  let [quietSince, server] = [Date.now(), scene.server()?.pid];
  await scene.until(
    () => {
      const present = scene.server()?.pid;
      if (scene.builds.isRunning(saved) || present !== server) quietSince = Date.now();
      server = present;
      return Date.now() - quietSince > QUIET_MS;
    },
    () => 'the builds do not end',
  );
}
