import { signal } from '../driver/processes.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

/** How long the page may stay away, in ms. */
const BACK_WITHIN_MS = 15_000;

export const killChildren: Scenario = {
  number: 46,
  name: "SIGKILL each of the tool's child processes in turn while it is idle",
  failsIf: 'the page does not come back after one of them, or a later edit does not arrive',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const programs = new Set(
      scene.processes().flatMap(({ pid, program }) => (pid === scene.tool.pid ? [] : [program])),
    );
    for (const program of programs) {
      const victim = scene.processes().find((candidate) => candidate.program === program);
      if (!victim) continue;
      scene.step(`SIGKILL ${program}`);
      signal(victim, 'SIGKILL');
      const from = Date.now();
      await scene.until(
        async () => !scene.processes().some(({ pid }) => pid === victim.pid) && scene.server() !== null,
        () => `no server ${BACK_WITHIN_MS / 1_000} s after ${program} was killed`,
        from + BACK_WITHIN_MS,
      );
      await scene.until(
        async () => (await scene.site.serverText()) !== null,
        () => `no page ${BACK_WITHIN_MS / 1_000} s after ${program} was killed`,
        from + BACK_WITHIN_MS,
      );
      scene.app.say(`after ${program}`);
      await scene.arrives(`after ${program}`);
    }
  },
};
