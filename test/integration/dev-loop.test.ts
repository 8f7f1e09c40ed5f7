import { once } from 'node:events';
import { mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DevRun, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { freePort } from '../support/free-port.js';
import { waitUntil } from '../support/wait-until.js';

/*
 * Real cargo-leptos 0.3.11 under the whole of `dev`; only the compiler, wasm-bindgen and the app are fakes, so that a
 * build takes milliseconds and the wasm and the page are the text of the sources.
 */

/** Resolves when the page and the wasm both have this text. */
async function onThePage(project: FakeProject, dev: DevRun, text: string): Promise<void> {
  await waitUntil(
    `"${text}" on the page`,
    async () => {
      const page = await project.page().catch(() => null);
      const wasm = await project.wasm().catch(() => '');
      return page?.sources.includes(text) && wasm.includes(text);
    },
    () => dev.story(),
  );
}

async function counts(project: FakeProject): Promise<{ front: number; server: number }> {
  return { front: (await project.builds('front')).length, server: (await project.builds('server')).length };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('the first build', () => {
  it('builds each side once and serves the page', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await onThePage(project, dev, 'hello 1');
    expect(await counts(project)).toEqual({ front: 1, server: 1 });
  });

  it('tells where the page is and how many files it watches', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    expect(await dev.next('ready')).toMatchObject({ url: `http://127.0.0.1:${project.sitePort}/`, gate: true });
    // Cargo.toml, Cargo.lock, .gitignore, three sources, a stylesheet, an asset.
    expect((await dev.next('ready')).filesWatched).toBe(8);
  });

  it('gives both builds the fast profile', async () => {
    const project = await fakeProject();
    await startDev(project).ready();
    for (const args of await project.buildArguments()) {
      expect(args).toContain('--profile=dev-fast');
      expect(args).toContain('profile.dev-fast.inherits="dev"');
    }
  });

  it('leaves the profile alone with --no-fast', async () => {
    const project = await fakeProject();
    await startDev(project, ['--no-fast']).ready();
    for (const args of await project.buildArguments()) expect(args).not.toContain('dev-fast');
  });

  it('passes the arguments after -- to the app', async () => {
    const project = await fakeProject();
    await startDev(project, ['--', '--seed', 'a b']).ready();
    expect((await project.page()).args).toEqual(['--seed', 'a b']);
  });

  it('works in a folder with blanks, quotes and umlauts', async () => {
    const project = await fakeProject({ folder: "größe 'der' Seite" });
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded');
    await onThePage(project, dev, 'hello 2');
  });

  it.each(['a"b', 'a\\b', 'gro\u0308sse'])('sees a delete in a folder called %j', async (folder) => {
    const project = await fakeProject({ folder });
    const dev = await startDev(project).ready();
    // Only a trigger brings it about, and the log names the folders of the triggers in Rust's notation.
    await project.remove('public/logo.svg');
    expect(await dev.next('reloaded')).toMatchObject({ kind: 'assets' });
  });

  it('works in a folder that is reached through a symbolic link', async () => {
    const project = await fakeProject();
    const link = join(dirname(project.dir), 'link');
    await symlink(project.dir, link);
    const dev = await startDev(project, [], {}, link).ready();
    const from = dev.mark();
    // Only a trigger brings this one: cargo-leptos does not see deletes.
    await project.remove('public/logo.svg');
    await dev.next('reloaded', from);
  });

  it('of a first build that ends on a source edited meanwhile shows the newest', async () => {
    const project = await fakeProject();
    const release = await project.hold('server');
    const dev = startDev(project);
    await project.buildBegun('server', 1);
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('change-batch');
    await release();
    await dev.ready();
    await onThePage(project, dev, 'hello 2');
  });

  it('of broken code is told, and the page comes up when it is mended', async () => {
    const project = await fakeProject({ files: { 'src/app.rs': rust('BROKEN') } });
    const dev = startDev(project);
    const failed = await dev.next('build-finished', 0, (event) => !event.ok);
    expect(failed.diagnostics).toMatchObject([{ code: 'E0425', file: 'src/app.rs', line: 1 }]);
    expect(dev.all('ready')).toEqual([]);
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.ready();
    await onThePage(project, dev, 'hello 2');
  });
});

