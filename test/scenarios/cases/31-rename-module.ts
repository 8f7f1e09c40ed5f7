import { TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const renameModule: Scenario = {
  number: 31,
  name: 'Rename a module file, then edit it under its new name',
  failsIf: 'the file is not known under its new name',
  variant: base,
  limit: 60,
  async run(scene) {
    scene.app.write(TEXT_FILE, 'pub const TEXT: &str = "first";\npub const WORDS: &str = "renamed";\n');
    await scene.start();
    scene.app.rename(TEXT_FILE, 'src/words.rs');
    scene.app.edit(
      'src/lib.rs',
      'pub mod text;',
      'pub mod words;\npub mod text {\n    pub use crate::words::WORDS as TEXT;\n}',
    );
    await scene.arrives('renamed');
    scene.app.write('src/words.rs', 'pub const WORDS: &str = "under a new name";\n');
    await scene.arrives('under a new name');
  },
};
