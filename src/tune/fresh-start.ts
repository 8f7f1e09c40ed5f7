import { BASE } from './candidate.js';
import type { Measurer } from './measurer.js';

/** A measurer whose first build begins anew, after `clear`, should it fail on what was copied to begin with. */
export function withFreshStart(measurer: Measurer, clear: () => Promise<void>): Measurer {
  return {
    build: (arm, until) => measurer.build(arm, until),
    warmUp: async (arm, until) => {
      const built = await measurer.warmUp(arm, until);
      if (arm !== BASE || built.kind !== 'failed') return built;
      await clear();
      return measurer.warmUp(arm, until);
    },
  };
}