describe('an edit of a source', () => {
  it('is one batch that builds both sides once and reloads the page', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    const reloaded = await dev.next('reloaded', from);
    expect(reloaded).toMatchObject({ batch: 1, kind: 'full' });
    expect(dev.all('change-batch', from)).toMatchObject([{ id: 1, files: ['src/app.rs'], sides: ['front', 'server'] }]);
    expect((await project.page()).sources).toContain('hello 2');
    expect(await project.wasm()).toContain('hello 2');
    expect(await counts(project)).toEqual({ front: 2, server: 2 });
  });

  it('that comes ten times in a second costs at most two builds a side, and the last one wins', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    for (let count = 1; count <= 10; count += 1) {
      await project.save({ 'src/app.rs': rust(`burst ${count}.`) });
      await new Promise((resolve) => setTimeout(resolve, 90));
    }
    await onThePage(project, dev, 'burst 10.');
    const { front, server } = await counts(project);
    expect(front).toBeLessThanOrEqual(3);
    expect(server).toBeLessThanOrEqual(3);
  });

  it('that writes the same bytes builds nothing', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': rust('hello 1') });
    // What is saved later is reported later: if the first save counted, it would be seen before this.
    await project.save({ 'src/extra.rs': rust('extra') });
    await dev.next('reloaded');
    expect(dev.all('change-batch').flatMap(({ files }) => files)).toEqual(['src/extra.rs']);
    expect(await counts(project)).toEqual({ front: 2, server: 2 });
  });

  it('that changes neither binary is told as such', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': `// a comment\n${rust('hello 1')}` });
    expect(await dev.next('reloaded')).toMatchObject({ kind: 'none' });
  });

  it('by renaming a temporary file over it is seen as a change of it', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs.tmp': rust('hello 2') });
    await rename(project.path('src/app.rs.tmp'), project.path('src/app.rs'));
    await dev.next('reloaded');
    expect(dev.all('change-batch')).toMatchObject([{ files: ['src/app.rs'] }]);
    await onThePage(project, dev, 'hello 2');
  });

  it('that deletes a module builds both sides', async () => {
    const project = await fakeProject({ files: { 'src/old.rs': rust('old module') } });
    const dev = await startDev(project).ready();
    await project.remove('src/old.rs');
    await dev.next('reloaded');
    expect((await project.page()).sources).not.toContain('old module');
    expect(await counts(project)).toEqual({ front: 2, server: 2 });
  });

  it('in a folder that was made with its files at once is seen, the first and the second one', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/a/b/deep.rs': rust('deep 1') });
    await onThePage(project, dev, 'deep 1');
    await project.save({ 'src/a/b/deep.rs': rust('deep 2') });
    await onThePage(project, dev, 'deep 2');
  });

  it('in the middle of a build ends that build and starts one with the new content', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const release = await project.hold('server');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await project.buildBegun('server', 2);
    await project.save({ 'src/app.rs': rust('hello 3') });
    await dev.next('build-stopped', from, ({ side }) => side === 'server');
    await release();
    await onThePage(project, dev, 'hello 3');
    expect((await project.builds('server')).map(({ code }) => code)).toEqual([0, null, 0]);
  });

  it('both sides are rebuilt at once when an edit comes while only the front still builds', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const release = await project.hold('front');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('build-finished', from, ({ side }) => side === 'server');
    await project.buildBegun('front', 2);
    await project.save({ 'src/app.rs': rust('hello 3') });
    // The front's build is held: the server's must not wait for it.
    await project.buildBegun('server', 3);
    await release();
    await onThePage(project, dev, 'hello 3');
  });
});

