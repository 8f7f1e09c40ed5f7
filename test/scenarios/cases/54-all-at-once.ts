import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const allAtOnce: Scenario = {
  number: 54,
  name: 'Rust, CSS and an asset saved in the same moment',
  failsIf: 'one of the three is not on the page',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.write('style/main.css', `${scene.app.read('style/main.css')}\n#probe-server { color: rgb(1, 2, 3); }\n`);
    scene.app.write('public/note.txt', 'high water');
    scene.app.say('second');
    await scene.arrives('second');
    await scene.until(
      async () => (await scene.tab.style('color')) === 'rgb(1, 2, 3)',
      () => 'the CSS is not on the page',
    );
    await scene.until(
      async () => (await scene.site.get('note.txt'))?.text === 'high water',
      () => 'the asset is not served',
    );
    scene.took();
  },
};
