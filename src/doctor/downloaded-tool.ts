import { join } from 'node:path';
import type { System } from './system.js';

/**
 * The folder into which cargo-leptos has downloaded a tool, or `undefined`: `NAME-VERSION/NAME-VERSION` in its cache folder
 * (0.3.11: `ExeMeta::cached` and `get_cache_dir` in ext/exe.rs).
 */
export async function downloadedTool(name: string, version: string, system: System): Promise<string | undefined> {
  const cache = cacheFolder(system);
  if (cache === undefined) return undefined;
  const folder = join(cache, 'cargo-leptos', `${name}-${version}`, `${name}-${version}`);
  return (await system.list(folder)).length > 0 ? folder : undefined;
}

/** Are there downloads for this platform at all? (0.3.11: `os_arch` in ext/util.rs and the `download_url`s in ext/exe.rs.) */
export function canDownload({ platform, arch }: System): boolean {
  if (platform === 'win32') return arch === 'x64';
  return ['linux', 'darwin'].includes(platform) && ['x64', 'arm64'].includes(arch);
}

/** As the crate `dirs` has it. */
function cacheFolder({ platform, env }: System): string | undefined {
  const home = env.HOME ?? env.USERPROFILE;
  if (platform === 'win32') return env.LOCALAPPDATA;
  if (home === undefined) return undefined;
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  return env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(home, '.cache');
}
