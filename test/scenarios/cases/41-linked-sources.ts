import { sayInRust } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { linkedSources } from '../variants/special.js';

export const editLinkedSources: Scenario = {
  number: 41,
  name: 'Edit a file in a source folder that is a symbolic link to a place outside the project',
  failsIf: 'the edit is not seen, since the file does not lie where it is used',
  variant: linkedSources,
  limit: 60,
  async run(scene) {
    scene.app.link('app/src/words', '../../shared');
    await scene.start();
    scene.app.write('shared/text.rs', sayInRust('second'));
    await scene.arrives('second');
  },
};