describe('an edit while wasm-bindgen runs', () => {
  it('of a stylesheet does not cost the restart of the server that is built already', async () => {
    const project = await fakeProject();
    const dev = await startDev(project, ['--verbose']).ready();
    const release = await project.hold('bindgen');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('log', from, ({ line }) => line.startsWith('Waiting for command (piped)'));
    await waitUntil(
      'both are built',
      () => dev.all('build-finished', from).length === 2,
      () => dev.story(),
    );
    await project.save({ 'style/main.css': 'body { color: blue; }\n' });
    await dev.next('change-batch', from, ({ sides }) => sides.includes('style'));
    await release();
    await onThePage(project, dev, 'hello 2');
  });
});

describe('broken code', () => {
  it('is told with its place, the old page stays, and the mended page follows', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': rust('BROKEN') });
    const failed = await dev.next('build-finished', 0, ({ ok }) => !ok);
    expect(failed.diagnostics).toMatchObject([{ code: 'E0425', file: 'src/app.rs', line: 1, column: 1 }]);
    expect((await project.page()).sources).toContain('hello 1');
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', 0, ({ batch }) => batch === 2);
    await onThePage(project, dev, 'hello 2');
  });

  it('in the front only still brings the new server once the front is mended', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': rust('hello 2'), 'src/client.rs': rust('BROKEN_FRONT') });
    await dev.next('build-finished', 0, ({ ok, side }) => !ok && side === 'front');
    // The server's binary is the same before and after this edit.
    await project.save({ 'src/client.rs': rust('mended') });
    await onThePage(project, dev, 'hello 2');
    expect(await project.wasm()).toContain('mended');
  });

  it('in the server only keeps the old page, and the mended one follows', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': rust('hello 2'), 'src/main.rs': rust('BROKEN_SERVER') });
    await dev.next('build-finished', 0, ({ ok, side }) => !ok && side === 'server');
    expect((await project.page()).sources).toContain('hello 1');
    await project.save({ 'src/main.rs': rust('mended') });
    await onThePage(project, dev, 'mended');
  });

  it('that is saved again, with the same bytes, is built again', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': rust('BROKEN') });
    await waitUntil(
      'both failed',
      () => dev.all('build-finished').filter(({ ok }) => !ok).length === 2,
      () => dev.story(),
    );
    await project.save({ 'src/app.rs': rust('BROKEN') });
    await project.buildBegun('server', 3);
  });

  // cargo-leptos writes the stylesheet in the run that fails, forgets the change and sends nothing to the page; a trigger
  // later finds the file as it should be and sends nothing either.
  it('does not keep a stylesheet that was saved while it was built from the page', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const release = await project.hold('front');
    await project.save({ 'src/app.rs': rust('BROKEN') });
    await project.buildBegun('front', 2);
    await project.save({ 'style/main.css': 'body { color: blue; }\n' });
    await dev.next('change-batch', 1);
    await release();
    expect(await dev.next('reloaded')).toMatchObject({ batch: 2, kind: 'style' });
    expect(await readFile(project.path('target/site/pkg/app.css'), 'utf8')).toMatch(/blue|#00f/);
  });
});

describe('what cargo-leptos builds itself', () => {
  it('an edited stylesheet is swapped in without any build by cargo', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'style/main.css': 'body { color: blue; }\n' });
    expect(await dev.next('reloaded')).toMatchObject({ batch: 1, kind: 'style' });
    expect(await readFile(project.path('target/site/pkg/app.css'), 'utf8')).toMatch(/blue|#00f/);
    expect(await counts(project)).toEqual({ front: 1, server: 1 });
  });

  it('an added asset is copied', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'public/new.txt': 'new\n' });
    expect(await dev.next('reloaded')).toMatchObject({ batch: 1, kind: 'assets' });
    expect(await readFile(project.path('target/site/new.txt'), 'utf8')).toBe('new\n');
  });

  it('a deleted asset is gone from the site', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.remove('public/logo.svg');
    expect(await dev.next('reloaded')).toMatchObject({ batch: 1, kind: 'assets' });
    await expect(readFile(project.path('target/site/logo.svg'))).rejects.toThrow('ENOENT');
  });

  it('a stylesheet edited while the first build runs is not lost', async () => {
    const project = await fakeProject();
    const release = await project.hold('server');
    const dev = startDev(project);
    await project.buildBegun('server', 1);
    await project.save({ 'style/main.css': 'body { color: blue; }\n' });
    await dev.next('change-batch');
    await release();
    await dev.next('reloaded');
    expect(await readFile(project.path('target/site/pkg/app.css'), 'utf8')).toMatch(/blue|#00f/);
  });
});

