import { TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

export const addDependency: Scenario = {
  number: 15,
  name: 'Add a dependency in Cargo.toml',
  failsIf: 'the page does not come though the code compiles since the dependency was added',
  variant: base,
  limit: 90,
  async run(scene) {
    // The crate is in the lock file already: nothing needs the network.
    await scene.start({ CARGO_NET_OFFLINE: 'true' });
    const mark = scene.tool.mark;
    scene.app.write(
      TEXT_FILE,
      `pub const TEXT: &str = "with a dependency";\npub static WORDS: once_cell::sync::OnceCell<u8> = once_cell::sync::OnceCell::new();\n`,
    );
    await scene.tells([/once_cell/, /error/i], mark);
    const broken = scene.app.lastSave;
    await scene.until(
      () => !scene.builds.isRunning(broken),
      () => 'the failed build goes on',
    );
    scene.app.edit('Cargo.toml', '[dependencies]\n', '[dependencies]\nonce_cell = "1"\n');
    await scene.arrives('with a dependency');
  },
};
