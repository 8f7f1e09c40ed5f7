import { compareVersions } from '../doctor/versions.js';

/** The first cargo-leptos whose `watch-additional-files` takes change types (config/project.rs: `WatchAdditional`). */
export const FIRST_WITH_CHANGE_TYPES = '0.3.8';

/** The first one that runs wasm-bindgen as a command; older ones have one fixed version of it built in. */
export const FIRST_WITH_BINDGEN_COMMAND = '0.3.0';

/** What leptos-fast wants of cargo-leptos, and not every version can. */
export interface CargoLeptosAbilities {
  /** It can be asked for the build of one side; else only for those of both, and for no stylesheet. */
  readonly oneSide: boolean;
  /** What is missing, for people; nothing where all is there. */
  readonly missing: readonly string[];
}

/** What a version (`x.y.z`) can. One that could not be found out counts as new. */
export function abilitiesOf(version: string): CargoLeptosAbilities {
  const isBefore = (first: string) => /^\d+\.\d+\.\d+/.test(version) && compareVersions(version, first) < 0;
  const oneSide = !isBefore(FIRST_WITH_CHANGE_TYPES);
  const missing = [
    ...(isBefore(FIRST_WITH_BINDGEN_COMMAND)
      ? [`cargo-leptos ${version} was not tried with leptos-fast; the oldest that was is ${FIRST_WITH_BINDGEN_COMMAND}`]
      : []),
    ...(oneSide
      ? []
      : [
          `cargo-leptos ${version} cannot be asked for one side: where it misses a change of a stylesheet, it is started anew (${FIRST_WITH_CHANGE_TYPES} can)`,
        ]),
  ];
  return { oneSide, missing };
}