describe('an edit of Cargo.toml', () => {
  it('builds both sides anew', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const manifest = await readFile(project.path('Cargo.toml'), 'utf8');
    await project.save({ 'Cargo.toml': `${manifest}\n[profile.dev]\ndebug = false\n` });
    await dev.next('reloaded');
    expect(dev.all('recovery')).toEqual([]);
    expect(await counts(project)).toEqual({ front: 2, server: 2 });
  });

  it('that changes a Leptos setting starts cargo-leptos anew', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const manifest = await readFile(project.path('Cargo.toml'), 'utf8');
    await project.save({
      'Cargo.toml': manifest.replace('assets-dir = "public"', 'assets-dir = "static"'),
      'static/a.txt': 'a',
    });
    await dev.next('recovery', 0, ({ why }) => why.includes('settings changed'));
    await dev.next('reloaded');
    expect(await readFile(project.path('target/site/a.txt'), 'utf8')).toBe('a');
  });

  it.each([
    ['of the site', 'sitePort', 'site-addr = "127.0.0.1:', '"'],
    ['of the live reload', 'reloadPort', 'reload-port = ', ''],
  ] as const)('that changes the address %s moves it there', async (_what, port, before, after) => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const next = await freePort();
    const manifest = await readFile(project.path('Cargo.toml'), 'utf8');
    await project.save({
      'Cargo.toml': manifest.replace(`${before}${project[port]}${after}`, `${before}${next}${after}`),
    });
    await dev.next('notice', 0, ({ message }) => message.startsWith('the app has moved to'));
    await dev.next('reloaded');
    expect(await canConnect(next)).toBe(true);
    expect(await canConnect(project[port])).toBe(false);
    const moved = `http://127.0.0.1:${port === 'sitePort' ? next : project.sitePort}/`;
    expect(await (await fetch(moved)).text()).toContain('hello 1');
  });

  it('that gives the site a port that is taken is told, and the site stays where it is', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const manifest = await readFile(project.path('Cargo.toml'), 'utf8');
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    await project.save({ 'Cargo.toml': manifest.replace(`:${project.sitePort}"`, `:${taken}"`) });
    expect(await dev.next('error')).toMatchObject({ code: 'LF040' });
    await project.save({ 'src/app.rs': rust('hello 2') });
    await onThePage(project, dev, 'hello 2');
  });

  it('that is no TOML is told with its line, and the loop goes on when it is mended', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const manifest = await readFile(project.path('Cargo.toml'), 'utf8');
    await project.save({ 'Cargo.toml': manifest.replace('[package]', '[package') });
    expect(await dev.next('error')).toMatchObject({ code: 'LF002', where: { line: 1 } });
    await project.save({ 'Cargo.toml': manifest, 'src/app.rs': rust('hello 2') });
    await onThePage(project, dev, 'hello 2');
  });
});

