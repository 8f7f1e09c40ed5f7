import type { CargoRequest } from '../../gate/protocol.js';
import { renderPath, renderValue } from '../../project/manifest-edit-render.js';
import type { PresetEntry } from '../../project/preset.js';

/** cargo-leptos sets it for every build but releases (compile/front.rs in 0.3.11). */
const ERASE_COMPONENTS = /--cfg[= ]erase_components/g;

/** The call of a development build as one of a release, with settings of its profile, into a target directory of ours. */
export function releaseCall(
  { args, env, ...call }: CargoRequest,
  { profile, entries, targetDir }: { profile: string; entries: readonly PresetEntry[]; targetDir: string },
): CargoRequest {
  const own = args.filter((arg) => !/^--(profile|target-dir)=/.test(arg));
  const config = entries.flatMap(({ path, value }) => [
    '--config',
    `${renderPath(['profile', profile, ...path])}=${renderValue(value)}`,
  ]);
  const { RUSTFLAGS: flags, ...variables } = env;
  const left = flags?.replace(ERASE_COMPONENTS, '').trim() ?? '';
  return {
    ...call,
    args: [...own, `--profile=${profile}`, `--target-dir=${targetDir}`, ...config],
    env: { ...variables, ...(left !== '' && { RUSTFLAGS: left }) },
  };
}
