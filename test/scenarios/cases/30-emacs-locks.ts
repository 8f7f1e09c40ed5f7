import type { Scenario } from '../scenario.js';
import { base } from '../variants/base.js';

/** Where emacs puts such a link: it says who edits the file and points nowhere. */
const LOCK = 'ada@rockpool.4711:1790000000';

export const emacsLocks: Scenario = {
  number: 30,
  name: 'Emacs locks of edited files (dangling links) in src, style and public',
  failsIf: 'a lock ends the tool or keeps a save from the page',
  variant: base,
  limit: 60,
  async run(scene) {
    await scene.start();
    for (const lock of ['src/.#text.rs', 'style/.#main.css', 'public/.#note.txt']) scene.app.link(lock, LOCK);
    scene.app.write('public/note.txt', 'high water');
    scene.app.say('second');
    await scene.arrives('second');
    await scene.until(
      async () => (await scene.site.get('note.txt'))?.text === 'high water',
      () => 'the edited asset is not served',
    );
    for (const lock of ['src/.#text.rs', 'style/.#main.css', 'public/.#note.txt']) scene.app.delete(lock);
    scene.app.say('third');
    await scene.arrives('third');
  },
};
