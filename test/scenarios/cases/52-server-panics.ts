import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const serverPanics: Scenario = {
  number: 52,
  name: 'The server panics when it boots, then it is mended',
  failsIf: 'the panic is not told, or the page does not come back with the mended code',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const main = scene.app.read('src/main.rs');
    const mark = scene.tool.mark;
    scene.app.write(
      'src/main.rs',
      // Only the running server puts these words together: a warning of the compiler that shows the line does not count.
      main.replace(
        '    let listener',
        `    if std::env::args().count() > 0 {\n        panic!("no such {}", "harbour");\n    }\n    let listener`,
      ),
    );
    await scene.tells([/no such harbour/], mark);
    scene.app.write('src/main.rs', main);
    scene.app.say('mended');
    await scene.arrives('mended');
  },
};
