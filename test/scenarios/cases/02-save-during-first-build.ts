import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

export const saveDuringFirstBuild: Scenario = {
  number: 2,
  name: 'Save while the first build still runs',
  failsIf: 'the save is forgotten because nobody watches yet: the page keeps the text that the first build read',
  variant: slowBuild,
  limit: 90,
  slow: true,
  async run(scene) {
    // A text that no earlier run had, else the compiler finds all its work done already.
    scene.app.say(`begun at ${Date.now()}`);
    scene.startTool();
    // Both compilers have read the old text: only another build can bring the new one.
    await scene.compiling('both');
    scene.app.say('saved early');
    await scene.firstPage();
    await scene.arrives('saved early');
  },
};
