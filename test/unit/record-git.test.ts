import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitRevision } from '../../src/record/git-revision.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

function git(dir: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: dir, encoding: 'utf8', stdio: 'pipe' }).trim();
}

async function repository(): Promise<{ readonly dir: string; readonly commit: string }> {
  const dir = await tempDir('repo');
  git(dir, 'init', '--quiet', '--initial-branch=main');
  await writeFiles(dir, { 'app/src/a.rs': '' });
  git(dir, 'add', '.');
  git(dir, 'commit', '--quiet', '-m', 'one');
  return { dir, commit: git(dir, 'rev-parse', 'HEAD').slice(0, 12) };
}

describe('the commit that is checked out', () => {
  it('is found from a folder below, on a branch whose name has slashes', async () => {
    const { dir, commit } = await repository();
    git(dir, 'checkout', '--quiet', '-b', 'feature/ü/x');
    expect(await gitRevision(join(dir, 'app', 'src'))).toEqual({ commit, branch: 'feature/ü/x' });
  });

  it('is found among packed references', async () => {
    const { dir } = await repository();
    git(dir, 'branch', 'a/refs/heads/main');
    git(dir, 'commit', '--quiet', '--allow-empty', '-m', 'two');
    const commit = git(dir, 'rev-parse', 'HEAD').slice(0, 12);
    git(dir, 'pack-refs', '--all');
    expect(await gitRevision(dir)).toEqual({ commit, branch: 'main' });
  });

  it('is found when HEAD is detached', async () => {
    const { dir, commit } = await repository();
    git(dir, 'checkout', '--quiet', '--detach');
    expect(await gitRevision(dir)).toEqual({ commit });
  });

  it('is that of a worktree in a worktree', async () => {
    const { dir, commit } = await repository();
    const other = join(dir, '..', 'other');
    git(dir, 'worktree', 'add', '--quiet', '-b', 'second', other);
    await writeFiles(other, { 'b.rs': '' });
    git(other, 'add', '.');
    git(other, 'commit', '--quiet', '-m', 'two');
    expect(await gitRevision(dir)).toEqual({ commit, branch: 'main' });
    const second = git(other, 'rev-parse', 'HEAD').slice(0, 12);
    expect(await gitRevision(other)).toEqual({ commit: second, branch: 'second' });
  });

  it.each([
    ['before the first commit', 'ref: refs/heads/main\n'],
    ['when HEAD says nothing', 'x\n'],
    ['when references go round', 'ref: HEAD\n'],
    ['when HEAD points out of the repository', 'ref: ../../secret\n'],
  ])('is unknown %s', async (_what, head) => {
    const dir = await tempDir('repo');
    await writeFiles(dir, { '.git/HEAD': head, '../secret': 'not a commit\n' });
    expect(await gitRevision(dir)).toBeNull();
  });

  it('is unknown where there is no repository', async () => {
    const dir = await tempDir('repo');
    await mkdir(join(dir, 'a'));
    await writeFile(join(dir, '.git'), 'gitdir: gone\n');
    expect(await gitRevision(join(dir, 'a'))).toBeNull();
  });
});
