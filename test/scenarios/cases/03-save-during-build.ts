import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

export const saveDuringBuild: Scenario = {
  number: 3,
  name: 'Save in the middle of a build: one final, correct build',
  failsIf: 'the page ends with the first of the two texts, or a side is built more than once after the second save',
  variant: slowBuild,
  limit: 60,
  slow: true,
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    await scene.compiling('both');
    scene.app.say('third one');
    const saved = scene.app.lastSave;
    await scene.arrives('third one');
    const { front, server, told } = scene.builds.count(saved);
    if (front > 1 || server > 1) throw new Failed(`more than one build a side after the last save: ${told}`);
    // A superfluous build would be started as soon as this one has ended.
    await scene.noBuildFor(2, 'after the final one');
  },
};
