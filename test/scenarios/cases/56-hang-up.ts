import { Failed, until } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

/** As for Ctrl-C, in ms. */
const ALLOWED_MS = 3_000;
const LOOK_MS = 10_000;

export const hangUp: Scenario = {
  number: 56,
  name: 'The terminal is closed (SIGHUP): everything gone, ports free within 3 s',
  failsIf: 'a process runs or a port is taken 3 s later',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const from = Date.now();
    scene.step('SIGHUP');
    scene.tool.hangUp();
    let left = '';
    await until(
      from + LOOK_MS,
      async () => {
        left = await scene.leftBehind();
        return left === '';
      },
      () => `${LOOK_MS / 1_000} s later there are still ${left}`,
    );
    const took = Date.now() - from;
    scene.seconds = took / 1_000;
    if (took > ALLOWED_MS) throw new Failed(`everything was gone only after ${(took / 1_000).toFixed(1)} s`);
  },
  endsTool: true,
};
