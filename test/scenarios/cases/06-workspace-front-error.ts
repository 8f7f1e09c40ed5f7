import { sayInRust } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { workspace } from '../variants/workspace.js';

export const workspaceFrontError: Scenario = {
  number: 6,
  name: 'Workspace: shared edit plus an error in front only, then mend front only: the new server runs',
  failsIf: 'the server stays the old one, since nothing of it changed when the front was mended',
  variant: workspace,
  limit: 60,
  async run(scene) {
    await scene.start();
    const frontend = scene.app.read('frontend/src/lib.rs');
    const mark = scene.tool.mark;
    scene.app.write('app/src/text.rs', sayInRust('second'));
    scene.app.write('frontend/src/lib.rs', `${frontend}\nfn broken() -> u32 { no_such_thing }\n`);
    await scene.tells([/no_such_thing/], mark);
    const saved = scene.app.lastSave;
    await scene.until(
      () => !scene.builds.isRunning(saved - 10_000),
      () => 'the failed build goes on',
    );
    scene.app.write('frontend/src/lib.rs', frontend);
    await scene.arrives('second');
  },
};
