import { TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const sameBytes: Scenario = {
  number: 14,
  name: 'Rewrite a file with the same bytes: no build',
  failsIf: 'a build is started, or the next real edit is taken for none',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.write(TEXT_FILE, scene.app.read(TEXT_FILE));
    // cargo-leptos starts a build 0.1 s after an event; 3 s are ample for any debounce.
    await scene.noBuildFor(3, 'though nothing had changed');
    scene.app.say('second');
    await scene.arrives('second');
  },
};
