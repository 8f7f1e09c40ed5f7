import { TEXT_FILE } from '../driver/app.js';
import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const syntaxError: Scenario = {
  number: 7,
  name: 'Syntax error, then mended',
  failsIf: 'the error is not told, the page is gone meanwhile, or the mended text does not arrive',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const mark = scene.tool.mark;
    scene.app.write(TEXT_FILE, 'pub const TEXT: &str = "second\n');
    await scene.tells([/error/i, /src\/text\.rs/], mark);
    const shown = await scene.site.serverText();
    if (shown !== 'first') throw new Failed(`while the code is broken, the page shows ${shown}`);
    scene.app.say('mended');
    await scene.arrives('mended');
  },
};
