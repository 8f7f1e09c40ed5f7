import { relative } from 'node:path';
import type { RustSide, Side } from '../core/events.js';
import type { PlannedChange } from '../plan/last-built.js';
import type { Classifier } from '../watch/classify.js';
import type { FileChange } from '../watch/source-watcher.js';

/** A set of changes, sorted by what it touches. */
export interface SortedChanges {
  /** Relative to the workspace. */
  readonly files: readonly string[];
  readonly sides: ReadonlySet<Side>;
  /** For people: what kinds of files they are. */
  readonly what: string;
  /** Sources, which may or may not reach their sides: to be looked at. */
  readonly sources: readonly PlannedChange[];
  /** Sides that are built whatever is in the files: a manifest, a build script, JavaScript for the bundle. */
  readonly unconditional: ReadonlySet<RustSide>;
}

/** Kinds of files of which LastBuilt knows what a build has read. */
const SOURCES: ReadonlySet<string> = new Set(['Rust source', 'included file']);

/** Sorts changed files (absolute) by the sides that they may reach. */
export function sortChanges(changes: readonly FileChange[], root: string, classifier: Classifier): SortedChanges {
  const files: string[] = [];
  const sides = new Set<Side>();
  const whats = new Set<string>();
  const sources: PlannedChange[] = [];
  const unconditional = new Set<RustSide>();
  for (const { path } of changes) {
    const found = classifier.classify(path);
    if (!found) continue;
    files.push(relative(root, path));
    whats.add(found.what);
    for (const side of found.sides) sides.add(side);
    const rustSides = found.sides.filter((side) => side === 'front' || side === 'server');
    if (SOURCES.has(found.what)) sources.push({ path, sides: rustSides });
    else for (const side of rustSides) unconditional.add(side);
  }
  return { files, sides, what: [...whats].join(', '), sources, unconditional };
}
