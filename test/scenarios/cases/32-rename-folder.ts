import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const renameFolder: Scenario = {
  number: 32,
  name: 'Rename a folder of modules, then edit a file in it',
  failsIf: 'the files are not watched under their new path',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.rename('src/pages', 'src/views');
    scene.app.edit('src/lib.rs', 'pub mod pages;', 'pub mod views;');
    scene.app.edit('src/app.rs', 'crate::pages', 'crate::views');
    scene.app.say('renamed');
    await scene.arrives('renamed');
    scene.app.edit('src/views/about.rs', '"About this app"', '"Edited in the renamed folder"');
    scene.step('wait for the edit in the renamed folder');
    await scene.until(
      async () => (await scene.site.get('about'))?.text.includes('Edited in the renamed folder') ?? false,
      () => 'the edit in the renamed folder is not on the page',
    );
    scene.took();
  },
};
