import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';

/**
 * Finds the Cargo.toml that counts in `dir`: its own or the nearest one above, as cargo does it.
 * Errors: LF001 when there is none (or no such folder), LF004 when it is there but cannot be read.
 */
export async function findManifest(dir: string): Promise<Result<string>> {
  const start = resolve(dir);
  const folder = await checkFolder(start);
  if (!folder.ok) return folder;

  for (let current = start; ; current = dirname(current)) {
    const manifestPath = join(current, 'Cargo.toml');
    const found = await tryManifest(manifestPath);
    if (!found.ok) return found;
    if (found.value) return ok(manifestPath);
    if (dirname(current) === current) return err(noManifest(start));
  }
}

async function checkFolder(dir: string): Promise<Result<void>> {
  try {
    if ((await stat(dir)).isDirectory()) return ok(undefined);
    return err({
      code: 'LF001',
      message: 'this is a file, not the folder of a project',
      where: { file: dir },
      help: [`Give the folder: leptos-fast dev ${quote(dirname(dir))}`],
      exitCode: 3,
    });
  } catch (error) {
    return err({
      code: 'LF001',
      message: 'there is no such folder',
      where: { file: dir },
      why: reason(error),
      help: ['Give the folder that holds the Cargo.toml of your Leptos project.'],
      exitCode: 3,
    });
  }
}

/** Is there a readable file at this path? `false` when there is nothing. */
async function tryManifest(manifestPath: string): Promise<Result<boolean>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(manifestPath);
    if ((await handle.stat()).isDirectory()) {
      return err(unreadable(manifestPath, 'Cargo.toml is a directory, not a file', 'Move that directory away.'));
    }
    return ok(true);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(false);
    // Windows refuses to open a directory at all.
    if (code === 'EISDIR') {
      return err(unreadable(manifestPath, 'Cargo.toml is a directory, not a file', 'Move that directory away.'));
    }
    return err(
      unreadable(
        manifestPath,
        'Cargo.toml cannot be read',
        'Give yourself the right to read this file, or mend the link.',
        reason(error),
      ),
    );
  } finally {
    await handle?.close();
  }
}

function noManifest(dir: string): LfError {
  return {
    code: 'LF001',
    message: 'no Cargo.toml here or in a folder above',
    where: { file: dir },
    help: [
      'Run this in the folder of your Leptos project, or name it: leptos-fast dev DIR',
      'A new project: cargo leptos new --git leptos-rs/start-axum',
    ],
    exitCode: 3,
  };
}

function unreadable(file: string, message: string, help: string, why?: string): LfError {
  return { code: 'LF004', message, where: { file }, ...(why === undefined ? {} : { why }), help: [help], exitCode: 3 };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function quote(path: string): string {
  return /^[\w./\\:-]+$/.test(path) ? path : JSON.stringify(path);
}
