import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const killAndRestart: Scenario = {
  number: 23,
  name: 'SIGKILL leptos-fast, start it again: works, no orphan holds a port',
  failsIf: 'an orphaned server keeps the port and the old page, or processes stay behind in the end',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    await scene.kill();
    scene.app.say('after the kill');
    scene.startTool();
    await scene.firstPage();
    await scene.arrives('after the kill');
    scene.app.say('edited');
    await scene.arrives('edited');
    await scene.interrupt();
    const left = await scene.leftBehind();
    if (left !== '') throw new Failed(`left behind after Ctrl-C: ${left}`);
  },
  endsTool: true,
};
