import { resolve } from 'node:path';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { loadWorkspace } from '../project/model.js';
import { cacheFolder } from './cache-folder.js';
import { type CacheContent, DEFAULT_MAX_BYTES, DiskCache } from './disk-cache.js';

/** What `cache` was called with. */
export interface CacheOptions {
  /** As typed. */
  readonly action: string;
  readonly dir: string;
  readonly json: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
}

/** Tells of a workspace's cache or deletes it. Errors: LF00x for the project, LF022 for another action. */
export async function runCache({ action, dir, json, env, print }: CacheOptions): Promise<Result<void>> {
  if (action !== 'stats' && action !== 'clear') return err(unknownAction(action));
  const workspace = await loadWorkspace(resolve(dir), { env });
  if (!workspace.ok) return workspace;
  const folder = cacheFolder(workspace.value);
  const cache = new DiskCache({ folder });
  const content = action === 'clear' ? await cache.clear() : await cache.content();
  if (json)
    print(
      `${JSON.stringify({ schema: 'leptos-fast cache', action, folder, ...content, maxBytes: DEFAULT_MAX_BYTES })}\n`,
    );
  else print(action === 'clear' ? told(content, 'deleted') : `${told(content, 'kept')}${folder}\n`);
  return ok(undefined);
}

function told({ entries, bytes }: CacheContent, what: 'kept' | 'deleted'): string {
  if (entries === 0) return what === 'kept' ? 'the cache is empty\n' : 'the cache was empty\n';
  const limit = what === 'kept' ? ` of at most ${DEFAULT_MAX_BYTES / 1024 ** 2} MB` : '';
  const size = bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  return `hashes of the sources: ${size}${limit} ${what}\n`;
}

function unknownAction(action: string): LfError {
  return {
    code: 'LF022',
    message: `cache does not know "${action}"`,
    help: ['leptos-fast cache stats', 'leptos-fast cache clear'],
    exitCode: 2,
  };
}
