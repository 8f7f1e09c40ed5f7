import { execFile, spawn } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { descendantsOf } from '../../src/build/process-tree.js';
import { type DevRun, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { waitUntil } from '../support/wait-until.js';

const run = promisify(execFile);

const MANY = 200;
const many = (text: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: MANY }, (_, index) => [`public/many/${index}.txt`, `${text} ${index}`]));

/** The files below a folder of the project, and what is in them. */
function filesIn(project: FakeProject, folder: string): Record<string, string> {
  const root = project.path(folder);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file.slice(root.length + 1), readFileSync(file, 'utf8')]));
}

/** The assets that the site has. */
function inSite(project: FakeProject, folder = 'target/site'): Record<string, string> {
  const files = Object.entries(filesIn(project, folder));
  return Object.fromEntries(files.filter(([name]) => !name.startsWith('pkg/')));
}

async function siteIs(project: FakeProject, dev: DevRun, folder = 'target/site'): Promise<void> {
  const wanted = JSON.stringify(filesIn(project, 'public'));
  await waitUntil(
    'the assets in the site',
    () => {
      try {
        return JSON.stringify(inSite(project, folder)) === wanted;
      } catch {
        // A folder went while it was read.
        return false;
      }
    },
    () => dev.story(),
  );
}

describe('an asset', () => {
  it('is in the site, and told, when it was edited, added or deleted; cargo-leptos does nothing', async () => {
    const project = await fakeProject({ files: many('one') });
    const dev = await startDev(project).ready();
    expect(inSite(project)).toEqual(filesIn(project, 'public'));
    const mark = dev.mark();
    await project.save({ 'public/logo.svg': '<svg>2</svg>', 'public/new/deep.txt': 'new' });
    await rm(project.path('public/many/7.txt'));
    const reloaded = await dev.next('reloaded', mark);
    expect(reloaded).toMatchObject({ batch: 1, kind: 'assets' });
    expect(inSite(project)).toEqual(filesIn(project, 'public'));
    const batch = dev.all('change-batch', mark);
    expect(batch).toMatchObject([{ id: 1, sides: ['assets'], reason: 'asset' }]);
    expect(batch[0]?.files).toEqual(['public/logo.svg', 'public/many/7.txt', 'public/new/deep.txt']);
    expect(dev.all('build-finished', mark)).toMatchObject([{ batch: 1, side: 'assets', ok: true, ms: reloaded.ms }]);
    expect(dev.all('log', mark).filter(({ line }) => line.startsWith('Assets'))).toEqual([]);
  });

  it('does not wait for the end of the debounce', async () => {
    const project = await fakeProject();
    const dev = await startDev(project, ['--debounce', '10000']).ready();
    const mark = dev.mark();
    await project.save({ 'public/logo.svg': '<svg>2</svg>' });
    await siteIs(project, dev);
    expect(dev.all('change-batch', mark)).toEqual([]);
    const reloaded = await dev.next('reloaded', mark);
    expect(reloaded.ms).toBeLessThan(10_000);
  });

  it('is one of many that a checkout brings: one batch', async () => {
    const project = await fakeProject({ files: many('one') });
    const dev = await startDev(project).ready();
    const mark = dev.mark();
    await project.save(many('two'));
    await dev.next('reloaded', mark);
    await siteIs(project, dev);
    const told = dev.all('change-batch', mark).flatMap(({ files }) => files);
    expect(new Set(told).size).toBe(MANY);
    expect(dev.all('notice', mark)).toEqual([]);
  });

  it('that the app includes is built as well', async () => {
    const project = await fakeProject();
    await project.buildsTellInputs();
    await project.save({ 'src/app.rs': `${rust('hello 1')}// include_str!("../public/logo.svg")\n` });
    const dev = await startDev(project).ready();
    const mark = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2'), 'public/logo.svg': '<svg>2</svg>' });
    expect(await dev.next('reloaded', mark)).toMatchObject({ kind: 'full' });
    expect(inSite(project)).toEqual(filesIn(project, 'public'));
    expect(dev.all('build-finished', mark).map(({ side }) => side)).toContain('assets');
  });

  it('may come with its folder, after dev was started', async () => {
    const project = await fakeProject();
    await rename(project.path('public'), project.path('away'));
    const dev = await startDev(project).ready();
    await rename(project.path('away'), project.path('public'));
    await dev.next('reloaded');
    expect(inSite(project)).toEqual({ 'logo.svg': '<svg/>\n' });
  });

  it('that was saved while the first build ran is in the site', async () => {
    const project = await fakeProject();
    const release = await project.hold('server');
    const dev = startDev(project);
    await project.buildBegun('server', 1);
    await project.save({ 'public/logo.svg': '<svg>2</svg>', 'public/new.txt': 'new' });
    await dev.next('change-batch');
    expect(dev.all('ready')).toEqual([]);
    await release();
    await dev.ready();
    await siteIs(project, dev);
  });

  it('with a name that cargo-leptos keeps for itself is left out and told, and no reason to stop', async () => {
    const project = await fakeProject({ files: { 'public/pkg/app.css': 'mine', 'public/index.html': 'mine' } });
    const dev = await startDev(project).ready();
    expect(dev.all('notice').map(({ message }) => message.split(' ')[0])).toEqual(
      expect.arrayContaining(['public/pkg/app.css', 'public/index.html']),
    );
    expect(inSite(project)).toEqual({ 'logo.svg': '<svg/>\n' });
    expect(readFileSync(project.path('target/site/pkg/app.css'), 'utf8')).not.toBe('mine');
  });

  it('that is a link to nowhere, or in a linked folder, is no reason to stop either', async () => {
    const project = await fakeProject({ files: { 'shared/font.woff2': 'font' } });
    symlinkSync('nothing', project.path('public/gone.png'));
    symlinkSync('../shared', project.path('public/fonts'));
    const dev = await startDev(project).ready();
    const both = { 'fonts/font.woff2': 'font', 'logo.svg': '<svg/>\n' };
    expect(inSite(project)).toEqual(both);
    await project.save({ 'shared/font.woff2': 'font 2' });
    await waitUntil(
      'the new font',
      () => inSite(project)['fonts/font.woff2'] === 'font 2',
      () => dev.story(),
    );
  });

  it('that is taken out of the site comes back', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await rm(project.path('target/site/logo.svg'));
    await siteIs(project, dev);
  });

  it('is also there without the gate', async () => {
    const project = await fakeProject();
    const dev = await startDev(project, ['--no-gate']).ready();
    await project.save({ 'public/logo.svg': '<svg>2</svg>' });
    await siteIs(project, dev);
  });

  it('is also there where .env names their folder', async () => {
    const project = await fakeProject({ files: { '.env': 'LEPTOS_ASSETS_DIR=public\n' } });
    const dev = await startDev(project).ready();
    await project.save({ 'public/logo.svg': '<svg>2</svg>' });
    await siteIs(project, dev);
  });
});

