import type { Scenario } from '../scenario.js';
import { sass } from '../variants/special.js';
import { swapsColour } from './swaps-colour.js';

export const sassPartial: Scenario = {
  number: 19,
  name: 'Edit a Sass partial that main.scss uses: CSS changes without a reload',
  failsIf: 'the open tab keeps the old colour, or is reloaded for it',
  variant: sass,
  limit: 30,
  run: (scene) => swapsColour(scene, 'style/_probe.scss'),
};
