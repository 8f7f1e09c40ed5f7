import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const deleteAsset: Scenario = {
  number: 26,
  name: 'Delete an asset: it is gone from the site',
  failsIf: 'the deleted file is still served',
  variant: base,
  limit: 20,
  async run(scene) {
    await scene.start();
    const before = await scene.site.get('note.txt');
    if (before?.status !== 200) throw new Failed(`the asset was not served in the first place: ${before?.status}`);
    scene.app.delete('public/note.txt');
    scene.step('wait until it is gone');
    await scene.until(
      async () => (await scene.site.get('note.txt'))?.status === 404,
      async () => `note.txt is still answered with ${(await scene.site.get('note.txt'))?.status}`,
    );
    scene.took();
  },
};
