import { copyFileSync, cpSync, linkSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isInside } from '../core/paths.js';

/** What an entry of the assets folder is to cargo-leptos. */
type Kind = 'file' | 'folder' | 'linked-folder' | 'dangling';

/**
 * Names the entries below an assets folder that cargo-leptos cannot mirror: symlinks that lead nowhere or to a folder.
 * It exits when it meets one (0.3.11, compile/assets.rs: `fs::copy(from, to).await?`). A folder that cannot be read has
 * none.
 */
export function unfitLinks(folder: string): readonly string[] {
  const found: string[] = [];
  visit(folder, (path, kind) => {
    if (kind === 'dangling' || kind === 'linked-folder') found.push(relative(folder, path));
  });
  return found;
}

/**
 * Makes `staging` a copy of `folder` that cargo-leptos can mirror: without links that lead nowhere, and with what linked
 * folders hold. Files are hard links where the file system allows it, since cargo-leptos only reads them.
 */
export function stageAssets(folder: string, staging: string): void {
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  visit(folder, (path, kind) => {
    const to = join(staging, relative(folder, path));
    if (kind === 'folder') mkdirSync(to, { recursive: true });
    if (kind === 'file') linkOrCopy(path, to);
    // A link to a folder around this one would never end.
    if (kind === 'linked-folder' && !isInside(folder, realpathSync(path))) {
      cpSync(realpathSync(path), to, { recursive: true, dereference: true });
    }
  });
}

function visit(folder: string, onEntry: (path: string, kind: Kind) => void): void {
  for (const entry of readFolder(folder)) {
    const path = join(folder, entry.name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) onEntry(path, 'dangling');
    else if (!stats.isDirectory()) onEntry(path, 'file');
    else if (entry.isSymbolicLink()) onEntry(path, 'linked-folder');
    else {
      onEntry(path, 'folder');
      visit(path, onEntry);
    }
  }
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
