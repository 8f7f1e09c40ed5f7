import { delimiter, join } from 'node:path';
import type { RustSide } from '../core/events.js';
import type { CargoRequest } from '../gate/protocol.js';
import { renderPath, renderValue } from '../project/manifest-edit-render.js';
import type { PresetEntry } from '../project/preset.js';
import type { Arm } from './candidate.js';
import { LINK_ARGS_VARIABLE } from './linker-wrapper.js';

/** What the calls of all arms have in common. */
export interface ArmCallOptions {
  /** The base's entries that stand in no manifest, and so come by `--config`. */
  readonly baseEntries: readonly PresetEntry[];
  readonly copyManifest: string;
  readonly targetDir: string;
  /** The linker wrapper's folder; null where no linker is tried. */
  readonly wrapperFolder: string | null;
}

/** The profile that a call of cargo builds with. */
export function profileOf({ args }: CargoRequest): string {
  const start = '--profile=';
  return args.find((arg) => arg.startsWith(start))?.slice(start.length) ?? 'dev';
}

/**
 * cargo-leptos's call as it is made for an arm: on the copy, into our target directory, with the arm's values of the profile.
 * All arms build into one target directory: cargo keeps what was built with other values apart by itself (the values go into
 * the hash that names each unit) and takes dependencies that an arm does not change as they are.
 */
export function armCall(side: RustSide, call: CargoRequest, arm: Arm, options: ArmCallOptions): CargoRequest {
  const profile = profileOf(call);
  const entries = [
    ...options.baseEntries,
    ...arm.candidates.flatMap((candidate) => candidate.entries),
    ...(side === 'server' ? arm.candidates.flatMap((candidate) => candidate.serverEntries ?? []) : []),
  ];
  const flags = arm.candidates.flatMap(({ rustcFlags }) => rustcFlags ?? []);
  // cargo takes the last of several `--config` for the same key.
  const config = entries.flatMap(({ path, value }) => [
    '--config',
    `${renderPath(['profile', profile, ...path])}=${renderValue(value)}`,
  ]);
  if (flags.length > 0) config.push('--config', `profile.${profile}.rustflags=${JSON.stringify(flags)}`);
  const own = call.args.filter((arg) => !arg.startsWith('--target-dir=') && !arg.startsWith('--manifest-path='));
  return {
    ...call,
    args: [
      ...own,
      `--manifest-path=${options.copyManifest}`,
      `--target-dir=${side === 'front' ? join(options.targetDir, 'front') : options.targetDir}`,
      ...config,
      ...new Set(arm.candidates.flatMap(({ cargoArgs }) => cargoArgs ?? [])),
    ],
    env: {
      ...call.env,
      ...(options.wrapperFolder !== null && {
        PATH: [options.wrapperFolder, call.env.PATH ?? ''].join(delimiter),
        [LINK_ARGS_VARIABLE]:
          side === 'server' ? arm.candidates.flatMap(({ linkArgs }) => linkArgs ?? []).join(' ') : '',
      }),
    },
  };
}
