import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { PackedText } from '../core/packed-text.js';
import { fingerprint, statId } from '../watch/content-hash.js';

/** Rust files above this size (bytes) are known by their hash only. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** A text that may name Rust files or folders for macros to read. */
const MAY_NAME_FILES = /\.rs"|include_dir|\bfolder\b/;

/** A file as it was when a side was built, or as it is now. */
export interface BuiltFile {
  /** Equal for equal bytes. */
  readonly content: string;
  /** The text of a Rust file; null for others. */
  readonly text: PackedText | null;
  /** May it name Rust files or folders for macros to read? */
  readonly mayNameFiles: boolean;
  /** What `stat` told; equal when nobody wrote the file in between. */
  readonly stat: string;
  /** When it was written or put in its place, in ms since the epoch. */
  readonly changedAt: number;
}

/** Reads a file; `null` where there is none. What `known` tells of it is taken when nobody has written it since. */
export async function readBuiltFile(path: string, known?: BuiltFile): Promise<BuiltFile | null> {
  const stats = await stat(path).catch(() => null);
  if (!stats?.isFile()) return null;
  // A file that was moved here keeps its time of writing, but not the time of its inode.
  const changedAt = Math.max(stats.mtimeMs, stats.ctimeMs);
  const seen = statId(stats);
  if (known?.stat === seen) return known;
  if (extname(path) === '.rs' && stats.size <= MAX_TEXT_BYTES) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return null;
    const packed = new PackedText(text);
    return { content: packed.id, text: packed, mayNameFiles: MAY_NAME_FILES.test(text), stat: seen, changedAt };
  }
  const found = await fingerprint(path);
  return found && { content: found.content, text: null, mayNameFiles: false, stat: seen, changedAt };
}

/**
 * May a macro or attribute that names `literal` read this file as data? File names count wherever they lie, and folders
 * (`$CARGO_MANIFEST_DIR/src`) with all that is in them.
 */
export function mayBeRead(path: string, literal: string): boolean {
  if (literal.endsWith('.rs')) return literal.includes('*') || basename(literal) === basename(path);
  const folder = literal.replace(/^\$\w+\/?/, '').replace(/^(\.?\/)+|\/+$/g, '');
  return folder === '' || folder.includes('..') || path.includes(`/${folder}/`);
}
