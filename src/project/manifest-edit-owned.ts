import { indentOf, joinLines } from './manifest-edit-lines.js';
import { isOfOwnProfile, type Mark, parseMark } from './manifest-edit-marks.js';
import {
  type Container,
  type KeySite,
  type Manifest,
  parseManifest,
  pathId,
  startsWith,
  type TomlPath,
} from './manifest-edit-parse.js';
import { existsTable, valuesOf } from './manifest-edit-values.js';
import { PROFILE_NAME, TUNED_NAME } from './preset-names.js';

/** The table that a preset fills. */
export const PROFILE_PATH = ['profile', PROFILE_NAME] as const;

/** The keys of the Leptos metadata that choose the profile. Source: cargo-leptos 0.3.11, `ProjectConfig`. */
export const METADATA_KEYS = ['lib-profile-dev', 'bin-profile-dev'] as const;

/** A line that leptos-fast wrote and its user has left marked as such. */
export type OwnedLine =
  | { readonly kind: 'key'; readonly line: number; readonly mark: Mark; readonly site: KeySite }
  | { readonly kind: 'header'; readonly line: number; readonly mark: Mark; readonly container: Container }
  | {
      readonly kind: 'changed';
      readonly line: number;
      readonly mark: Mark;
      /** The manifest with this one line as it was. */
      readonly before: Manifest;
      /** What differs now: keys of ours, and whatever the user changed on the same line since. */
      readonly differences: readonly TomlPath[];
    };

/** A key that leptos-fast set. */
export interface OwnedKey {
  readonly path: TomlPath;
  readonly mark: Mark;
  /** There was a line before, so that its user has once agreed to a change of it. */
  readonly isReplacement: boolean;
  /** The profile as a whole was created by leptos-fast. */
  readonly isOfOwnProfile: boolean;
}

/** Finds every marked line. A mark that stands alone, or on a line that we would not write, is nobody's. */
export function findOwnedLines(manifest: Manifest): OwnedLine[] {
  return manifest.program.comments.flatMap((comment): OwnedLine[] => {
    const mark = parseMark(manifest.text.slice(...comment.range));
    if (!mark) return [];
    const line = comment.loc.start.line - 1;
    const isAlone = manifest.lines[line]?.content.slice(0, comment.loc.start.column).trim() === '';
    if (isAlone) return [];
    if (mark.was !== undefined) return changedLine(manifest, line, mark, mark.was);
    const container = manifest.containers.find(
      ({ kind, node }) => kind === 'header' && node.loc.start.line - 1 === line,
    );
    if (container) return [{ kind: 'header', line, mark, container }];
    const site = manifest.keys.find((key) => standsAlone(manifest, key, line));
    return site ? [{ kind: 'key', line, mark, site }] : [];
  });
}

/** The keys behind the marked lines. */
export function ownedKeys(lines: readonly OwnedLine[]): OwnedKey[] {
  return lines.flatMap((owned): OwnedKey[] => {
    const { mark } = owned;
    if (owned.kind === 'header') return [];
    if (owned.kind === 'key') {
      return [{ path: owned.site.path, mark, isReplacement: false, isOfOwnProfile: isOfOwnProfile(mark) }];
    }
    const isNew = !existsTable(owned.before, PROFILE_PATH);
    const known = valuesOf(owned.before);
    return owned.differences
      .filter((path) => isPathOfOurs(path, mark))
      .map((path) => {
        return { path, mark, isReplacement: known.has(pathId(path)), isOfOwnProfile: isNew };
      });
  });
}

/** Keys that presets of any version have set, in the profile as a whole and for build scripts. May only grow. */
const PROFILE_KEYS = new Set(['inherits', 'opt-level', 'debug', 'incremental', 'codegen-units', 'lto', 'panic']);

/** What only `tune` sets: on a line with another mark they are the user's. */
const TUNED_PROFILE_KEYS = new Set(['split-debuginfo', 'strip']);
const TUNED_PACKAGE_KEYS = new Set(['codegen-units', 'debug']);

/** Whether the mark's writer may have set this key at all: one that presets have, or one of the two in the Leptos metadata. */
export function isPathOfOurs(path: TomlPath, mark: Mark): boolean {
  const key = String(path.at(-1));
  if (!startsWith(path, PROFILE_PATH)) return path.includes('leptos') && METADATA_KEYS.some((known) => known === key);
  const isTuned = mark.preset === TUNED_NAME;
  const [table, ...rest] = path.slice(PROFILE_PATH.length);
  if (table === 'package')
    return rest.length === 2 && (key === 'opt-level' || (isTuned && TUNED_PACKAGE_KEYS.has(key)));
  if (table === 'build-override') return rest.length === 1 && PROFILE_KEYS.has(key);
  return rest.length === 0 && (PROFILE_KEYS.has(key) || (isTuned && TUNED_PROFILE_KEYS.has(key)));
}

/** Whether a key has its lines to itself, apart from a comma and the comment on `line`. */
function standsAlone(manifest: Manifest, { node }: KeySite, line: number): boolean {
  if (node.loc.end.line - 1 !== line) return false;
  const before = manifest.lines[node.loc.start.line - 1]?.content.slice(0, node.loc.start.column) ?? '';
  const after = manifest.lines[line]?.content.slice(node.loc.end.column) ?? '';
  return before.trim() === '' && /^[ \t]*,?[ \t]*#/.test(after);
}

function changedLine(manifest: Manifest, line: number, mark: Mark, was: string): OwnedLine[] {
  const lines = manifest.lines.map((other, index) =>
    index === line ? { ...other, content: indentOf(other.content) + was } : other,
  );
  const before = parseManifest(joinLines(lines), '');
  if (!before.ok) return [];
  const now = valuesOf(manifest);
  const then = valuesOf(before.value);
  const differences = [...new Set([...now.keys(), ...then.keys()])]
    .filter((id) => now.get(id) !== then.get(id))
    .map((id) => JSON.parse(id) as TomlPath);
  return [{ kind: 'changed', line, mark, before: before.value, differences }];
}
