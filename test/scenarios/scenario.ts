import type { Scene } from './driver/scene.js';
import type { Variant } from './variants/variant.js';

/** One thing that happens to people who write an app, and how it must end. */
export interface Scenario {
  /** As in the published list; 29 and above are additions. */
  readonly number: number;
  readonly name: string;
  /** What makes it fail: a scenario that can't fail shows nothing. */
  readonly failsIf: string;
  readonly variant: Variant;
  /** How long (s) after the last save the end state may take: what a person would wait. */
  readonly limit: number;
  /** Takes much longer than the others: where many runs are asked for, it gets three. */
  readonly slow?: boolean;
  /** The app lies on a file system that raises no events. */
  readonly withoutEvents?: boolean;
  /** Why it can't be run on this machine; null when it can. */
  readonly cannotRun?: () => string | null;
  /** Throws `Failed` with the reason. That the tool still runs at the end is checked afterwards. */
  run(scene: Scene): Promise<void>;
  /** The tool is meant to be ended by the scenario itself. */
  readonly endsTool?: boolean;
}
