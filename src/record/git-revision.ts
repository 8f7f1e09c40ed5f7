import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Revision } from './build-record.js';

/** Digits of a commit that are kept. */
const DIGITS = 12;
/** References may refer to others; more than so many are a circle. */
const MAX_STEPS = 5;

/**
 * The commit that is checked out where `dir` lies, read from `.git` without starting git; null where there is none, or where
 * it is kept in a way that this does not know. Knows HEAD, loose and packed references, worktrees and submodules
 * (gitrepository-layout(5)).
 */
export async function gitRevision(dir: string): Promise<Revision | null> {
  try {
    const gitDir = await findGitDir(dir);
    if (gitDir === null) return null;
    // A worktree has its own HEAD and shares the references.
    const common = await readFile(join(gitDir, 'commondir'), 'utf8').then(
      (text) => resolve(gitDir, text.trim()),
      () => gitDir,
    );
    const head = (await readFile(join(gitDir, 'HEAD'), 'utf8')).trim();
    const commit = await follow(head, [gitDir, common]);
    if (commit === null) return null;
    const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
    return { commit: commit.slice(0, DIGITS), ...(branch !== undefined && { branch }) };
  } catch {
    return null;
  }
}

async function findGitDir(dir: string): Promise<string | null> {
  const path = join(dir, '.git');
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory()) return path;
  if (stats?.isFile()) {
    const target = /^gitdir: (.+)$/m.exec(await readFile(path, 'utf8'))?.[1];
    return target === undefined ? null : resolve(dir, target.trim());
  }
  const parent = dirname(dir);
  return parent === dir ? null : findGitDir(parent);
}

async function follow(start: string, gitDirs: readonly string[]): Promise<string | null> {
  let value = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (/^[0-9a-f]{40,64}$/.test(value)) return value;
    const name = /^ref: (.+)$/.exec(value)?.[1];
    if (name === undefined) return null;
    const next = await readReference(name, gitDirs);
    if (next === null) return null;
    value = next;
  }
  return null;
}

async function readReference(name: string, gitDirs: readonly string[]): Promise<string | null> {
  for (const gitDir of gitDirs) {
    const loose = await readFile(join(gitDir, name), 'utf8').catch(() => null);
    if (loose !== null) return loose.trim();
    const packed = await readFile(join(gitDir, 'packed-refs'), 'utf8').catch(() => '');
    const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${name}`));
    if (line !== undefined) return line.slice(0, line.indexOf(' '));
  }
  return null;
}
