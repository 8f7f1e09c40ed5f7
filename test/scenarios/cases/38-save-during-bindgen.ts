import type { Scene } from '../driver/scene.js';
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
    await seeBindgen(scene);
    scene.app.say('saved meanwhile');
    await scene.arrives('saved meanwhile');
  },
};

/** Saves until wasm-bindgen is caught at work: it takes a fraction of a second, so that a look may miss it. */
async function seeBindgen(scene: Scene): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const text = `attempt ${attempt}`;
    scene.app.say(text);
    scene.step('wait for wasm-bindgen');
    const seen = await scene.until(
      async () => {
        if (scene.processes().some(({ program }) => program === 'wasm-bindgen')) return 'at work';
        return (await scene.tab.wasmText()) === text && 'missed';
      },
      () => 'no wasm-bindgen was seen',
    );
    if (seen === 'at work') return;
  }
  throw new Error('wasm-bindgen was missed three times');
}
