import { readdirSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tryLink } from '../../src/assets/link-support.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(`${code}: no`), { code }));

it('links work where one can be made and read', async () => {
  const folder = await tempDir();
  expect(await tryLink(folder)).toEqual({ kind: 'linked' });
  expect(readdirSync(folder)).toEqual([]);
});

it('a folder that is made for the trial goes with it', async () => {
  const folder = await tempDir();
  expect(await tryLink(join(folder, 'a/b'))).toEqual({ kind: 'linked' });
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  ['EPERM', 'win32', /administrators/],
  ['EPERM', 'linux', /refuses symbolic links/],
  ['EOPNOTSUPP', 'linux', /no symbolic links/],
  ['ENOTSUP', 'darwin', /no symbolic links/],
  ['EIO', 'linux', /EIO/],
] as const)('%s on %s has its reason', async (code, platform, why) => {
  const folder = await tempDir();
  expect(await tryLink(folder, failing(code), platform)).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
  expect(readdirSync(folder)).toEqual([]);
});

it('a link that leads elsewhere does not count', async () => {
  const folder = await tempDir();
  const other = join(await tempDir(), 'other');
  await writeFile(other, 'other');
  expect(await tryLink(folder, (_target, path) => symlink(other, path))).toMatchObject({ kind: 'refused' });
});

it('is not tried where nothing can be written', async () => {
  const folder = await tempDir();
  await writeFiles(folder, { file: '' });
  expect(await tryLink(join(folder, 'file'))).toMatchObject({ kind: 'not tried' });
});
