import { variant } from './variant.js';

/** The sample app with the probe and nothing else. */
export const base = variant('base');
