import type { BuildRecord } from './build-record.js';
import { changePoints } from './change-point.js';
import { byKind, type EditKind } from './edit-kind.js';
import type { Estimate } from './statistics.js';
import { type StepChange, stepChanges } from './step-changes.js';

/** The newest batches of a kind that are looked at. */
const LOOKED_AT = 1_000;

/** Noise hides at which save exactly the level changed: what came with it is looked for so many saves before and after. */
const LOCATED_WITHIN = 3;

/** From one batch to the next, edits of a kind became slower or faster for good. */
export interface LevelChange {
  readonly kind: EditKind;
  /** The first batch of the new level, in ms since the epoch. */
  readonly at: number;
  /** Medians (ms) of the levels. */
  readonly before: number;
  readonly after: number;
  readonly ratio: Estimate;
  readonly isRegression: boolean;
  /** The commits shortly before and after; null where there was none. */
  readonly commitBefore: string | null;
  readonly commitAfter: string | null;
  /** What else was different from one to the other: `profile: balanced → debuggable`. */
  readonly cameWith: readonly string[];
  /** The steps of the builds that make up the difference, the largest part first. */
  readonly steps: readonly StepChange[];
}

/** Where edits changed their level, newest first. `arrived` is oldest first. */
export function levelChanges(
  arrived: readonly (BuildRecord & { readonly contentMs: number })[],
): readonly LevelChange[] {
  const changes = [...byKind(arrived)].flatMap(([kind, own]) => {
    if (kind === 'first build' || kind === 'asked for') return [];
    const builds = own.slice(-LOOKED_AT);
    return changePoints(builds.map(({ contentMs }) => contentMs)).flatMap(({ index, before, after, ratio }) => {
      const now = builds[index];
      const old = builds[Math.max(0, index - LOCATED_WITHIN)];
      const settled = builds[Math.min(builds.length, index + LOCATED_WITHIN) - 1];
      if (!old || !now || !settled) return [];
      return {
        kind,
        at: now.at,
        before,
        after,
        ratio,
        isRegression: after > before,
        commitBefore: old.git?.commit ?? null,
        commitAfter: settled.git?.commit ?? null,
        cameWith: differences(old, settled),
        steps: stepChanges(builds, index, after - before),
      };
    });
  });
  return changes.sort((a, b) => b.at - a.at);
}

function differences(old: BuildRecord, now: BuildRecord): readonly string[] {
  const settings: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['mode', old.mode, now.mode],
    ['rustc', old.versions.rustc, now.versions.rustc],
    ['cargo-leptos', old.versions.cargoLeptos, now.versions.cargoLeptos],
    ['leptos-fast', old.versions.leptosFast, now.versions.leptosFast],
    ['branch', old.git?.branch, now.git?.branch],
  ];
  return settings.flatMap(([name, before, after]) =>
    before === after ? [] : [`${name}: ${before ?? 'none'} → ${after ?? 'none'}`],
  );
}
