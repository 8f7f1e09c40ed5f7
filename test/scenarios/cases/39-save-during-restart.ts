import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const saveDuringRestart: Scenario = {
  number: 39,
  name: 'Save while the server restarts',
  failsIf: 'the save is lost, or the page stays away',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const old = scene.server()?.pid;
    if (old === undefined) throw new Error('no server process found');
    scene.app.say('second');
    scene.step('wait until the old server ends');
    await scene.until(
      () => scene.server()?.pid !== old,
      () => 'the old server never ended',
    );
    scene.app.say('third');
    await scene.arrives('third');
  },
};
