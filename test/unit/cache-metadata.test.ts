import { appendFile, mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DiskCache } from '../../src/cache/disk-cache.js';
import { MetadataCache, type MetadataCall } from '../../src/cache/metadata-cache.js';
import { tempDir } from '../support/temp-dir.js';

/** Files that were there long before cargo was started. */
const LONG_AGO = new Date(Date.now() - 3_600_000);

let dir: string;
let call: MetadataCall;
/** How often cargo was run. */
let runs: number;

async function write(path: string, text: string): Promise<void> {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  for (let each = file; each.length >= dir.length; each = dirname(each)) await utimes(each, LONG_AGO, LONG_AGO);
}

/** As another process asks. */
async function ask(asked = call, said = { code: 0, isSilent: true }): Promise<string> {
  const cache = new MetadataCache(new DiskCache({ folder: join(dir, '../cache'), maxBytes: 1_000_000 }));
  const stdout = JSON.stringify({
    workspace_root: join(dir, 'app'),
    packages: [
      { source: null, manifest_path: join(dir, 'app/Cargo.toml') },
      { source: null, manifest_path: join(dir, 'shared/Cargo.toml') },
      { source: 'registry+x', manifest_path: '/registry/leptos/Cargo.toml' },
    ],
  });
  const answer = await cache.answer(asked, async () => {
    runs += 1;
    return { ...said, stdout };
  });
  expect(answer.stdout).toBe(stdout);
  return answer.stdout;
}

beforeEach(async () => {
  dir = join(await tempDir(), 'projects');
  runs = 0;
  await write('bin/cargo', '#!/bin/sh\n');
  await write('home/.cargo/registry', '');
  await write('app/Cargo.toml', '[package]\nname = "app"\n[workspace]\nmembers = ["crates/*"]\n');
  await write('app/Cargo.lock', 'version = 4\n');
  await write('app/crates/one/Cargo.toml', '[package]\nname = "one"\n');
  await write('app/src/main.rs', 'fn main() {}\n');
  await write('shared/Cargo.toml', '[package]\nname = "shared"\n');
  await write('shared/tests/old/main.rs', '');
  call = {
    program: join(dir, 'bin/cargo'),
    args: ['metadata', '--format-version', '1'],
    cwd: join(dir, 'app'),
    env: { HOME: join(dir, 'home'), PATH: '/bin' },
  };
});

describe('an answer of cargo metadata', () => {
  it('is given again while nothing changed that cargo reads for it', async () => {
    await ask();
    await ask();
    await write('app/src/main.rs', 'fn main() { changed(); }\n');
    await write('app/README.md', 'changed');
    await ask({ ...call, env: { ...call.env, PATH: '/usr/bin', LEPTOS_SITE_ADDR: '127.0.0.1:4000' } });
    expect(runs).toBe(1);
  });

  it.each([
    ['a manifest', 'app/Cargo.toml'],
    ['the manifest of a path dependency', 'shared/Cargo.toml'],
    ['the lock file', 'app/Cargo.lock'],
  ])('is asked for anew when %s changed', async (_, path) => {
    await ask();
    await appendFile(join(dir, path), '\n# changed\n');
    await ask();
    expect(runs).toBe(2);
  });

  it.each([
    ['a binary', 'app/src/bin/tool.rs'],
    ['a test of several files', 'shared/tests/new/main.rs'],
    ['a build script', 'shared/build.rs'],
    ['a member that a glob names', 'app/crates/two/Cargo.toml'],
    ['a configuration above the project', '.cargo/config.toml'],
    ['a configuration of the user', 'home/.cargo/config.toml'],
    ['a toolchain file', 'app/rust-toolchain.toml'],
    ['a workspace above the project', 'Cargo.toml'],
  ])('is asked for anew when there is %s that was not there', async (_, path) => {
    await ask();
    await write(path, '');
    await ask();
    expect(runs).toBe(2);
  });

  it('is asked for anew when a target loses its main file', async () => {
    await ask();
    await rm(join(dir, 'shared/tests/old/main.rs'));
    await ask();
    expect(runs).toBe(2);
  });

  it('is one for each command and environment', async () => {
    await ask();
    await ask({ ...call, args: [...call.args, '--no-deps'] });
    await ask({ ...call, env: { ...call.env, RUSTUP_TOOLCHAIN: 'nightly' } });
    expect(runs).toBe(3);
  });

  it('is not kept with a warning, nor a failure', async () => {
    await ask(call, { code: 0, isSilent: false });
    await ask(call, { code: 101, isSilent: true });
    await ask();
    expect(runs).toBe(3);
  });

  it('is not kept when something was written while cargo ran', async () => {
    await writeFile(join(dir, 'app/Cargo.lock'), 'version = 4 # by this cargo');
    await ask();
    await ask();
    expect(runs).toBe(2);
  });

  it('is not kept where a glob is more than the last part of a path', async () => {
    await write('app/Cargo.toml', '[workspace]\nmembers = ["*/crates"]\n');
    await ask();
    await ask();
    expect(runs).toBe(2);
  });
});
