import { sayInRust, TEXT_FILE } from '../driver/app.js';
import { sleep } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const brokenThenRight: Scenario = {
  number: 34,
  name: 'Broken and mended in quick turns: five times within two seconds',
  failsIf: 'a failure of an old state stands at the end, or an old text',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    for (let turn = 1; turn <= 5; turn += 1) {
      scene.app.write(TEXT_FILE, 'pub const TEXT: &str = ;\n');
      // The rhythm of an editor that saves while one types.
      await sleep(200);
      scene.app.write(TEXT_FILE, sayInRust(`turn ${turn}`));
      await sleep(200);
    }
    await scene.arrives('turn 5');
  },
};
