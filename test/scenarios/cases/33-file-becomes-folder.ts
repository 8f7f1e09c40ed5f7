import { sayInRust, TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const fileBecomesFolder: Scenario = {
  number: 33,
  name: 'A file becomes a folder: text.rs is replaced by text/mod.rs',
  failsIf: 'the old text stays, or later edits in the folder are not seen',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.delete(TEXT_FILE);
    scene.app.write('src/text/mod.rs', sayInRust('from a folder'));
    await scene.arrives('from a folder');
    scene.app.write('src/text/mod.rs', sayInRust('edited in the folder'));
    await scene.arrives('edited in the folder');
  },
};
