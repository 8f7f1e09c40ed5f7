import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BIN } from '../support/dev-run.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';

const WORKSPACE = {
  'Cargo.toml': `[workspace]
members = ["site", "types"]
resolver = "2"
[[workspace.metadata.leptos]]
name = "shop"
bin-package = "site"
lib-package = "site"
`,
  'site/Cargo.toml': `[package]
name = "site"
version = "0.1.0"
edition = "2021"
[lib]
crate-type = ["cdylib", "rlib"]
[dependencies]
types = { path = "../types" }
`,
  'site/src/main.rs': 'fn main() {}\n',
  'site/src/lib.rs': '\n\n// three\n',
  'types/Cargo.toml': '[package]\nname = "types"\nversion = "0.2.0"\nedition = "2021"\n',
  'types/src/lib.rs': '// one\n',
};

function graph(project: FakeProject, ...args: readonly string[]) {
  const ran = spawnSync(process.execPath, [BIN, 'graph', ...args], {
    cwd: project.dir,
    env: project.env,
    encoding: 'utf8',
  });
  return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

describe('leptos-fast graph', () => {
  it('tells of crates and wasm, for scripts and for people', async () => {
    const project = await fakeProject({ files: WORKSPACE });
    expect(JSON.parse(graph(project, '--json').stdout)).toMatchObject({
      schema: 'leptos-fast graph',
      version: 1,
      packages: 2,
      local: [
        { name: 'types', dir: 'types', lines: 1, rebuilds: ['site'] },
        { name: 'site', dir: 'site', lines: 4, rebuilds: [] },
      ],
      longestChain: ['site', 'types'],
      bundles: [],
    });
    expect(graph(project)).toMatchObject({ code: 0, stdout: expect.stringContaining('not built yet') });

    // The smallest wasm there is, with one custom section.
    const wasm = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 4, 3, 0x61, 0x62, 0x63]).toString('latin1');
    await project.save({ 'target/site/pkg/shop.wasm': wasm });
    const { bundles } = JSON.parse(graph(project, '--json').stdout) as { bundles: unknown[] };
    expect(bundles).toMatchObject([
      { project: 'shop', bytes: 14, sections: [{ name: 'abc', custom: true }], withoutCustom: { bytes: 8 } },
    ]);

    await project.save({ 'target/site/pkg/shop.wasm': 'no wasm' });
    expect(graph(project).stdout).toContain('cannot be read: it does not begin as a wasm file does');
  });

  it('says where there is no project', async () => {
    const project = await fakeProject();
    await project.remove('Cargo.toml');
    expect(graph(project)).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('error[LF001]') });
  });
});
