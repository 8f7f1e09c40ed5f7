import { Failed } from '../driver/wait.js';
import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

/** Within this time (ms) a build must be under way. */
const SEEN_WITHIN_MS = 2_000;

/**
 * The app lies in an overlay mount and is edited in the layer below: the tool reads the new content, but no event is
 * raised, as in a Docker bind mount. leptos-fast is started with `--poll`; cargo-leptos has no such switch.
 */
export const noEvents: Scenario = {
  number: 25,
  name: 'No native file events (force polling): change seen within 2 s',
  failsIf: 'no build is under way 2 s after the save, or the new text does not arrive',
  variant: base,
  limit: 60,
  withoutEvents: true,
  cannotRun: () => (process.getuid?.() === 0 ? null : 'an overlay mount needs root'),
  async run(scene) {
    await scene.start();
    scene.app.say('second');
    const saved = scene.app.lastSave;
    scene.step('wait for a build');
    await scene.until(
      () => scene.builds.since(saved).length > 0,
      () => 'the change was never seen',
      saved + 20_000,
    );
    const late = (scene.builds.since(saved)[0]?.at ?? Date.now()) - saved;
    await scene.arrives('second');
    if (late > SEEN_WITHIN_MS) throw new Failed(`the change was seen only after ${(late / 1_000).toFixed(1)} s`);
  },
};
