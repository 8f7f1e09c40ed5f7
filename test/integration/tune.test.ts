import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInit } from '../../src/project/init.js';
import { writeScript } from '../support/temp-dir.js';
import { type TuneOutcome, type TuneProject, tuneProject } from '../support/tune-project.js';

/** The entry of a candidate as the fake cargo sees it. */
const UNITS_16 = 'package.app.codegen-units=16';

const manifest = (app: TuneProject) => readFile(app.project.path('Cargo.toml'), 'utf8');
const hasScratch = (app: TuneProject) => existsSync(app.project.path('target/leptos-fast/tune'));

function initOf(app: TuneProject, options: { readonly remove?: boolean; readonly mode?: 'check' | 'write' }) {
  const io = { cwd: app.project.dir, write: () => undefined };
  return runInit({ dir: app.project.dir, remove: false, yes: false, mode: 'write', ...options }, io);
}

// Each test lets some hundred processes run.
describe('tune on a project whose builds take the time that the test gives them', { timeout: 240_000 }, () => {
  it('says so when no setting wins, and changes nothing', async () => {
    const app = await tuneProject();
    const before = await manifest(app);
    const { result, said, json } = await app.tune();
    expect(result, said).toEqual({ ok: true, value: 0 });
    expect(said).toContain('No setting wins beyond the noise');
    expect(json).toMatchObject({ schema: 1, winner: null, written: false, end: 'complete', isSeeded: false });
    expect(json.settings.map(({ verdict }: { verdict: string }) => verdict)).toEqual(Array(2).fill('within the noise'));
    expect(await manifest(app)).toBe(before);
    expect(hasScratch(app)).toBe(false);
  });

  it('makes the calls of cargo-leptos on a copy, each with an edit of its own, and never edits the project', async () => {
    const app = await tuneProject();
    const { said } = await app.tune();
    const calls = await app.calls();
    const scratch = app.project.path('target/leptos-fast/tune/scratch');
    for (const { args } of calls) expect(args, said).toContain(`--manifest-path=${scratch}/app/Cargo.toml`);
    const front = calls.filter(({ side }) => side === 'front');
    expect(front[0]?.args).toMatch(
      /^build .*--package=app --lib --target=wasm32-unknown-unknown --no-default-features --features=hydrate --profile=dev-fast/,
    );
    expect(front[0]?.args).toContain(`--target-dir=${scratch}/target/front`);
    expect(front[0]?.args).toContain('--config profile.dev-fast.debug=false');
    expect(front[0]?.args).not.toContain('codegen-units');
    const server = calls.filter(({ side }) => side === 'server');
    expect(new Set(server.map(({ edited }) => edited)).size).toBe(server.length);
    const of = (setting: string) => server.filter(({ args }) => args.includes(setting)).length;
    expect(of(UNITS_16)).toBeGreaterThan(6);
    expect(front.map(({ edited }) => edited).sort()).toEqual(server.map(({ edited }) => edited).sort());
    expect(await readFile(app.project.path('src/app.rs'), 'utf8')).toContain('"Hello"');
  });

  it('offers a winner as a diff, writes it after a yes, and init --remove takes it out byte for byte', async () => {
    const app = await tuneProject();
    await app.speeds([`600 ${UNITS_16}`]);
    const before = await manifest(app);
    const { result, said, json } = await app.tune({ yes: true });
    expect(result, said).toEqual({ ok: true, value: 0 });
    expect(json.winner).toMatchObject({ ids: ['codegen-units-16'], ratio: { value: 0.6 } });
    expect(json.written).toBe(true);
    const after = await manifest(app);
    expect(after).toContain('[profile.dev-fast] # leptos-fast: tuned preset');
    expect(after).toContain('package.app.codegen-units = 16 # leptos-fast\n');
    expect(after).toContain('debug = false # leptos-fast\n');
    expect(await initOf(app, { mode: 'check' })).toEqual({ ok: true, value: 0 });
    expect(await initOf(app, { remove: true })).toEqual({ ok: true, value: 0 });
    expect(await manifest(app)).toBe(before);
  });

  it('writes nothing where nobody says yes', async () => {
    const app = await tuneProject();
    await app.speeds([`600 ${UNITS_16}`]);
    const before = await manifest(app);
    const asked: string[] = [];
    const ask = (question: string) => {
      asked.push(question);
      return Promise.resolve(false);
    };
    const refused = await app.tune({ openQuestions: () => Promise.resolve({ ask, close: () => undefined }) });
    expect(asked).toHaveLength(1);
    expect(refused.said).toContain('+ package.app.codegen-units = 16');
    expect(refused.json.written).toBe(false);
    expect(await manifest(app)).toBe(before);
  });

  it('tells what to write by hand for a linker, and leaves .cargo alone', async () => {
    const app = await tuneProject();
    await writeScript(join(app.control, 'bin', 'mold'), '#!/bin/sh\n');
    await app.speeds(['500 -fuse-ld=mold']);
    const before = await manifest(app);
    const { said, json } = await app.tune({ only: 'linker', yes: true });
    expect(json.winner?.ids, said).toContain('linker-mold');
    expect(said).toContain('into .cargo/config.toml, which leptos-fast leaves alone');
    expect(said).toContain('rustflags = ["-Clink-arg=-fuse-ld=mold"]');
    expect(json.written).toBe(false);
    expect(await manifest(app)).toBe(before);
    expect(existsSync(app.project.path('.cargo'))).toBe(false);
    const linked = (await app.calls()).filter(({ linkArgs }) => linkArgs.includes('mold'));
    expect(new Set(linked.map(({ side }) => side))).toEqual(new Set(['server']));
  });

  it('takes a linker that is no faster for none: cargo would find built what the base has built', async () => {
    const app = await tuneProject();
    await writeScript(join(app.control, 'bin', 'mold'), '#!/bin/sh\n');
    const { said, json } = await app.tune({ only: 'linker' });
    const mold = json.settings.find(({ id }: { id: string }) => id === 'linker-mold');
    expect(mold, said).toMatchObject({ ratio: { value: 1, low: 1, high: 1 }, verdict: 'within the noise' });
    expect(json.winner).toBeNull();
  });

  it('counts no build that had nothing to compile', async () => {
    const app = await tuneProject();
    await app.speeds([`FRESH ${UNITS_16}`]);
    const { said, json } = await app.tune();
    expect(json.winner, said).toBeNull();
    expect(json.notTried).toMatchObject([
      { what: "the app's crates in 16 codegen units", why: expect.stringContaining('cargo had nothing to compile') },
    ]);
    await app.speeds(['FRESH build']);
    expect(await app.tune()).toMatchObject({ result: { error: [{ code: 'LF070' }] } });
  });

  it("replaces a user's own value in dev-fast, keeps the old line, and gives it back", async () => {
    const app = await tuneProject();
    const own = `${await manifest(app)}
[profile.dev-fast]
inherits = "dev"
debug = "line-tables-only"   # mine
`;
    const chosen = own.replace(
      'lib-features',
      'lib-profile-dev = "dev-fast"\nbin-profile-dev = "dev-fast"\nlib-features',
    );
    await writeFile(app.project.path('Cargo.toml'), chosen);
    await app.speeds(['500 profile.dev-fast.debug=false']);
    const { said, json } = await app.tune({ only: 'debug', yes: true });
    expect(json.winner?.ids, said).toEqual(['debug-none']);
    expect(said).toContain('costs: no debug info: no stepping in a debugger');
    expect(await manifest(app)).toContain(
      'debug = false # leptos-fast: tuned, was: debug = "line-tables-only"   # mine',
    );
    await initOf(app, { remove: true });
    expect(await manifest(app)).toBe(chosen.replace(/(lib|bin)-profile-dev = "dev-fast"\n/g, '$&'));
  });

  it('writes no profile of another name, but says what would belong there', async () => {
    const app = await tuneProject();
    const chosen = `${(await manifest(app)).replace('lib-features', 'lib-profile-dev = "quick"\nbin-profile-dev = "quick"\nlib-features')}
[profile.quick]
inherits = "dev"
`;
    await writeFile(app.project.path('Cargo.toml'), chosen);
    await app.speeds(['500 profile.quick.package.app.codegen-units=64']);
    const { said, json } = await app.tune({ yes: true });
    expect(json.winner?.ids, said).toEqual(['codegen-units-64']);
    expect(said).toContain('[profile.quick]\n    package.app.codegen-units = 64');
    expect(await manifest(app)).toBe(chosen);
  });

  it('begins with what the dependencies of the project were built to, with their times', async () => {
    const app = await tuneProject({
      'target/dev-fast/deps/libdep-1.rlib': 'built',
      'target/dev-fast/incremental/x': 'no',
    });
    const { json, said } = await app.tune({
      openQuestions: () => Promise.resolve(undefined),
      only: 'threads',
    });
    expect(json?.isSeeded, said).toBe(true);
    expect(said).toContain("took its dependencies from the project's target directory");
  });

  it('says that the app does not build, and leaves nothing behind', async () => {
    const app = await tuneProject();
    await app.speeds(['FAIL build']);
    const { result } = await app.tune();
    expect(result).toMatchObject({ ok: false, error: [{ code: 'LF070', exitCode: 3 }] });
    expect(JSON.stringify(result)).toContain('linking with `cc` failed');
    expect(hasScratch(app)).toBe(false);
  });

  it('says that the budget was too short to compare anything', async () => {
    const app = await tuneProject();
    await app.speeds(['120000 build']);
    expect((await app.tune({ budget: '1m' })).result).toMatchObject({
      ok: false,
      error: [{ code: 'LF071', exitCode: 4 }],
    });
    expect(hasScratch(app)).toBe(false);
  });

  it('after Ctrl-C tells what is known, ends what runs, and leaves nothing behind', async () => {
    const app = await tuneProject();
    await app.speeds([`HANG ${UNITS_16}`]);
    // The base's first build and first edit, then the setting that never ends.
    app.onBuild = (build) => {
      if (build === 3) setImmediate(() => process.emit('SIGINT'));
    };
    const { result, said, json } = await app.tune();
    expect(result, said).toEqual({ ok: true, value: 0 });
    expect(said).toContain('ending: what was built for the trial is removed');
    expect(json).toMatchObject({ end: 'stopped', base: { firstBuildMs: 2000 }, winner: null, written: false });
    expect(hasScratch(app)).toBe(false);
    const hanging = (await app.calls()).filter(({ args }) => args.includes(UNITS_16));
    for (const { pid } of hanging) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('refuses a setting that it does not know, and a second run at once', async () => {
    const app = await tuneProject();
    expect((await app.tune({ only: 'linker,luck' })).result).toMatchObject({ error: [{ code: 'LF022', exitCode: 2 }] });
    await app.speeds(['HANG build']);
    const second = new Promise<TuneOutcome>((resolve) => {
      app.onBuild = () => void app.tune().then(resolve);
    });
    const first = app.tune();
    expect((await second).result).toMatchObject({
      error: [{ code: 'LF041', message: 'leptos-fast tune already runs on this project' }],
    });
    expect(hasScratch(app)).toBe(true);
    process.emit('SIGINT');
    await first;
    expect(hasScratch(app)).toBe(false);
  });
});
