import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { selectProject } from '../../src/project/model.js';
import { recorded, tempDir, workspaceOf } from './project-support.js';

async function chosen(cwd: string, name?: string): Promise<string> {
  const selected = selectProject(await workspaceOf(await recorded('several-projects')), cwd, name);
  return selected.ok ? selected.value.name : selected.error.code;
}

it.each([
  ['a library folder', '/project/several/front1', 'one'],
  ['a server folder', '/project/several/server1', 'one'],
  ['a package with its own metadata', '/project/several/project2', 'project2'],
  ['a folder within a package', '/project/several/project2/src/pages', 'project2'],
  ['the root, where both are', '/project/several', 'LF021'],
  ['a folder beside them', '/project/several/docs', 'LF021'],
  ['a folder that only begins alike', '/project/several/front', 'LF021'],
])('chooses by %s', async (_, cwd, expected) => {
  expect(await chosen(cwd)).toBe(expected);
});

it('chooses by name wherever it is called', async () => {
  expect(await chosen('/project/several/front1', 'project2')).toBe('project2');
  expect(await chosen('/project/several', 'nobody')).toBe('LF021');
});

it('chooses the only project from anywhere', async () => {
  const selected = selectProject(await workspaceOf(await recorded('workspace')), '/somewhere/else');
  expect(selected.ok && selected.value.name).toBe('start');
});

it('lists the projects', async () => {
  const selected = selectProject(await workspaceOf(await recorded('several-projects')), '/project/several');
  expect(selected).toMatchObject({
    error: {
      code: 'LF021',
      exitCode: 2,
      where: { file: '/project/several/Cargo.toml' },
      why: 'Its projects are one, project2.',
      help: ['--project one', '--project project2'],
    },
  });
});

it('sees through links', async () => {
  const base = await tempDir();
  await mkdir(join(base, 'several/project2'), { recursive: true });
  await symlink(join(base, 'several'), join(base, 'link'));
  const workspace = await workspaceOf(await recorded('several-projects', base));
  const selected = selectProject(workspace, join(base, 'link/project2'));
  expect(selected.ok && selected.value.name).toBe('project2');
});
