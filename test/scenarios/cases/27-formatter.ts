import { sayInRust, TEXT_FILE } from '../driver/app.js';
import { residentMiB } from '../driver/processes.js';
import type { Scene } from '../driver/scene.js';
import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { moduleFile, moduleText, thousandsOfModules } from '../variants/many-modules.js';

const FILES = 5_000;
/** The first round may fill caches; from then on memory may grow by so much (MiB) a round. */
const GROWTH_MIB = 15;

export const formatter: Scenario = {
  number: 27,
  name: '5,000 files saved by a formatter in one go: one build, memory stays flat',
  failsIf: "a side is built more than once a round, or the tool's memory grows with each round",
  variant: thousandsOfModules,
  limit: 120,
  slow: true,
  async run(scene) {
    await scene.start();
    const memory = [residentMiB(scene.tool.pid)];
    for (const round of [1, 2, 3]) {
      await formatAll(scene, round);
      memory.push(residentMiB(scene.tool.pid));
    }
    const told = memory.map((size) => `${Math.round(size)}`).join(' → ');
    scene.step(`memory in MiB: ${told}`);
    const growth = (memory[3] ?? 0) - (memory[1] ?? 0);
    if (growth > 2 * GROWTH_MIB) throw new Failed(`the tool's memory grows with each round: ${told} MiB`);
  },
};

async function formatAll(scene: Scene, round: number): Promise<void> {
  scene.step(`format all files, round ${round}`);
  const from = Date.now();
  for (let n = 0; n < FILES; n += 1) scene.app.write(moduleFile(n), moduleText(n, round));
  scene.app.write(TEXT_FILE, sayInRust(`round ${round}`));
  await scene.arrives(`round ${round}`);
  const { front, server, told } = scene.builds.count(from);
  if (front !== 1 || server !== 1) throw new Failed(`not one build a side but ${told}`);
}
