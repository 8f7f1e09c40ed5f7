import { launchBrowser } from '../../support/chromium.js';
import { Tab } from '../driver/browser.js';
import type { Scene } from '../driver/scene.js';
import { Failed, sleep } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { slowBoot } from '../variants/special.js';

export const bootsSlowly: Scenario = {
  number: 21,
  name: 'Server needs 15 s to boot: the browser never shows a connection error',
  failsIf: 'someone who opens or reloads the page while the server boots is told that the site cannot be reached',
  variant: slowBoot,
  limit: 90,
  slow: true,
  async run(scene) {
    await scene.start();
    scene.app.write('slow-boot', '');
    scene.app.say('second');
    let arrived = false;
    const visitor = visitAgainAndAgain(scene, () => arrived);
    try {
      await scene.arrives('second');
    } finally {
      arrived = true;
    }
    const refused = await visitor;
    if (refused.length > 0) throw new Failed(`${refused.length} visits failed, the first with ${refused[0]}`);
  },
};

/** A second person who opens the page every half a second; returns what went wrong. */
async function visitAgainAndAgain(scene: Scene, isOver: () => boolean): Promise<string[]> {
  const browser = await launchBrowser();
  const tab = await Tab.create(browser);
  const errors: string[] = [];
  while (!isOver()) {
    const error = await tab.visit(scene.site.url, 40_000);
    if (error !== null) errors.push(error);
    if (await scene.tab.showsConnectionError()) errors.push('a connection error in the tab that was open');
    // A person's rhythm.
    await sleep(500);
  }
  await browser.close();
  return errors;
}
