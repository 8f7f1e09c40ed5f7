import { describe, expect, it } from 'vitest';
import { startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { freePort } from '../support/free-port.js';

/** A workspace with two Leptos projects, `shop` on the rig's port and `admin` on another. */
async function twoProjects(): Promise<{ readonly project: FakeProject; readonly adminPort: number }> {
  const adminPort = await freePort();
  const member = (name: string, port: string): Record<string, string> => ({
    [`${name}/Cargo.toml`]: `[package]
name = "${name}"
version = "0.1.0"
edition = "2021"
[lib]
crate-type = ["cdylib", "rlib"]
[features]
hydrate = []
ssr = []
[package.metadata.leptos]
output-name = "${name}"
site-root = "target/site-${name}"
site-addr = "127.0.0.1:${port}"
reload-port = ${Number(port) + 1}
lib-features = ["hydrate"]
bin-features = ["ssr"]
`,
    [`${name}/src/lib.rs`]: rust(`${name} 1`),
    [`${name}/src/main.rs`]: 'fn main() {}\n',
  });
  const project = await fakeProject({
    files: { 'Cargo.toml': '[workspace]\nmembers = ["shop", "admin"]\nresolver = "2"\n' },
  });
  await project.save({ ...member('shop', String(project.sitePort)), ...member('admin', String(adminPort)) });
  return { project, adminPort };
}

async function textOf(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return response.text();
}

describe('a workspace with several Leptos projects', () => {
  it('has each of them built when its page is asked for, and no other', async () => {
    const { project, adminPort } = await twoProjects();
    const dev = startDev(project);
    await dev.next('project-waiting', 0, (event) => event.project === 'admin');
    await dev.next('project-waiting', 0, (event) => event.project === 'shop');
    expect(await project.builds()).toEqual([]);

    // The first answer says that it is being built; asked again, it is the page.
    await textOf(adminPort);
    await dev.next('ready');
    expect(await textOf(adminPort)).toContain('admin 1');
    expect(dev.all('project-wanted')).toMatchObject([{ project: 'admin', why: 'asked for' }]);
    expect(dev.all('starting')).toMatchObject([{ project: 'admin' }]);
    const before = (await project.builds()).length;

    const mark = dev.mark();
    await project.save({ 'admin/src/lib.rs': rust('admin 2') });
    const told = await dev.next('reloaded', mark);
    expect(told).toMatchObject({ project: 'admin', kind: 'full' });
    expect(await textOf(adminPort)).toContain('admin 2');
    expect((await project.builds()).length).toBe(before + 2);

    // An edit of the one that nobody has asked for builds nothing; asked for, it is as it was saved last.
    await project.save({ 'shop/src/lib.rs': rust('shop 2') });
    await textOf(project.sitePort);
    await dev.next('ready', mark);
    expect(await textOf(project.sitePort)).toContain('shop 2');
    await dev.offspring();
    expect(await dev.stop()).toEqual({ code: 0, signal: null });
    expect(await dev.leftovers()).toEqual([]);
  });

  it('that are named are built at once, and the others not served', async () => {
    const { project, adminPort } = await twoProjects();
    const dev = startDev(project, ['--project', 'shop']);
    expect(await dev.next('ready')).toMatchObject({ url: `http://127.0.0.1:${project.sitePort}/` });
    await expect(textOf(adminPort)).rejects.toThrow();
    // Another terminal may serve the other one.
    const other = startDev(project, ['--project', 'admin']);
    await other.ready();
    expect(await textOf(adminPort)).toContain('admin 1');
    expect([await dev.stop(), await other.stop()]).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);

    const both = startDev(project, ['--project', 'shop', '--project', 'admin']);
    await both.next('ready', 0, ({ url }) => url.includes(`:${adminPort}`));
    await both.next('ready', 0, ({ url }) => url.includes(`:${project.sitePort}`));
    expect(await both.stop()).toEqual({ code: 0, signal: null });
  });

  it('gives one of two that want the same port the next free one', async () => {
    const { project } = await twoProjects();
    const port = await freePort();
    const dev = startDev(project, ['--port', String(port)]);
    const [first, second] = [
      await dev.next('project-waiting', 0, (event) => event.project === 'admin'),
      await dev.next('project-waiting', 0, (event) => event.project === 'shop'),
    ];
    expect([first.url, second.url].toSorted()).toEqual([`http://127.0.0.1:${port}/`, `http://127.0.0.1:${port + 1}/`]);
    expect(await dev.stop()).toEqual({ code: 0, signal: null });
  });
});
