import { type Estimate, median, medianEstimate, ratioEstimate } from '../record/statistics.js';
import type { Arm } from './candidate.js';
import type { EditTimes } from './measurer.js';

interface Sample {
  readonly turn: number;
  readonly times: EditTimes;
}

/** What was measured with one arm, turn by turn. */
export class ArmSamples {
  readonly arm: Arm;
  /** Why an edit could not be built with it; it then takes no further part. */
  broken: string | null = null;
  readonly #samples: Sample[] = [];

  constructor(arm: Arm) {
    this.arm = arm;
  }

  add(turn: number, times: EditTimes): void {
    this.#samples.push({ turn, times });
  }

  get count(): number {
    return this.#samples.length;
  }

  /** The median of the edits with its interval, in ms; null before the first. */
  get estimate(): Estimate | null {
    return medianEstimate(this.#samples.map(({ times }) => times.ms));
  }

  /** A median of parts; null before the first edit. */
  medianOf(part: (times: EditTimes) => number | null): number | null {
    return median(this.#samples.flatMap(({ times }) => part(times) ?? []));
  }

  /**
   * The time of an edit as a multiple of that with `base`, from the turns that both have taken: the machine was as busy
   * then for the one as for the other. Null without such a turn.
   */
  ratioTo(base: ArmSamples): Estimate | null {
    const turns = new Set(this.#samples.map(({ turn }) => turn));
    const baseTurns = new Set(base.#samples.map(({ turn }) => turn));
    return ratioEstimate(
      this.#samples.filter(({ turn }) => baseTurns.has(turn)).map(({ times }) => times.ms),
      base.#samples.filter(({ turn }) => turns.has(turn)).map(({ times }) => times.ms),
    );
  }
}

/** Whether the interval of a ratio lies below 1: faster beyond the noise. */
export function isFaster(ratio: Estimate | null): boolean {
  return ratio !== null && ratio.high < 1;
}

/** Whether it lies above 1. */
export function isSlower(ratio: Estimate | null): boolean {
  return ratio !== null && ratio.low > 1;
}
