import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const deleteModule: Scenario = {
  number: 10,
  name: 'Delete a module that is used: the compile error is shown',
  failsIf: 'nobody is told that the code no longer compiles, or the page does not come back with the module',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const about = scene.app.read('src/pages/about.rs');
    const mark = scene.tool.mark;
    scene.app.delete('src/pages/about.rs');
    await scene.tells([/E0583|file not found for module/, /about/], mark);
    scene.took();
    const { seconds } = scene;
    scene.app.write('src/pages/about.rs', about.replace('"About this app"', '"Back again"'));
    scene.step('the module comes back');
    await scene.until(
      async () => (await scene.site.get('about'))?.text.includes('Back again') ?? false,
      () => 'the page of the module that came back is not shown',
    );
    scene.seconds = seconds;
  },
};
