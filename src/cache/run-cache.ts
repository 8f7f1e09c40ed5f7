import { configureDev } from '../build/dev-options.js';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { formatBytes } from '../ui/bytes.js';
import { CACHE_KINDS, type CacheKind } from './cache-figures.js';
import { cacheFolder, cacheLimit } from './cache-folder.js';
import { type CacheContent, DiskCache, type KindContent } from './disk-cache.js';
import { keptBindgenContent } from './kept-bindgen.js';

/** What `cache` was called with. */
export interface CacheOptions {
  /** As typed. */
  readonly action: string;
  readonly dir: string;
  readonly json: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
}

/** What people call the kinds. */
const KIND_NAMES: Readonly<Record<CacheKind, string>> = {
  hashes: 'hashes of the sources',
  metadata: 'answers of cargo metadata',
  'wasm-bindgen': 'output of wasm-bindgen',
};

/** Tells of a workspace's cache or deletes it. Errors: LF00x for the project, LF022 and LF023 for settings, LF022 for another action. */
export async function runCache(options: CacheOptions): Promise<Result<void, readonly LfError[]>> {
  const { action, dir, json, env, print } = options;
  if (action !== 'stats' && action !== 'clear') return err([unknownAction(action)]);
  const configured = await configureDev({ dir, flags: {}, env });
  if (!configured.ok) return configured;
  const { workspace, settings } = configured.value;
  const folder = cacheFolder(workspace);
  const maxBytes = cacheLimit(settings);
  const cache = new DiskCache({ folder, maxBytes });
  const bindgen = await keptBindgenContent(folder);
  const content = withBindgen(action === 'clear' ? await cache.clear() : await cache.content(), bindgen);
  if (json) print(`${JSON.stringify({ schema: 'leptos-fast cache', action, folder, ...content, maxBytes })}\n`);
  else if (action === 'clear') print(told(content, 'deleted', 'the cache was empty'));
  else print(`${told(content, `kept, of at most ${formatBytes(maxBytes)}`, 'the cache is empty')}${folder}\n`);
  return ok(undefined);
}

function withBindgen({ entries, bytes, byKind }: CacheContent, bindgen: KindContent): CacheContent {
  if (bindgen.entries === 0) return { entries, bytes, byKind };
  return {
    entries: entries + bindgen.entries,
    bytes: bytes + bindgen.bytes,
    byKind: { ...byKind, 'wasm-bindgen': bindgen },
  };
}

function told({ entries, bytes, byKind }: CacheContent, what: string, empty: string): string {
  if (entries === 0) return `${empty}\n`;
  const kinds = CACHE_KINDS.flatMap((kind) => {
    const of = byKind[kind];
    return of ? [`  ${KIND_NAMES[kind].padEnd(26)} ${formatBytes(of.bytes).padStart(9)}`] : [];
  });
  return [`${formatBytes(bytes)} ${what}`, ...kinds, ''].join('\n');
}

function unknownAction(action: string): LfError {
  return {
    code: 'LF022',
    message: `cache does not know "${action}"`,
    help: ['leptos-fast cache stats', 'leptos-fast cache clear'],
    exitCode: 2,
  };
}