describe('an edit that one side does not see', () => {
  const code = (text: string, ssr: string) =>
    `${rust(text)}#[cfg(feature = "ssr")]\nfn load() -> &'static str { "${ssr}" }\n`;

  async function started(...args: string[]): Promise<{ project: FakeProject; dev: DevRun }> {
    const project = await fakeProject({ files: { 'src/app.rs': code('hello 1', 'one') } });
    await project.buildsTellInputs();
    return { project, dev: await startDev(project, args).ready() };
  }

  it('builds the server alone where only its code changed', async () => {
    const { project, dev } = await started();
    await project.save({ 'src/app.rs': code('hello 1', 'two') });
    expect(await dev.next('build-skipped')).toMatchObject({ side: 'front', reason: expect.stringContaining('`load`') });
    expect(await dev.next('reloaded')).toMatchObject({ batch: 1, kind: 'full' });
    expect((await project.page()).sources).toContain('two');
    expect(await counts(project)).toEqual({ front: 1, server: 2 });
  });

  it('takes it along with the next edit that the side does see', async () => {
    const { project, dev } = await started();
    await project.save({ 'src/app.rs': code('hello 1', 'two') });
    await dev.next('reloaded');
    await project.save({ 'src/app.rs': code('hello 2', 'two') });
    await onThePage(project, dev, 'hello 2');
    expect(await counts(project)).toEqual({ front: 2, server: 3 });
  });

  it('builds nothing for a comment, and says so', async () => {
    const { project, dev } = await started();
    await project.save({ 'src/app.rs': `// new\n${code('hello 1', 'one')}` });
    expect(await dev.next('reloaded')).toMatchObject({ kind: 'none' });
    expect(dev.all('build-skipped').map(({ side }) => side)).toEqual(['front', 'server']);
    expect(await counts(project)).toEqual({ front: 1, server: 1 });
  });

  it('builds both with --no-skip', async () => {
    const { project, dev } = await started('--no-skip');
    await project.save({ 'src/app.rs': code('hello 1', 'two') });
    await dev.next('reloaded');
    expect(await counts(project)).toEqual({ front: 2, server: 2 });
  });

  it('ends the build of an edit that is undone, also of one that failed', async () => {
    const { project, dev } = await started();
    const release = await project.hold('front');
    await project.save({ 'src/app.rs': code('hello 2', 'one') });
    await project.buildBegun('front', 2);
    await project.save({ 'src/app.rs': code('hello 1', 'one') });
    expect(await dev.next('reloaded', 0, ({ batch }) => batch === 2)).toMatchObject({ kind: 'none' });
    await release();
    await project.save({ 'src/app.rs': code('BROKEN', 'one') });
    await dev.next('build-finished', 0, ({ ok }) => !ok);
    await project.save({ 'src/app.rs': code('hello 1', 'one') });
    await dev.next('reloaded', 0, ({ batch }) => batch === 4);
    await project.save({ 'src/app.rs': code('hello 3', 'one') });
    await onThePage(project, dev, 'hello 3');
  });
});

