import { sayInRust, TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const swapFiles: Scenario = {
  number: 42,
  name: 'Swap two files by renaming them (their times are older than the build)',
  failsIf: 'cargo, which goes by time, takes the build for up to date and the old text stays',
  variant: base,
  limit: 60,
  async run(scene) {
    scene.app.write('src/one.rs', sayInRust('one'));
    scene.app.write('src/two.rs', sayInRust('two'));
    scene.app.edit('src/lib.rs', 'pub mod text;', 'pub mod one;\npub mod text;\npub mod two;');
    scene.app.write(TEXT_FILE, 'pub use crate::one::TEXT;\n');
    await scene.start();
    scene.app.rename('src/one.rs', 'src/three.rs');
    scene.app.rename('src/two.rs', 'src/one.rs');
    scene.app.rename('src/three.rs', 'src/two.rs');
    await scene.arrives('two');
  },
};
