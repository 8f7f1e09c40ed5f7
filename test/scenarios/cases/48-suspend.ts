import { signal } from '../driver/processes.js';
import { sleep } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const suspend: Scenario = {
  number: 48,
  name: 'Everything is suspended for three seconds, a save comes meanwhile, everything goes on',
  failsIf: 'the save is lost, or the pause is taken for a dead process',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.step('SIGSTOP all processes');
    const all = scene.processes();
    for (const process of all) signal(process, 'SIGSTOP');
    scene.app.say('while asleep');
    // The length of the pause is what the scenario is about: longer than any of the tool's own deadlines of a second or two.
    await sleep(3_000);
    scene.step('SIGCONT');
    for (const process of all) signal(process, 'SIGCONT');
    await scene.arrives('while asleep');
  },
};
