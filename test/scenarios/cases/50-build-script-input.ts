import type { Scenario } from '../scenario.js';
import { buildScript } from '../variants/special.js';

export const buildScriptInput: Scenario = {
  number: 50,
  name: 'Edit a file that build.rs reads, then build.rs itself',
  failsIf: 'the page keeps the text that the build script made before',
  variant: buildScript,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.write('words.txt', 'second');
    await scene.arrives('second');
    scene.app.edit('build.rs', 'text.trim(), ""', 'text.trim(), " from build.rs"');
    await scene.arrives('second from build.rs');
  },
};
