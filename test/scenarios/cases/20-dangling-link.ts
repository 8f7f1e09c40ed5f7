import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const danglingLink: Scenario = {
  number: 20,
  name: 'A dangling symlink among the assets, then an asset edit: still alive',
  failsIf: 'the tool ends, or the edited asset is not served',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.link('public/broken.png', 'nowhere.png');
    scene.app.write('public/note.txt', 'high water');
    scene.step('wait for the edited asset');
    await scene.until(
      async () => (await scene.site.get('note.txt'))?.text === 'high water',
      async () => `note.txt is served as ${(await scene.site.get('note.txt'))?.text}`,
    );
    scene.took();
    const { seconds } = scene;
    scene.app.say('second');
    await scene.arrives('second');
    scene.seconds = seconds;
  },
};
