import type { Scene } from '../driver/scene.js';
import { Failed } from '../driver/wait.js';

/** Edits the colour of the probe in a style file: the open tab must take it over without a reload. */
export async function swapsColour(scene: Scene, file: string): Promise<void> {
  await scene.start();
  await colourIs(scene, 'rgb(1, 1, 1)');
  await scene.tab.leaveNote();
  scene.step(`edit ${file}`);
  scene.app.edit(file, 'rgb(1, 1, 1)', 'rgb(7, 8, 9)');
  await colourIs(scene, 'rgb(7, 8, 9)');
  scene.took();
  if (!(await scene.tab.hasNote())) throw new Failed('the page was reloaded for a change of its style');
}

async function colourIs(scene: Scene, colour: string): Promise<void> {
  let seen: string | null = null;
  await scene.until(
    async () => {
      seen = await scene.tab.style('color');
      return seen === colour;
    },
    () => `the open tab shows the colour ${seen} instead of ${colour}`,
    Math.max(scene.app.lastSave, Date.now()) + 30_000,
  );
}
