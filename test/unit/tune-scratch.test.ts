import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyApp, diskUse } from '../../src/tune/app-copy.js';
import { BASE } from '../../src/tune/candidate.js';
import { withFreshStart } from '../../src/tune/fresh-start.js';
import { LINK_ARGS_VARIABLE, writeLinkerWrapper } from '../../src/tune/linker-wrapper.js';
import type { Measurer } from '../../src/tune/measurer.js';
import { seedDependencies } from '../../src/tune/seed.js';
import { model, packageIn, singleCrate } from '../support/leptos-model.js';
import { tempDir, writeFiles, writeScript } from '../support/temp-dir.js';

describe('the copy of the app', () => {
  it('has the sources, and nothing that was built', async () => {
    const dir = await tempDir('app');
    await writeFiles(dir, {
      'src/lib.rs': 'lib',
      '.env': 'A=1',
      'assets/logo.svg': '<svg/>',
      'target/debug/app': 'built',
      'out/CACHEDIR.TAG': 'Signature: 8a477f597d28d172789f06886806bc55',
      'out/debug/app': 'built elsewhere',
      '.git/HEAD': 'ref',
      'node_modules/x/index.js': 'x',
    });
    const { workspace, project } = singleCrate(dir);
    const copy = await copyApp(workspace, project, join(dir, 'target/leptos-fast/tune/app'));
    const has = (name: string) => existsSync(join(copy.root, name));
    expect(['src/lib.rs', '.env', 'assets/logo.svg'].map(has)).toEqual([true, true, true]);
    expect(['target', 'out', '.git', 'node_modules'].map(has)).toEqual([false, false, false, false]);
    await writeFile(join(copy.root, 'src/lib.rs'), 'edited');
    expect(await readFile(join(dir, 'src/lib.rs'), 'utf8')).toBe('lib');
  });

  it('keeps path dependencies outside in their places, and links within itself', async () => {
    const base = await tempDir('base');
    await writeFiles(base, { 'work/app/src/lib.rs': 'app', 'libs/ui/src/lib.rs': 'ui', 'elsewhere/data.txt': 'data' });
    await symlink('lib.rs', join(base, 'work/app/src/same.rs'));
    await symlink('../../../elsewhere/data.txt', join(base, 'work/app/src/data.txt'));
    const app = packageIn(join(base, 'work/app'), 'app');
    const ui = packageIn(join(base, 'libs/ui'), 'ui', { isMember: false });
    const { workspace, project } = model({ root: app.dir, front: [app, ui], server: [app, ui] });
    const copy = await copyApp(workspace, project, await tempDir('copy'));
    expect(await readFile(join(copy.root, '../../libs/ui/src/lib.rs'), 'utf8')).toBe('ui');
    expect(copy.at(join(ui.dir, 'src'))).toBe(join(copy.root, '../../libs/ui/src'));
    expect(await readlink(join(copy.root, 'src/same.rs'))).toBe(join(copy.root, 'src/lib.rs'));
    expect(await readFile(join(copy.root, 'src/data.txt'), 'utf8')).toBe('data');
    expect(copy.at(join(base, 'elsewhere'))).toBeUndefined();
  });
});

describe('what is copied to begin with', () => {
  it('are the folders of the calls with their times, without the incremental state', async () => {
    const dir = await tempDir('app');
    await writeFiles(dir, {
      'target/front/wasm32-unknown-unknown/dev-fast/deps/libdep.rlib': 'wasm',
      'target/front/dev-fast/deps/libmacro.so': 'macro',
      'target/dev-fast/deps/libdep.rlib': 'native',
      'target/dev-fast/incremental/app/state': 'large',
      'target/debug/deps/libdep.rlib': 'another profile',
    });
    const old = new Date('2025-01-01T00:00:00.125Z');
    await utimes(join(dir, 'target/dev-fast/deps/libdep.rlib'), old, old);
    const call = (args: readonly string[]) => ({ program: 'cargo', args, cwd: dir, env: {} });
    const front = call([
      'build',
      `--target-dir=${join(dir, 'target/front')}`,
      '--target=wasm32-unknown-unknown',
      '--profile=dev-fast',
    ]);
    const server = call(['build', '--profile=dev-fast']);
    const to = await tempDir('scratch');
    const files = await seedDependencies({
      calls: [front, server],
      targetDir: join(dir, 'target'),
      at: (one) => (one === front ? join(to, 'front') : to),
      signal: new AbortController().signal,
    });
    expect(files).toBe(3);
    expect(await readFile(join(to, 'front/wasm32-unknown-unknown/dev-fast/deps/libdep.rlib'), 'utf8')).toBe('wasm');
    expect(await readFile(join(to, 'front/dev-fast/deps/libmacro.so'), 'utf8')).toBe('macro');
    expect((await stat(join(to, 'dev-fast/deps/libdep.rlib'))).mtimeMs).toBe(old.getTime());
    expect(existsSync(join(to, 'dev-fast/incremental'))).toBe(false);
    expect(await diskUse(to)).toBeGreaterThan(0);
  });

  it('is thrown away when the first build fails on it, and only then', async () => {
    let cleared = 0;
    const answers = ['failed', 'done'];
    const measurer: Measurer = {
      warmUp: async () =>
        answers.shift() === 'failed' ? { kind: 'failed', why: 'E0460' } : { kind: 'done', value: 5 },
      build: async () => ({ kind: 'stopped' }),
    };
    const guarded = withFreshStart(measurer, async () => {
      cleared += 1;
    });
    expect(await guarded.warmUp(BASE, 0)).toEqual({ kind: 'done', value: 5 });
    expect(await guarded.warmUp(BASE, 0)).toEqual({ kind: 'done', value: 5 });
    expect(cleared).toBe(1);
  });
});

describe('the linker wrapper', () => {
  it('passes everything on, and adds what the variable says', async () => {
    const dir = await tempDir("it's a folder");
    const driver = await writeScript(join(dir, 'real/cc'), '#!/bin/sh\nfor arg do echo "$arg"; done\n');
    await writeLinkerWrapper(join(dir, 'bin'), driver);
    const link = (more: string) =>
      execFileSync(join(dir, 'bin/cc'), ['-o', 'a b'], { encoding: 'utf8', env: { [LINK_ARGS_VARIABLE]: more } });
    expect(link('')).toBe('-o\na b\n');
    expect(link('-fuse-ld=mold -v')).toBe('-o\na b\n-fuse-ld=mold\n-v\n');
  });
});
