import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CacheMeter } from '../../src/cache/cache-figures.js';
import { KeptBindgen, keptBindgenContent } from '../../src/cache/kept-bindgen.js';
import { writeBindgenShim } from '../../src/gate/bindgen-shim.js';
import { ManualClock } from '../support/manual-clock.js';
import { tempDir } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/** Longer than it waits until it keeps something, in ms. */
const LONG_MS = 60_000;

let dir: string;
let kept: KeptBindgen;
let clock: ManualClock;
let meter: CacheMeter;
const never = new AbortController().signal;

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

/** A second one would find its output. */
async function callAndKeep(): Promise<void> {
  expect(callShim().status).toBe(0);
  await kept.keep(never);
}

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
  await writeFile(at('app.wasm'), 'wasm 1');
  clock = new ManualClock();
  meter = new CacheMeter();
  const folder = at("cache's/wasm-bindgen/app");
  kept = new KeptBindgen({ folder, program: at('real'), env: process.env, maxBytes: 1_000_000, clock, meter });
  await writeBindgenShim({ folder: at('bin'), kept: folder, program: at('real') });
});

describe('what wasm-bindgen made', () => {
  it('is taken for the same wasm, and wasm-bindgen is not run', async () => {
    await callAndKeep();
    const before = await runs();
    await rm(at('site'), { recursive: true });
    expect(callShim().status).toBe(0);
    expect(await runs()).toBe(before);
    expect(await readFile(at('site/pkg/app_bg.wasm'), 'utf8')).toBe('wasm 1');
    expect(await readFile(at('site/pkg/snippets/one.js'), 'utf8')).toBe('inline\n');
  });

  it('is not taken for another wasm, nor for other arguments', async () => {
    await callAndKeep();
    const before = await runs();
    await writeFile(at('app.wasm'), 'wasm 2');
    callShim();
    expect(await readFile(at('site/pkg/app_bg.wasm'), 'utf8')).toBe('wasm 2');
    await writeFile(at('app.wasm'), 'wasm 1');
    callShim(at('app.wasm'), at('site/other'));
    expect(await runs()).toBe(before + 2);
  });

  it('is not taken once wasm-bindgen is another', async () => {
    await callAndKeep();
    const before = await runs();
    const soon = new Date(Date.now() + 60_000);
    await utimes(at('real'), soon, soon);
    callShim();
    expect(await runs()).toBe(before + 1);
  });

  it('is made but once for one wasm, and of two only the newer is kept', async () => {
    await callAndKeep();
    const before = await runs();
    await kept.keep(never);
    expect(await runs()).toBe(before);
    await writeFile(at('app.wasm'), 'wasm 2');
    await callAndKeep();
    expect((await keptBindgenContent(at("cache's"))).entries).toBe(1);
  });

  it('is not kept where wasm-bindgen fails, and the shim passes its failure on', async () => {
    await writeReal('echo broken >&2\nexit 3');
    const { status, stderr } = callShim();
    expect([status, stderr]).toEqual([3, 'broken\n']);
    await kept.keep(never);
    expect((await keptBindgenContent(at("cache's"))).entries).toBe(0);
    expect((await readdir(kept.folder)).filter((name) => name.includes('made'))).toEqual([]);
  });

  it('is not kept where it is larger than allowed', async () => {
    await writeFile(at('app.wasm'), Buffer.alloc(600_000));
    await callAndKeep();
    expect((await keptBindgenContent(at("cache's"))).entries).toBe(0);
  });

  it('is given up when there is something to do', async () => {
    await writeReal('exec sleep 60');
    await writeFile(join(kept.folder, 'call'), `${dir}\n--out-dir=${at('site')}\n${at('app.wasm')}\n`);
    const stop = new AbortController();
    const keeping = kept.keep(stop.signal);
    await waitUntil('wasm-bindgen runs', async () => (await runs()) === 1);
    stop.abort();
    await keeping;
    expect((await keptBindgenContent(at("cache's"))).entries).toBe(0);
  });

  it('does without the folder', async () => {
    await rm(at("cache's"), { recursive: true });
    expect(callShim().status).toBe(0);
    expect(await readFile(at('site/pkg/app.js'), 'utf8')).toBe('glue\n');
    await kept.keep(never);
    expect(await runs()).toBe(1);
  });
});

describe('in the course of a session', () => {
  it('keeps when nothing was to be done for a while, and counts what was taken', async () => {
    kept.onStarted();
    callShim();
    await kept.onFinished();
    kept.onIdle();
    await clock.advance(LONG_MS);
    await waitUntil('it is kept', async () => (await keptBindgenContent(at("cache's"))).entries === 1);
    kept.onStarted();
    callShim();
    await kept.onFinished();
    expect(meter.figures['wasm-bindgen']).toMatchObject({ hits: 1, misses: 1, bytes: 6 + 5 + 7 });
  });

  it('waits on when a file was saved, and keeps nothing where wasm-bindgen had nothing to do', async () => {
    kept.onIdle();
    await clock.advance(LONG_MS);
    kept.onStarted();
    callShim();
    await kept.onFinished();
    kept.onIdle();
    kept.onBusy();
    await clock.advance(LONG_MS);
    // Whatever was begun would have written its first file by the time that this one is read.
    expect(await runs()).toBe(1);
    expect((await keptBindgenContent(at("cache's"))).entries).toBe(0);
  });
});
