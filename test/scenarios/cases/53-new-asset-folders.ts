import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const newAssetFolders: Scenario = {
  number: 53,
  name: 'Nested asset folders made with their files at once, later edit the deepest',
  failsIf: 'the files are not served, or an edit in a new folder is not seen',
  variant: base,
  limit: 20,
  async run(scene) {
    await scene.start();
    for (const text of ['low tide', 'high tide']) {
      scene.app.write('public/pool/rock/crab.txt', text);
      scene.step(`wait for the asset with ${text}`);
      await scene.until(
        async () => (await scene.site.get('pool/rock/crab.txt'))?.text === text,
        () => `the asset in the new folder is not served with "${text}"`,
      );
      scene.took();
    }
  },
};
