import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const saveDuringBindgen: Scenario = {
  number: 38,
  name: 'Save while wasm-bindgen runs',
  failsIf: 'the save is lost between the build and its delivery, or the tool ends',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    scene.step('wait for wasm-bindgen');
    await scene.until(
      () => scene.processes().some(({ program }) => program === 'wasm-bindgen'),
      () => 'no wasm-bindgen was seen',
    );
    scene.app.say('third');
    await scene.arrives('third');
  },
};
