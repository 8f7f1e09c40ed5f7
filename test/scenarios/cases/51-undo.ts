import { sleep } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

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
    scene.step('wait until all builds are through');
    await scene.until(
      () => !scene.builds.isRunning(saved),
      () => 'the builds do not end',
    );
    // The undone text would come with the restart of the server and wasm-bindgen, both done within this time.
    await sleep(6_000);
    await scene.arrives('first');
    scene.app.say('third');
    await scene.arrives('third');
  },
};
