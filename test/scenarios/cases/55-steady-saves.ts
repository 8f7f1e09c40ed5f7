import { sleep } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

export const steadySaves: Scenario = {
  number: 55,
  name: 'A save every 1.5 s, eight times: faster than builds end',
  failsIf: 'the last text does not arrive',
  variant: slowBuild,
  limit: 60,
  slow: true,
  async run(scene) {
    await scene.start();
    for (let n = 1; n <= 8; n += 1) {
      scene.app.say(`steady ${n}`);
      // The saves' own rhythm.
      if (n < 8) await sleep(1_500);
    }
    await scene.arrives('steady 8');
  },
};
