import { signal } from '../driver/processes.js';
import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

export const killCompiler: Scenario = {
  number: 47,
  name: 'The compiler is killed in the middle of a build (out of memory)',
  failsIf: 'the build is given up as if the code were at fault',
  variant: slowBuild,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    await scene.compiling('both');
    scene.step('SIGKILL every rustc');
    const victims = scene.processes().filter(({ program }) => program === 'rustc');
    if (victims.length === 0) throw new Error('both compilers have ended before they could be killed');
    for (const process of victims) signal(process, 'SIGKILL');
    await scene.arrives('second');
  },
};
