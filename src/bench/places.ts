import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';

/** Folders below which cargo-leptos 0.3.11 watches nothing: it would look as if no edit ever arrived. */
const UNWATCHED = ['target', 'debug'];

/** Where `bench` keeps its projects and what is built of them. */
export interface Places {
  readonly home: string;
  /** A project's copy for a tool. */
  project(tool: string, project: string): string;
  /** The cargo target directory of a tool, for all its projects: they share their dependencies. */
  target(tool: string): string;
  log(tool: string, project: string): string;
  /** For a session's own small files. */
  readonly scratch: string;
}

/** The folder that is meant: `--dir`, else `bench` in the usual place for what can be made again. */
export function homeFolder(dir: string | undefined, env: NodeJS.ProcessEnv): string {
  return dir === undefined ? join(cacheFolder(env), 'bench') : resolve(dir);
}

/** The places in a folder (links followed: cargo names no others). Error: LF060 for one in which nobody watches files. */
export function choosePlaces(home: string): Result<Places> {
  const unwatched = home.split(sep).find((name) => UNWATCHED.includes(name));
  if (unwatched !== undefined) return err(nobodyWatches(home, unwatched));
  return ok({
    home,
    project: (tool, project) => join(home, 'projects', tool, project),
    target: (tool) => join(home, 'target', tool),
    log: (tool, project) => join(home, 'logs', `${project}-${tool}.log`),
    scratch: join(home, 'scratch'),
  });
}

/** `LEPTOS_FAST_CACHE`, else where the system keeps such things. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env.LEPTOS_FAST_CACHE) return resolve(env.LEPTOS_FAST_CACHE);
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'leptos-fast');
  const home = env.HOME || homedir();
  return process.platform === 'darwin' ? join(home, 'Library/Caches/leptos-fast') : join(home, '.cache/leptos-fast');
}

function nobodyWatches(home: string, name: string): LfError {
  return {
    code: 'LF060',
    message: `nothing can be measured below a folder named "${name}"`,
    where: { file: home },
    why: 'cargo-leptos watches no file there.',
    help: ['leptos-fast bench --dir FOLDER'],
    exitCode: 2,
  };
}
