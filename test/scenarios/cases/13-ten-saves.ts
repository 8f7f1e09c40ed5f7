import { Failed, sleep } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const tenSaves: Scenario = {
  number: 13,
  name: 'Ten saves in one second: at most two builds, the last content wins',
  failsIf: 'a side is built more than twice, or another text than the last one stays',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const from = Date.now();
    scene.step('ten saves');
    for (let n = 1; n <= 10; n += 1) {
      scene.app.say(`save ${n}`);
      // The saves' own rhythm: ten in a second.
      if (n < 10) await sleep(100);
    }
    await scene.arrives('save 10');
    const { front, server, told } = scene.builds.count(from);
    if (front > 2 || server > 2) throw new Failed(`more than two builds a side: ${told}`);
    // Belated events would start builds within their debounce time.
    await scene.noBuildFor(2, 'after the last one');
  },
};