describe('in any weather', () => {
  it('an app that binds the port of the site itself gets it, without the proxy', async () => {
    const project = await fakeProject();
    await project.save({ 'src/main.rs': rust(`BIND=127.0.0.1:${project.sitePort}`) });
    const dev = startDev(project);
    await dev.next('notice', 0, ({ message }) => message.includes('going on without the proxy'));
    await dev.ready();
    await onThePage(project, dev, 'hello 1');
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded');
    await onThePage(project, dev, 'hello 2');
  });

  it('a bin-cargo-command that no shim can stand in for switches the gate off, and says so', async () => {
    const project = await fakeProject();
    const settings = `bin-cargo-command = "${join(dirname(project.dir), 'control/bin/cargo')}"\n`;
    const manifest = await readFile(project.path('Cargo.toml'), 'utf8');
    await project.save({ 'Cargo.toml': manifest.replace('[workspace]', `${settings}[workspace]`) });
    const dev = await startDev(project).ready();
    expect((await dev.next('ready')).gate).toBe(false);
    expect(dev.all('notice').map(({ message }) => message)).toContainEqual(expect.stringContaining('no gate'));
    await project.save({ 'src/app.rs': rust('hello 2') });
    await onThePage(project, dev, 'hello 2');
  });

  it('a bin-cargo-command with a toolchain or a subcommand still builds through the gate', async () => {
    const project = await fakeProject({ settings: 'bin-cargo-command = "cargo build"\n' });
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await onThePage(project, dev, 'hello 2');
    expect(dev.all('recovery')).toEqual([]);
  });

  it('cargo clean in another terminal leads to a new build and a page that is kept up to date', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const from = dev.mark();
    // In one step, so that nothing is written into it meanwhile.
    await rename(project.path('target'), join(dirname(project.dir), 'cleaned'));
    await dev.next('recovery', from, ({ kind }) => kind === 'clean');
    await dev.next('server-started', from);
    await project.save({ 'src/app.rs': rust('hello 2') });
    await onThePage(project, dev, 'hello 2');
    // Only a trigger brings a deleted file's change to cargo-leptos: the triggers work again.
    await project.save({ 'src/extra.rs': rust('extra') });
    await onThePage(project, dev, 'extra');
    await project.remove('src/extra.rs');
    await waitUntil('the deleted module is gone', async () => !(await project.wasm()).includes('extra'));
  });

  it("files that are removed from the site's folder come back", async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const css = project.path('target/site/pkg/app.css');
    await rm(project.path('target/site'), { recursive: true });
    await dev.next('recovery', 0, ({ why }) => why.includes("site's folder"));
    await waitUntil(
      'the stylesheet',
      async () => (await readFile(css, 'utf8').catch(() => '')) !== '',
      () => dev.story(),
    );
    await onThePage(project, dev, 'hello 1');
  });

  it('an edited .gitignore counts at once', async () => {
    const project = await fakeProject({
      files: { '.gitignore': '/target\n/src/made\n', 'src/made/one.rs': rust('one') },
    });
    const dev = await startDev(project).ready();
    await project.save({ 'src/made/one.rs': rust('two') });
    await project.save({ '.gitignore': '/target\n' });
    const batch = await dev.next('change-batch');
    expect(batch.files).toEqual([join('src', 'made', 'one.rs')]);
    await onThePage(project, dev, 'two');
  });

  it('a file that does not parse is named before any build, which waits for it to be mended', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const before = await counts(project);
    await project.save({ 'src/app.rs': 'pub fn broken( {\n' });
    expect(await dev.next('syntax-error')).toMatchObject({ file: join('src', 'app.rs'), line: 1 });
    await project.save({ 'src/app.rs': rust('mended') });
    await onThePage(project, dev, 'mended');
    expect(await counts(project)).toEqual({ front: before.front + 1, server: before.server + 1 });
  });

  it('a file that we cannot parse is built all the same after a moment: the compiler has the last word', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await project.save({ 'src/app.rs': `${rust('hello 2')}fn not_quite( {\n` });
    await dev.next('syntax-error');
    await onThePage(project, dev, 'hello 2');
    // rustc took it, so the next save of that file waits for nothing.
    const from = dev.mark();
    await project.save({ 'src/app.rs': `${rust('hello 3')}fn not_quite( {\n` });
    await onThePage(project, dev, 'hello 3');
    expect(dev.all('syntax-error', from)).toEqual([]);
  });
});

describe('without the gate', () => {
  it('an edit still comes to the page', async () => {
    const project = await fakeProject();
    const dev = await startDev(project, ['--no-gate']).ready();
    const release = await project.hold('server');
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('change-batch');
    await release();
    await onThePage(project, dev, 'hello 2');
    await dev.next('reloaded');
  });

  it('a stylesheet is told to be swapped', async () => {
    const project = await fakeProject();
    const dev = await startDev(project, ['--no-gate']).ready();
    await project.save({ 'style/main.css': 'body { color: blue; }\n' });
    await dev.next('reloaded');
  });
});

describe('without file events', () => {
  it('polling sees an edit and a new folder', async () => {
    const project = await fakeProject();
    const dev = await startDev(project, ['--poll=50']).ready();
    await mkdir(project.path('src/sub'));
    await project.save({ 'src/sub/mod.rs': rust('polled') });
    await onThePage(project, dev, 'polled');
  });
});
