import type { Scenario } from '../scenario.js';
import { includedText } from '../variants/special.js';

export const includedFile: Scenario = {
  number: 16,
  name: 'Edit a file that is only `include_str!`ed',
  failsIf: 'the page keeps the old text, since the file is neither Rust nor below src',
  variant: includedText,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.write('content/text.txt', 'second');
    await scene.arrives('second');
  },
};
