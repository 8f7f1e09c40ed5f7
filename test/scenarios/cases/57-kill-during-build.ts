import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

export const killDuringBuild: Scenario = {
  number: 57,
  name: 'SIGKILL the tool in the middle of a build, start it again',
  failsIf: 'what is left of the killed run keeps a lock or a port and the page does not come',
  variant: slowBuild,
  limit: 90,
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    await scene.compiling('both');
    await scene.kill();
    scene.startTool();
    await scene.firstPage();
    await scene.arrives('second');
    scene.app.say('third');
    await scene.arrives('third');
  },
};
