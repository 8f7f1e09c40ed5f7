import { TEXT_FILE } from '../driver/app.js';
import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const lineEnds: Scenario = {
  number: 44,
  name: 'All sources converted to CRLF in one go',
  failsIf: 'a side is built more than once, or a later edit does not arrive',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const from = Date.now();
    for (const file of scene.app.list('src').filter((name) => name.endsWith('.rs'))) {
      const text = file === TEXT_FILE ? scene.app.read(file).replace('first', 'with CRLF') : scene.app.read(file);
      scene.app.write(file, text.replaceAll('\n', '\r\n'));
    }
    await scene.arrives('with CRLF');
    const { front, server, told } = scene.builds.count(from);
    if (front !== 1 || server !== 1) throw new Failed(`not one build a side but ${told}`);
    scene.app.say('with LF');
    await scene.arrives('with LF');
  },
};
