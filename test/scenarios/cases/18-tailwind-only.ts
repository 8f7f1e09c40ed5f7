import type { Scenario } from '../scenario.js';
import { tailwindOnly } from '../variants/special.js';
import { swapsColour } from './swaps-colour.js';

export const tailwind: Scenario = {
  number: 18,
  name: 'Tailwind only (no style-file): edit the input file: CSS changes without a reload',
  failsIf: 'the open tab keeps the old colour, or is reloaded for it',
  variant: tailwindOnly,
  limit: 30,
  run: (scene) => swapsColour(scene, 'style/tailwind.css'),
};
