import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

const PARTS = 20;
const PART_BYTES = 5 * 2 ** 20;

export const largeAsset: Scenario = {
  number: 45,
  name: 'A 100 MB asset that is written over two seconds',
  failsIf: 'a part of it is served in the end',
  variant: base,
  limit: 30,
  async run(scene) {
    await scene.start();
    scene.app.write('public/large.bin', '');
    for (let part = 0; part < PARTS; part += 1) {
      appendFileSync(join(scene.app.dir, 'public/large.bin'), Buffer.alloc(PART_BYTES, part + 1));
      // A download's rhythm.
      await sleep(100);
    }
    scene.app.lastSave = Date.now();
    scene.step('wait for all of it');
    let length = 0;
    await scene.until(
      async () => {
        length = (await scene.site.get('large.bin'))?.text.length ?? 0;
        return length === PARTS * PART_BYTES;
      },
      () => `${length} of ${PARTS * PART_BYTES} bytes are served`,
    );
    scene.took();
  },
};
