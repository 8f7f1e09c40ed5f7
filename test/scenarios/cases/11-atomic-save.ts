import { sayInRust, TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const atomicSave: Scenario = {
  number: 11,
  name: 'Atomic save (write to a temporary file, rename over)',
  failsIf: 'the file that was renamed into place is not seen, the second time either',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    for (const text of ['second', 'third']) {
      scene.app.write('src/.text.rs.k3x9', sayInRust(text));
      scene.app.rename('src/.text.rs.k3x9', TEXT_FILE);
      await scene.arrives(text);
    }
  },
};