const OWN_SITE = 'target/leptos-fast/site';

describe('with --link-assets', () => {
  it('the site is a folder of ours with links in it, and the project’s own is left alone', async () => {
    const project = await fakeProject({ files: many('one') });
    const dev = await startDev(project, ['--link-assets']).ready();
    expect(inSite(project, OWN_SITE)).toEqual(filesIn(project, 'public'));
    expect(lstatSync(project.path(`${OWN_SITE}/logo.svg`)).isSymbolicLink()).toBe(true);
    expect(readFileSync(project.path(`${OWN_SITE}/pkg/app.wasm`), 'utf8')).toContain('hello 1');
    expect(() => lstatSync(project.path('target/site'))).toThrow('ENOENT');
    await project.save({ 'public/logo.svg': '<svg>2</svg>', 'public/new.txt': 'new' });
    await project.remove('public/many/7.txt');
    expect(await dev.next('reloaded')).toMatchObject({ kind: 'assets' });
    expect(inSite(project, OWN_SITE)).toEqual(filesIn(project, 'public'));
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', dev.mark());
    expect(readFileSync(project.path(`${OWN_SITE}/pkg/app.wasm`), 'utf8')).toContain('hello 2');
    rmSync(project.path(OWN_SITE), { recursive: true });
    await siteIs(project, dev, OWN_SITE);
  });
});

/** Runs plain cargo-leptos until it ends. */
async function plainBuild(project: FakeProject): Promise<void> {
  await run('cargo-leptos', ['leptos', 'build'], { cwd: project.dir, env: project.env });
}

/** Runs plain `cargo leptos watch` until it waits for changes. */
async function plainWatch(project: FakeProject): Promise<void> {
  const child = spawn('cargo-leptos', ['leptos', 'watch', '-vv'], {
    cwd: project.dir,
    env: project.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = async (): Promise<void> => {
    for (const { pid } of await descendantsOf(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
  };
  onTestFinished(end);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  await waitUntil(
    'plain cargo-leptos',
    () => log.includes('waiting for changes'),
    () => log,
  );
  const ended = new Promise((resolve) => child.on('close', resolve));
  await end();
  await ended;
}

describe.each([
  ['copied', []],
  ['linked', ['--link-assets']],
] as const)("no byte of the user's %s assets changes", (_how, args) => {
  it('when dev is killed, and plain cargo-leptos watches and builds', async () => {
    const project = await fakeProject({ files: many('mine') });
    const before = filesIn(project, 'public');
    const dev = await startDev(project, args).ready();
    const offspring = await dev.offspring();
    dev.signal('SIGKILL');
    await dev.exited;
    // Once while its cargo-leptos is still there, and once after that.
    await plainBuild(project);
    expect(filesIn(project, 'public')).toEqual(before);
    for (const { pid } of offspring) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    await waitUntil('the end of what dev had started', async () => (await dev.leftovers()).length === 0);
    await plainWatch(project);
    await plainBuild(project);
    expect(filesIn(project, 'public')).toEqual(before);
    expect(inSite(project)).toEqual(before);
  });

  it('when plain cargo-leptos builds again and again beside a dev that brings new assets', async () => {
    const project = await fakeProject({ files: many('mine') });
    const dev = await startDev(project, args).ready();
    const expected = filesIn(project, 'public');
    let isBuilding = true;
    const builds = (async () => {
      for (let index = 0; index < 4; index += 1) {
        // Where both write into one folder it may stop at a file that the other has just replaced.
        await plainBuild(project).catch((error: Error) => expect(error.message).toContain('Could not remove'));
      }
    })().finally(() => {
      isBuilding = false;
    });
    for (let index = 0; isBuilding; index += 1) {
      const [name, text] = [`new-${index % 50}.txt`, `new ${index}`];
      await project.save({ [`public/${name}`]: text });
      expected[name] = text;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await builds;
    expect(filesIn(project, 'public')).toEqual(expected);
    await siteIs(project, dev, args.length > 0 ? OWN_SITE : 'target/site');
    expect(filesIn(project, 'public')).toEqual(expected);
  });
});

it('the folder that cargo-leptos is given is none of the site’s: no file of ours stays in it', async () => {
  const project = await fakeProject();
  await mkdir(project.path('target/leptos-fast/assets'), { recursive: true });
  await project.save({ 'target/leptos-fast/assets/stale.txt': 'of another version' });
  await startDev(project).ready();
  expect(inSite(project)).toEqual({ 'logo.svg': await readFile(project.path('public/logo.svg'), 'utf8') });
});
