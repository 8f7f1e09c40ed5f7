import type { EditKind } from '../edit-kind.js';
import type { Estimate } from '../statistics.js';

/** One thing that would make the loop faster on this machine, and what it rests on. */
export interface Advice {
  /** Stable, also between sessions: `debug-info`, `split-crate:app`. */
  readonly id: string;
  /** What to do, in one line. */
  readonly title: string;
  /** The figures of this history that speak for it, a line each. */
  readonly evidence: readonly string[];
  /** What it should save (ms for each edit of the kind); null where nothing measured tells. */
  readonly gain: { readonly ms: number; readonly of: EditKind } | null;
  /** What it costs, in one line. */
  readonly cost: string;
  /** The command that applies or tries it; null where only a person can. */
  readonly command: string | null;
  readonly state: AdviceState;
}

/** Whether it was followed, and what came of it. */
export type AdviceState =
  | { readonly kind: 'open' }
  /** Followed at a time (ms since the epoch); too few edits since then to tell. */
  | { readonly kind: 'followed'; readonly at: number }
  /** Followed, with the medians (ms) of the edits before and after it, and how many times the one before the one after is. */
  | {
      readonly kind: 'checked';
      readonly at: number;
      readonly beforeMs: number;
      readonly afterMs: number;
      /** It helped where `high` is below 1; an interval that holds 1 is no difference beyond the noise. */
      readonly ratio: Estimate;
    };

/** Did a checked advice help? */
export function verdictOf({ ratio }: { readonly ratio: Estimate }): 'faster' | 'slower' | 'no difference' {
  if (ratio.high < 1) return 'faster';
  return ratio.low > 1 ? 'slower' : 'no difference';
}
