import type { Scene } from '../driver/scene.js';
import { Failed, until } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { slowBuild } from '../variants/slow-build.js';

/** What the scenario allows, in ms. */
const ALLOWED_MS = 3_000;
/** How long it goes on looking, to tell how late it was. */
const LOOK_MS = 20_000;

export const ctrlC: Scenario = {
  number: 24,
  name: 'Ctrl-C during a build, and while serving: everything gone, ports free within 3 s',
  failsIf: 'a process runs or a port is taken 3 s after Ctrl-C',
  variant: slowBuild,
  limit: 60,
  async run(scene) {
    await scene.start();
    const serving = await allGone(scene, 'while serving');
    await scene.start();
    scene.app.say('second');
    await scene.compiling('both');
    const building = await allGone(scene, 'during a build');
    scene.seconds = Math.max(serving, building) / 1_000;
  },
  endsTool: true,
};

/** Ctrl-C; returns how long it took until nothing was left, in ms. */
async function allGone(scene: Scene, when: string): Promise<number> {
  scene.step(`Ctrl-C ${when}`);
  const from = Date.now();
  scene.tool.interrupt();
  let left = '';
  await until(
    from + LOOK_MS,
    async () => {
      left = await scene.leftBehind();
      return left === '';
    },
    () => `${when}: ${LOOK_MS / 1_000} s after Ctrl-C there are still ${left}`,
  );
  const took = Date.now() - from;
  if (took > ALLOWED_MS) throw new Failed(`${when}: everything was gone only after ${(took / 1_000).toFixed(1)} s`);
  return took;
}
