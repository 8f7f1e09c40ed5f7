import type { Side } from '../core/events.js';

/** What the gate tells cargo-leptos through `cargo metadata`, and no flag or variable could. */
export interface MetadataRewrite {
  /** The Leptos project's name: the package's, or the `name` of its `[[workspace.metadata.leptos]]`. */
  readonly project: string;
  /** Sets `lib-profile-dev` and `bin-profile-dev`; absent where the manifest's own choice stays. */
  readonly profiles?: { readonly lib: string; readonly bin: string };
  /** Where the assets and the site are to be, where that is not what the project says; absolute. */
  readonly assetsDir?: string;
  readonly siteRoot?: string;
  /** Folders that ask for one side's build when something is written into them. */
  readonly triggers: ReadonlyMap<Side, readonly string[]>;
  /** False for a cargo-leptos that takes plain paths alone, and asks for both sides when something happens there. */
  readonly changeTypes: boolean;
}

/** cargo-leptos 0.3.8 to 0.3.11, compile/change.rs: `enum Change`, kebab-case. */
const CHANGE_TYPE: Record<Side, string> = {
  front: 'lib-source',
  server: 'bin-source',
  style: 'style',
  assets: 'asset',
};

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Rewrites the Leptos settings in the JSON that `cargo metadata` printed; everything else stays as it was.
 * Text that is not the expected JSON is returned unchanged: cargo-leptos will say what it thinks of it.
 */
export function rewriteMetadata(text: string, rewrite: MetadataRewrite): string {
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isObject(metadata)) return text;
  const settings = findSettings(metadata, rewrite.project);
  if (!settings) return text;
  applyRewrite(settings, rewrite);
  return JSON.stringify(metadata);
}

function findSettings(metadata: JsonObject, project: string): JsonObject | null {
  const workspace = isObject(metadata.metadata) ? metadata.metadata.leptos : undefined;
  if (Array.isArray(workspace)) {
    const found = workspace.find((entry) => isObject(entry) && entry.name === project);
    if (isObject(found)) return found;
  }
  const packages = Array.isArray(metadata.packages) ? metadata.packages : [];
  for (const entry of packages) {
    if (!isObject(entry) || entry.name !== project || !isObject(entry.metadata)) continue;
    const leptos = entry.metadata.leptos;
    if (isObject(leptos)) return leptos;
  }
  return null;
}

function applyRewrite(settings: JsonObject, rewrite: MetadataRewrite): void {
  const { profiles, triggers, changeTypes, assetsDir, siteRoot } = rewrite;
  if (assetsDir !== undefined) settings['assets-dir'] = assetsDir;
  if (siteRoot !== undefined) settings['site-root'] = siteRoot;
  if (profiles) {
    settings['lib-profile-dev'] = profiles.lib;
    settings['bin-profile-dev'] = profiles.bin;
  }
  const own = settings['watch-additional-files'];
  settings['watch-additional-files'] = [
    ...(Array.isArray(own) ? own : []),
    ...[...triggers].flatMap<unknown>(([side, paths]) =>
      changeTypes ? [{ paths, 'change-types': [CHANGE_TYPE[side]] }] : paths,
    ),
  ];
}
