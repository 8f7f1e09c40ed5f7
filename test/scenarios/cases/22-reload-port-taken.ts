import { occupy } from '../driver/ports.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const reloadPortTaken: Scenario = {
  number: 22,
  name: 'The live-reload port is taken: another is used',
  failsIf: 'the tool ends, or the open tab is not reloaded',
  variant: base,
  limit: 60,
  async run(scene) {
    const stranger = await occupy(scene.reloadPort);
    scene.onEnd(() => stranger.close());
    await scene.start();
    scene.app.say('second');
    await scene.arrives('second');
  },
};
