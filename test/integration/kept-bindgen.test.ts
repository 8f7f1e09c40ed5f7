import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CacheMeter } from '../../src/cache/cache-figures.js';
import { KeptBindgen, keptBindgenContent } from '../../src/cache/kept-bindgen.js';
import { systemClock } from '../../src/core/clock.js';
import { writeBindgenShim } from '../../src/gate/bindgen-shim.js';
import { tempDir } from '../support/temp-dir.js';

let dir: string;
let kept: KeptBindgen;
let meter: CacheMeter;

const at = (path: string): string => join(dir, path);

/** As cargo-leptos calls it (compile/front.rs, `bindgen`). */
function callShim(input = at('app.wasm'), out = at('site/pkg')) {
  return spawnSync(at('bin/wasm-bindgen'), ['--target=web', '--out-name=app', `--out-dir=${out}`, input], {
    cwd: dir,
    encoding: 'utf8',
  });
}

/** How often wasm-bindgen itself has run. */
async function runs(): Promise<number> {
  return (await readFile(at('runs'), 'utf8').catch(() => '')).length;
}

async function writeReal(body: string): Promise<void> {
  await writeFile(at('real'), `#!/bin/sh\nprintf x >>'${at('runs')}'\n${body}\n`);
  await chmod(at('real'), 0o755);
  // Installed long before anything was kept.
  const past = new Date(Date.now() - 3_600_000);
  await utimes(at('real'), past, past);
}

/** A wasm that was linked before wasm-bindgen is called. */
async function link(content: string | Buffer): Promise<void> {
  await writeFile(at('app.wasm'), content);
  const past = new Date(Date.now() - 60_000);
  await utimes(at('app.wasm'), past, past);
}

/** As cargo-leptos runs it in a session: with the renaming (compile/front.rs, `bindgen`). */
async function bindgen(): Promise<void> {
  kept.onStarted();
  expect(callShim().status).toBe(0);
  await rename(at('site/pkg/app_bg.wasm'), at('site/pkg/app.wasm'));
  await kept.onFinished();
}

const entries = async (): Promise<number> => (await keptBindgenContent(at("cache's"))).entries;

beforeEach(async () => {
  dir = await tempDir();
  await writeReal(`for arg do
  case $arg in
    --out-dir=*) out=\${arg#*=} ;;
  esac
  input=$arg
done
mkdir -p "$out/snippets"
cp "$input" "$out/app_bg.wasm"
echo glue >"$out/app.js"
echo inline >"$out/snippets/one.js"`);
  await link('wasm 1');
  meter = new CacheMeter();
  const folder = at("cache's/wasm-bindgen/app");
  kept = new KeptBindgen({ folder, program: at('real'), maxBytes: 1_000_000, clock: systemClock, meter });
  await writeBindgenShim({ folder: at('bin'), kept: folder, program: at('real') });
});

describe('what wasm-bindgen made', () => {
  it('is taken for the same wasm, and wasm-bindgen is not run', async () => {
    await bindgen();
    const before = await runs();
    await rm(at('site'), { recursive: true });
    expect(callShim().status).toBe(0);
    expect(await runs()).toBe(before);
    expect(await readFile(at('site/pkg/app_bg.wasm'), 'utf8')).toBe('wasm 1');
    expect(await readFile(at('site/pkg/snippets/one.js'), 'utf8')).toBe('inline\n');
  });

  it('is not taken for another wasm, nor for other arguments', async () => {
    await bindgen();
    const before = await runs();
    await link('wasm 2');
    callShim();
    expect(await readFile(at('site/pkg/app_bg.wasm'), 'utf8')).toBe('wasm 2');
    await link('wasm 1');
    callShim(at('app.wasm'), at('site/other'));
    expect(await runs()).toBe(before + 2);
  });

  it.each([
    ['newer', 60_000],
    ['older', -7_200_000],
  ])('is not taken once wasm-bindgen is another, %s one', async (_, ms) => {
    await bindgen();
    const before = await runs();
    const then = new Date(Date.now() + ms);
    await utimes(at('real'), then, then);
    // As the next session does.
    if (ms < 0) await writeBindgenShim({ folder: at('bin'), kept: kept.folder, program: at('real') });
    callShim();
    expect(await runs()).toBe(before + 1);
  });

  it('is kept of the newest wasm alone', async () => {
    await bindgen();
    await link('wasm 2');
    await bindgen();
    expect(await entries()).toBe(1);
    await bindgen();
    expect(await runs()).toBe(2);
    expect(await readFile(at('site/pkg/app.wasm'), 'utf8')).toBe('wasm 2');
  });

  it('is not kept of a wasm that was written after wasm-bindgen had been called', async () => {
    kept.onStarted();
    callShim();
    await rename(at('site/pkg/app_bg.wasm'), at('site/pkg/app.wasm'));
    await writeFile(at('app.wasm'), 'wasm 2');
    await kept.onFinished();
    expect(await entries()).toBe(0);
  });

  it('is not kept where wasm-bindgen fails, and the shim passes its failure on', async () => {
    await writeReal('echo broken >&2\nexit 3');
    kept.onStarted();
    const { status, stderr } = callShim();
    expect([status, stderr]).toEqual([3, 'broken\n']);
    await kept.onFinished();
    expect(await entries()).toBe(0);
    expect((await readdir(kept.folder)).filter((name) => name.includes('made'))).toEqual([]);
  });

  it('is not kept where it is larger than allowed', async () => {
    await link(Buffer.alloc(600_000));
    await bindgen();
    expect(await entries()).toBe(0);
  });

  it('does without the folder', async () => {
    await rm(at("cache's"), { recursive: true });
    await bindgen();
    expect(await readFile(at('site/pkg/app.js'), 'utf8')).toBe('glue\n');
    expect(await runs()).toBe(1);
  });

  it('counts what was taken, and nothing where cargo-leptos did not ask', async () => {
    await bindgen();
    await kept.onFinished();
    await bindgen();
    expect(meter.figures['wasm-bindgen']).toMatchObject({ hits: 1, misses: 1, bytes: 6 + 5 + 7 });
  });
});
