import { sayInRust, TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const nestedModules: Scenario = {
  number: 9,
  name: 'Create nested module folders with their files at once, later edit the deepest',
  failsIf: 'an edit in a folder that was made while the tool ran is not seen',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.write('src/deep/mod.rs', 'pub mod deeper;\n');
    scene.app.write('src/deep/deeper/mod.rs', 'pub mod deepest;\n');
    scene.app.write('src/deep/deeper/deepest/mod.rs', 'pub mod words;\n');
    scene.app.write('src/deep/deeper/deepest/words.rs', sayInRust('from the deep'));
    scene.app.edit('src/lib.rs', 'pub mod text;', 'pub mod deep;\npub mod text;');
    scene.app.write(TEXT_FILE, 'pub use crate::deep::deeper::deepest::words::TEXT;\n');
    await scene.arrives('from the deep');
    scene.app.write('src/deep/deeper/deepest/words.rs', sayInRust('edited in the deep'));
    await scene.arrives('edited in the deep');
  },
};
