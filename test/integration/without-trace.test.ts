import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { BIN, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';

const run = promisify(execFile);

/** All files of the project but what was built, by name. */
async function sources({ dir }: FakeProject): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(dir, path).startsWith('target'));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [relative(dir, path), await readFile(path, 'latin1')] as const)),
  );
}

/** What plain cargo-leptos builds: its calls of cargo, in a fixed order, and the files that it serves. */
async function plainBuild(project: FakeProject): Promise<{ calls: readonly string[]; site: readonly string[] }> {
  const before = (await project.buildArguments().catch(() => [])).length;
  await run('cargo-leptos', ['leptos', 'build'], { cwd: project.dir, env: project.env });
  const site = project.path('target/site');
  const names = (await readdir(site, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = names.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${relative(site, path)}: ${await readFile(path, 'latin1')}`;
  });
  return {
    calls: [...(await project.buildArguments()).slice(before)].sort(),
    site: (await Promise.all(files)).sort(),
  };
}

const init = (project: FakeProject, ...args: readonly string[]) =>
  run(process.execPath, [BIN, 'init', ...args], { cwd: project.dir, env: project.env });

it('after init --remove and without leptos-fast, cargo-leptos builds as before, from the same bytes', async () => {
  const project = await fakeProject();
  // The first call of cargo writes the lock file.
  const first = await plainBuild(project);
  const [bytes, plain] = [await sources(project), await plainBuild(project)];
  expect(plain).toEqual(first);

  await init(project);
  const withProfile = await plainBuild(project);
  expect(withProfile.calls).not.toEqual(plain.calls);
  const dev = await startDev(project).ready();
  const mark = dev.mark();
  await project.save({ 'src/app.rs': rust('hello 2') });
  await dev.next('reloaded', mark);
  expect((await dev.stop()).code).toBe(0);
  await init(project, '--remove');

  await writeFile(project.path('src/app.rs'), bytes['src/app.rs'] ?? '', 'latin1');
  expect(await sources(project)).toEqual(bytes);
  await rm(project.path('target/leptos-fast'), { recursive: true });
  expect(await plainBuild(project)).toEqual(plain);
});
