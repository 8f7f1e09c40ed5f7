import { sayInRust, TEXT_FILE } from '../driver/app.js';
import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { manyModules, moduleFile, moduleText } from '../variants/many-modules.js';

export const gitCheckout: Scenario = {
  number: 12,
  name: '`git checkout` that changes 500 files: one settled build',
  failsIf: 'the page keeps the text of the old branch, or a side is built more than once',
  variant: manyModules,
  limit: 90,
  async run(scene) {
    const { app } = scene;
    app.git('init', '--quiet', '--initial-branch=main');
    app.git('add', '--all');
    app.git('commit', '--quiet', '--message=first');
    app.git('checkout', '--quiet', '-b', 'other');
    for (let n = 0; n < 500; n += 1) app.write(moduleFile(n), moduleText(n, 1_000));
    app.write(TEXT_FILE, sayInRust('other branch'));
    app.git('commit', '--quiet', '--all', '--message=second');
    app.git('checkout', '--quiet', 'main');
    await scene.start();
    const from = Date.now();
    scene.step('git checkout other');
    app.git('checkout', '--quiet', 'other');
    await scene.arrives('other branch');
    const { front, server, told } = scene.builds.count(from);
    if (front !== 1 || server !== 1) throw new Failed(`not one build a side but ${told}`);
    // A watcher that reports late would start its second build right after the first.
    await scene.noBuildFor(3, 'after the settled one');
  },
};
