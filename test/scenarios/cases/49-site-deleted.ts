import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';
import { OUTPUT } from '../variants/variant.js';

export const siteDeleted: Scenario = {
  number: 49,
  name: 'The site folder is deleted while all runs, then a save',
  failsIf: 'the page comes back without its wasm, its CSS or its assets',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    rmSync(join(scene.app.projectDir, 'target/site'), { recursive: true });
    scene.app.say('second');
    await scene.arrives('second');
    scene.step('wait for CSS and assets');
    await scene.until(
      async () => (await scene.site.get(`pkg/${OUTPUT}.css`))?.status === 200,
      () => 'the page has lost its CSS',
    );
    await scene.until(
      async () => (await scene.site.get('note.txt'))?.status === 200,
      () => 'the page has lost its assets',
    );
    scene.took();
  },
};
