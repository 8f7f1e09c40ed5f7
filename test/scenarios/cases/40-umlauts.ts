import { sayInRust } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { umlauts } from '../variants/special.js';

export const spacesAndUmlauts: Scenario = {
  number: 40,
  name: 'Spaces and umlauts in the names of the project folder and of a module file',
  failsIf: 'the app does not start, or the edit is not seen',
  variant: umlauts,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.write('src/größere wörter.rs', sayInRust('zweite Größe'));
    await scene.arrives('zweite Größe');
  },
};
