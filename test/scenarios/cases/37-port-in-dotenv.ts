import { freePort } from '../driver/ports.js';
import { Site } from '../driver/site.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const portInDotenv: Scenario = {
  number: 37,
  name: 'Change the port in .env',
  failsIf: 'the page does not come on the new port',
  variant: base,
  limit: 60,
  async run(scene) {
    scene.app.write('.env', dotenv(scene.sitePort, scene.reloadPort));
    await scene.start({ LEPTOS_SITE_ADDR: undefined, LEPTOS_RELOAD_PORT: undefined });
    const port = await freePort();
    scene.app.write('.env', dotenv(port, scene.reloadPort));
    scene.step('wait for the page on the new port');
    const moved = new Site(port);
    await scene.until(
      async () => (await moved.serverText()) === 'first',
      () => 'no page on the new port',
    );
    scene.took();
  },
};

function dotenv(site: number, reload: number): string {
  return `LEPTOS_SITE_ADDR=127.0.0.1:${site}\nLEPTOS_RELOAD_PORT=${reload}\n`;
}
