import { sayInRust, TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const vimSave: Scenario = {
  number: 29,
  name: 'Save as vim does (probe file, old file renamed to a backup, new file, backup deleted)',
  failsIf: 'the new file is taken for a deleted or an unknown one',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    for (const text of ['second', 'third']) {
      scene.app.write('src/4913', '');
      scene.app.delete('src/4913');
      scene.app.rename(TEXT_FILE, `${TEXT_FILE}~`);
      scene.app.write(TEXT_FILE, sayInRust(text));
      scene.app.delete(`${TEXT_FILE}~`);
      await scene.arrives(text);
    }
  },
};
