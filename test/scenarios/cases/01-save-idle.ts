import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const saveIdle: Scenario = {
  number: 1,
  name: 'Save a .rs file when idle',
  failsIf: 'the server or the wasm in the open tab keeps the old text',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    await scene.arrives('second');
  },
};
