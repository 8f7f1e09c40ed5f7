import type { Scenario } from '../scenario.js';
import { slowFront } from '../variants/slow-build.js';

export const cssWhileFrontBuilds: Scenario = {
  number: 5,
  name: 'Server built, front still compiling, save CSS: server restarted too',
  failsIf: 'the new server is never started, or the CSS is not on the page',
  variant: slowFront,
  limit: 60,
  slow: true,
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    const saved = scene.app.lastSave;
    scene.step("wait until the server's build is through and the front's is not");
    await scene.until(
      () =>
        scene.builds.count(saved).server > 0 &&
        !scene.builds.isRunning(saved, 'server') &&
        scene.builds.isRunning(saved, 'front'),
      () => `the front's build never outlasted the server's: ${scene.builds.count(saved).told}`,
    );
    scene.app.write('style/main.css', `${scene.app.read('style/main.css')}\n#probe-server { color: rgb(1, 2, 3); }\n`);
    await scene.arrives('second');
    await scene.until(
      async () => (await scene.tab.style('color')) === 'rgb(1, 2, 3)',
      async () => `the probe's colour is ${await scene.tab.style('color')} instead of rgb(1, 2, 3)`,
    );
  },
};
