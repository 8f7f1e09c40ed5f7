import { sayInRust, TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const renameModule: Scenario = {
  number: 31,
  name: 'Rename a module file, then edit it under its new name',
  failsIf: 'the file is not known under its new name',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.rename(TEXT_FILE, 'src/words.rs');
    scene.app.edit('src/lib.rs', 'pub mod text;', 'pub mod words;\npub use words as text;');
    scene.app.write('src/pages/mod.rs', scene.app.read('src/pages/mod.rs').replace('One module', 'One file'));
    const renamed = scene.app.lastSave;
    scene.step('wait for the build after the renaming');
    await scene.until(
      () => scene.builds.count(renamed).server > 0 && !scene.builds.isRunning(renamed),
      () => 'nothing was built after the renaming',
    );
    scene.app.write('src/words.rs', sayInRust('under a new name'));
    await scene.arrives('under a new name');
  },
};
