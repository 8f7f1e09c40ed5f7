import { freePort } from '../driver/ports.js';
import { Site } from '../driver/site.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const portInManifest: Scenario = {
  number: 36,
  name: 'Change the port in Cargo.toml',
  failsIf: 'the page does not come on the new port',
  variant: base,
  limit: 60,
  async run(scene) {
    const old = `"127.0.0.1:${scene.sitePort}"`;
    scene.app.edit('Cargo.toml', '"127.0.0.1:3000"', old);
    scene.app.edit('Cargo.toml', 'reload-port = 3001', `reload-port = ${scene.reloadPort}`);
    await scene.start({ LEPTOS_SITE_ADDR: undefined, LEPTOS_RELOAD_PORT: undefined });
    const moved = new Site(await freePort());
    scene.app.edit('Cargo.toml', old, JSON.stringify(new URL(moved.url).host));
    scene.step('wait for the page on the new port');
    await scene.until(
      async () => (await moved.serverText()) === 'first',
      () => 'no page on the new port',
    );
    scene.took();
  },
};
