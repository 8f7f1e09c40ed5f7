import { sayInRust, TEXT_FILE } from '../driver/app.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';
import { OUTPUT } from '../variants/variant.js';

export const startBroken: Scenario = {
  number: 8,
  name: 'Start with broken code, then mend it: page comes up with its CSS',
  failsIf: 'the tool ends, no page comes after the code is mended, or it comes without its CSS',
  variant: base,
  limit: 90,
  async run(scene) {
    scene.app.write(TEXT_FILE, 'pub const TEXT: &str = no_such_thing;\n');
    scene.startTool();
    await scene.tells([/no_such_thing/], 0);
    const broken = scene.app.lastSave;
    await scene.until(
      () => !scene.builds.isRunning(broken),
      () => 'the failed build goes on',
    );
    scene.app.write(TEXT_FILE, sayInRust('mended'));
    await scene.firstPage();
    await scene.arrives('mended');
    scene.step('the CSS is there');
    await scene.until(
      async () => (await scene.site.get(`pkg/${OUTPUT}.css`))?.text.includes('--accent') ?? false,
      () => 'the page has no CSS',
    );
  },
};
