import { err, ok, type Result } from '../core/result.js';
import type { LeptosProject, Workspace } from '../project/model.js';
import {
  DEFAULT_PRESET,
  filterByLockfile,
  loadPreset,
  PROFILE_NAME,
  presetToCargoConfigArgs,
  presetToDevEnv,
} from '../project/preset.js';

export interface FastModeOptions {
  readonly fast: boolean;
  /** `--preset`; absent when the user did not choose. */
  readonly preset?: string;
  readonly gate: boolean;
}

/** How the fast mode comes to cargo. */
export interface FastMode {
  /** For people: `balanced profile`, `profile dev-fast of Cargo.toml`, `plain dev profile`. */
  readonly mode: string;
  /** What the gate writes into `lib-profile-dev` and `bin-profile-dev`. */
  readonly profiles?: { readonly lib: string; readonly bin: string };
  /** What the gate adds to `cargo build`. */
  readonly buildArgs: readonly string[];
  /** Variables for cargo-leptos and all below it. */
  readonly env: Readonly<Record<string, string>>;
}

/** The app gets so many seconds to end in order before it is killed; cargo-leptos's own default of 10 is a long restart. */
const SHUTDOWN_TIMEOUT_S = '1';

/**
 * Decides on profile and environment. A profile that the user chose in the manifest stays, `init`'s too, unless
 * `--preset` says otherwise. Else the preset comes in through the gate, or without the gate as `CARGO_PROFILE_DEV_*`.
 * What the user's environment sets already wins. Error: LF020 for an unknown preset.
 */
export async function fastMode(
  options: FastModeOptions,
  workspace: Workspace,
  project: LeptosProject,
  userEnv: NodeJS.ProcessEnv,
): Promise<Result<FastMode>> {
  const loaded = await loadPreset(options.preset ?? DEFAULT_PRESET);
  if (!loaded.ok) return err(loaded.error);
  const shutdown = unlessSet(userEnv, { LEPTOS_GRACEFUL_SHUTDOWN_TIMEOUT_SECS: SHUTDOWN_TIMEOUT_S });
  if (!options.fast) return ok({ mode: 'plain dev profile', buildArgs: [], env: shutdown });

  const { libProfileDev: lib, binProfileDev: bin } = project.config;
  if (options.preset === undefined && (lib !== undefined || bin !== undefined)) {
    const mode = `${lib === bin ? `profile ${lib}` : `profiles ${lib ?? 'dev'} and ${bin ?? 'dev'}`} of Cargo.toml`;
    return ok({ mode, buildArgs: [], env: shutdown });
  }
  const preset = filterByLockfile(loaded.value, new Set(workspace.lockedCrates.keys()));
  if (options.gate) {
    // Where the manifest has a profile of ours, cargo would mix the two.
    const name = lib === undefined && bin === undefined ? PROFILE_NAME : `${PROFILE_NAME}-${preset.name}`;
    return ok({
      mode: `${preset.name} profile`,
      profiles: { lib: name, bin: name },
      buildArgs: presetToCargoConfigArgs(preset, name),
      env: shutdown,
    });
  }
  const env = { ...shutdown, ...unlessSet(userEnv, presetToDevEnv(preset)) };
  return ok({ mode: `${preset.name} profile (without its entries for single crates)`, buildArgs: [], env });
}

function unlessSet(userEnv: NodeJS.ProcessEnv, wanted: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => userEnv[name] === undefined));
}
