import { sayInRust } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { outsideCrate } from '../variants/special.js';

export const editOutsideCrate: Scenario = {
  number: 17,
  name: 'Edit a path dependency outside the workspace',
  failsIf: 'the page keeps the old text, since the file lies outside the watched folder',
  variant: outsideCrate,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.write('words/src/lib.rs', sayInRust('second'));
    await scene.arrives('second');
  },
};
