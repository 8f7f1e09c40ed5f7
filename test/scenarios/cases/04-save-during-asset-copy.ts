import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { manyAssets } from '../variants/special.js';

/** The folders below public/many; while they are copied, the site has some of them. */
const FOLDERS = 60;
/** Someone who does not copy assets is never in the middle of it: so long (ms) after the asset's save, the edit comes anyway. */
const NO_COPY_MS = 1_500;

export const saveDuringAssetCopy: Scenario = {
  number: 4,
  name: 'Save a .rs file while many assets are copied',
  failsIf: 'the save is forgotten when the copying ends: the page keeps the old text',
  variant: manyAssets,
  limit: 60,
  slow: true,
  async run(scene) {
    await scene.start();
    const site = join(scene.app.projectDir, 'target/site/many');
    scene.app.write('public/new.txt', 'an asset more');
    const noCopy = scene.app.lastSave + NO_COPY_MS;
    scene.step('wait for the middle of the copying');
    await until(
      noCopy + NO_COPY_MS,
      () => isHalf(site) || Date.now() > noCopy,
      () => '',
    );
    scene.app.say('during the copy');
    await scene.arrives('during the copy');
    scene.step('the new asset is served');
    await scene.until(
      async () => (await scene.site.get('new.txt'))?.text === 'an asset more',
      () => 'the new asset is not served',
    );
  },
};

function isHalf(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const count = readdirSync(folder).length;
  return count > 0 && count < FOLDERS;
}
