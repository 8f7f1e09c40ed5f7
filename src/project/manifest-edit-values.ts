import { getStaticTOMLValue } from 'toml-eslint-parser';
import { type KeySite, type Manifest, pathId, samePath, startsWith, type TomlPath } from './manifest-edit-parse.js';
import type { ManifestValue } from './manifest-edit-render.js';

/** Every plain value of a document by its path (see {@link pathId}), as a string that differs when the value does. */
export type ValueMap = ReadonlyMap<string, string>;

/** What a document says, without how it says it. Empty tables say nothing; arrays that hold tables are taken apart. */
export function valuesOf(manifest: Manifest): ValueMap {
  const values = new Map<string, string>();
  const visit = (path: TomlPath, value: unknown): void => {
    if (isTable(value)) {
      for (const [key, inner] of Object.entries(value)) visit([...path, key], inner);
    } else if (Array.isArray(value) && value.some((element) => isTable(element))) {
      value.forEach((element, index) => void visit([...path, index], element));
    } else {
      values.set(
        pathId(path),
        JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)),
      );
    }
  };
  visit([], getStaticTOMLValue(manifest.program));
  return values;
}

/** The `key = value` that stands for a path, if there is one. */
export function findKey(manifest: Manifest, path: TomlPath): KeySite | undefined {
  return manifest.keys.find((site) => samePath(site.path, path));
}

/** The plain value of a `key = value`; undefined when it holds a table, an array or a date. */
export function plainValue(site: KeySite): ManifestValue | undefined {
  const { value } = site.node;
  if (value.type !== 'TOMLValue') return undefined;
  return typeof value.value === 'object' ? undefined : value.value;
}

/** A value as the user wrote it. */
export function rawValue(manifest: Manifest, site: KeySite): string {
  return manifest.text.slice(...site.node.value.range);
}

/** Whether any key or table stands at a path or below it. */
export function existsTable(manifest: Manifest, path: TomlPath): boolean {
  return (
    manifest.containers.some((container) => startsWith(container.path, path)) ||
    manifest.keys.some((site) => site.path.length > path.length && startsWith(site.path, path))
  );
}

/** Cargo knows several spellings of the same `debug` level; all other values are the same when they are equal. */
export function sameValue(path: TomlPath, a: ManifestValue | undefined, b: ManifestValue | undefined): boolean {
  if (a === b) return true;
  if (path.at(-1) !== 'debug') return false;
  const level = debugLevel(a);
  return level !== undefined && level === debugLevel(b);
}

function debugLevel(value: ManifestValue | undefined): number | undefined {
  switch (value) {
    case false:
    case 0:
    case 'none':
      return 0;
    case 1:
    case 'limited':
      return 1;
    case true:
    case 2:
    case 'full':
      return 2;
    default:
      return undefined;
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
