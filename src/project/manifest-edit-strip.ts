import { deleteLines, indentOf, joinLines } from './manifest-edit-lines.js';
import { findOwnedLines, isPathOfOurs, type OwnedLine, ownedKeys, PROFILE_PATH } from './manifest-edit-owned.js';
import { type KeySite, type Manifest, parseManifest, samePath, type TomlPath } from './manifest-edit-parse.js';
import { existsTable, findKey, rawValue } from './manifest-edit-values.js';

/**
 * Takes back what {@link insertSettings} wrote, from its marks alone: without other changes in between, every byte is as
 * before. What a user has added since stays. Keys for which `keep` says true become the user's own: their mark goes.
 */
export function stripOwned(manifest: Manifest, keep: (path: TomlPath) => boolean): string {
  const owned = findOwnedLines(manifest);
  const stripped = strip(manifest, owned, keep);
  const inherits = [...PROFILE_PATH, 'inherits'];
  const isOurs = ownedKeys(owned).some(({ path, isOfOwnProfile }) => isOfOwnProfile && samePath(path, inherits));
  const isOrphaned = isOurs && existsTable(stripped, PROFILE_PATH) && !findKey(stripped, inherits);
  // Cargo builds nothing while a profile lacks `inherits`: it stays with the keys that a user added to our profile.
  const result = isOrphaned ? strip(manifest, owned, (path) => keep(path) || samePath(path, inherits)) : stripped;
  return result.bom + result.text;
}

function strip(manifest: Manifest, owned: readonly OwnedLine[], keep: (path: TomlPath) => boolean): Manifest {
  const doomed = new Set<number>();
  const contents = new Map<number, string>();
  for (const line of owned) {
    if (line.kind === 'changed') contents.set(line.line, restoreLine(manifest, line, keep));
    else if (line.kind === 'key' && keep(line.site.path)) contents.set(line.line, withoutComment(manifest, line.line));
    else if (line.kind === 'key') for (const index of linesOf(line.site)) doomed.add(index);
  }
  for (const line of owned) {
    if (line.kind !== 'header') continue;
    if (line.container.keys.every((site) => linesOf(site).every((index) => doomed.has(index)))) {
      doomed.add(line.line);
      if (manifest.lines[line.line - 1]?.content === '') doomed.add(line.line - 1);
    } else {
      contents.set(line.line, withoutComment(manifest, line.line));
    }
  }
  const lines = manifest.lines.map((line, index) => ({ ...line, content: contents.get(index) ?? line.content }));
  const result = parseManifest(manifest.bom + joinLines(deleteLines(lines, doomed)), '');
  if (!result.ok) throw new Error(`taking the marked lines out left invalid TOML: ${result.error.why}`);
  return result.value;
}

function linesOf({ node }: KeySite): number[] {
  const first = node.loc.start.line - 1;
  return Array.from({ length: node.loc.end.line - node.loc.start.line + 1 }, (_, index) => first + index);
}

function withoutComment(manifest: Manifest, index: number): string {
  const content = manifest.lines[index]?.content ?? '';
  const comment = manifest.program.comments.find(({ loc }) => loc.start.line - 1 === index);
  return comment ? content.slice(0, comment.loc.start.column).trimEnd() : content;
}

/** The old line in full where only keys of ours differ; else the line as it is now, without those keys. */
function restoreLine(
  manifest: Manifest,
  { line, mark, before, differences }: Extract<OwnedLine, { kind: 'changed' }>,
  keep: (path: TomlPath) => boolean,
): string {
  const isOursAlone = differences.every((path) => isPathOfOurs(path, mark) && !keep(path));
  const current = withoutComment(manifest, line);
  if (isOursAlone) return indentOf(current) + (mark.was ?? '');
  const start = lineStart(manifest, line);
  const cuts: { start: number; end: number; text: string }[] = [];
  for (const site of manifest.keys) {
    if (site.node.loc.start.line - 1 !== line || site.node.loc.end.line - 1 !== line) continue;
    if (!isPathOfOurs(site.path, mark) || keep(site.path)) continue;
    if (!differences.some((path) => samePath(path, site.path))) continue;
    const old = findKey(before, site.path);
    const [from, to] = old ? site.node.value.range : cutRange(site);
    cuts.push({ start: from - start, end: to - start, text: old ? rawValue(before, old) : '' });
  }
  cuts.sort((a, b) => a.start - b.start);
  let result = '';
  let done = 0;
  for (const cut of cuts) {
    result += current.slice(done, Math.max(done, cut.start)) + cut.text;
    done = Math.max(done, cut.end);
  }
  return result + current.slice(done);
}

/** A key of an inline table with the comma that belongs to it: the one behind it, or for the last key the one before. */
function cutRange({ node, container }: KeySite): readonly [number, number] {
  const index = container.keys.findIndex((site) => site.node === node);
  const next = container.keys[index + 1];
  if (next) return [node.range[0], next.node.range[0]];
  const previous = container.keys[index - 1];
  return [previous ? previous.node.range[1] : node.range[0], node.range[1]];
}

function lineStart(manifest: Manifest, index: number): number {
  return manifest.lines.slice(0, index).reduce((sum, { content, eol }) => sum + content.length + eol.length, 0);
}
