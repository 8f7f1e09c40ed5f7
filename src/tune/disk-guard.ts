import { formatBytes } from '../ui/bytes.js';
import { diskUse } from './app-copy.js';
import { BASE, rebuildsOf } from './candidate.js';
import type { Measurer } from './measurer.js';
import { freeDisk } from './scratch-run.js';

/** A second set of dependencies may be larger than the first: with debug info in it, say. */
const MARGIN = 1.5;

/** A measurer that does not begin a first build for which the disk has no room; how much one takes it learns from the base's. */
export function withDiskGuard(measurer: Measurer, scratch: string): Measurer {
  let onceBytes = 0;
  return {
    build: (arm, until) => measurer.build(arm, until),
    warmUp: async (arm, until) => {
      if (arm === BASE) {
        const built = await measurer.warmUp(arm, until);
        onceBytes = await diskUse(scratch);
        return built;
      }
      const free = await freeDisk(scratch);
      const needed = rebuildsOf(arm) === 'all' ? onceBytes * MARGIN : 0;
      if (free < needed)
        return {
          kind: 'failed',
          why: `${formatBytes(free)} of disk are free, ${formatBytes(needed)} may be needed`,
        };
      return measurer.warmUp(arm, until);
    },
  };
}
