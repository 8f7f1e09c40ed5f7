import { signal } from '../driver/processes.js';
import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

/** What the scenario allows, in ms. */
const ALLOWED_MS = 2_000;
/** How long it goes on looking, to tell how late it was. */
const LOOK_MS = 20_000;

export const serverKilled: Scenario = {
  number: 28,
  name: 'The server is killed from outside: it is started again within 2 s',
  failsIf: 'no new server answers 2 s after the old one was killed',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const server = scene.server();
    if (!server) throw new Error('no server process found');
    scene.step('SIGKILL the server');
    const from = Date.now();
    signal(server, 'SIGKILL');
    await scene.until(
      async () => {
        const present = scene.server();
        return present !== null && present.pid !== server.pid && (await scene.site.serverText()) === 'first';
      },
      () => `no page ${LOOK_MS / 1_000} s after the server was killed`,
      from + LOOK_MS,
    );
    const took = Date.now() - from;
    scene.seconds = took / 1_000;
    if (took > ALLOWED_MS) throw new Failed(`it answered again only after ${(took / 1_000).toFixed(1)} s`);
    scene.app.say('second');
    await scene.arrives('second');
    scene.seconds = took / 1_000;
  },
};
