import { TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

const HOUR_MS = 3_600_000;

export const oldTime: Scenario = {
  number: 43,
  name: 'A file with new content and an old time (cp -p, rsync -t, an unpacked archive)',
  failsIf: 'cargo, which goes by time, takes the build for up to date and the old text stays',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    scene.app.setTime(TEXT_FILE, new Date(Date.now() - HOUR_MS));
    await scene.arrives('second');
  },
};
