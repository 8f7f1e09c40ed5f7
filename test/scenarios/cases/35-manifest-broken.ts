import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const manifestBroken: Scenario = {
  number: 35,
  name: 'Syntax error in Cargo.toml with an edit, then Cargo.toml mended',
  failsIf: 'the tool ends, or the edit does not arrive when the manifest is whole again',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    const manifest = scene.app.read('Cargo.toml');
    const mark = scene.tool.mark;
    scene.app.write('Cargo.toml', manifest.replace('[dependencies]', '[dependencies'));
    scene.app.say('second');
    await scene.tells([/Cargo\.toml/], mark);
    const broken = scene.app.lastSave;
    await scene.until(
      () => !scene.builds.isRunning(broken),
      () => 'the failed build goes on',
    );
    scene.app.write('Cargo.toml', manifest);
    await scene.arrives('second');
  },
};
