import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RUST_SIDES, type RustSide } from '../../src/core/events.js';
import { SideCompilations } from '../../src/plan/compilations.js';
import { LastBuilt, type PlannedChange } from '../../src/plan/last-built.js';
import { RustOutliner } from '../../src/plan/rust-outline.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

const API = `use leptos::prelude::*;
#[server]
pub async fn load_items() -> Result<u32, ServerFnError> { Ok(1) }
#[server]
pub async fn save() -> Result<u32, ServerFnError> { Ok(2) }
pub fn shared() -> u32 { 3 }
`;

let outliner: RustOutliner;
beforeAll(async () => {
  outliner = await RustOutliner.load();
});

interface RigOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly hasBuildScript?: boolean;
  readonly skipComments?: boolean;
}

/** A package with a few files, and a plan that knows both sides as built. */
async function rig({ files = {}, hasBuildScript = false, skipComments = true }: RigOptions = {}) {
  const dir = await tempDir();
  const sources: Record<string, string> = {
    'src/lib.rs': 'mod api;\n',
    'src/api.rs': API,
    'src/a.css': 'a {}\n',
    ...files,
  };
  await writeFiles(dir, sources);
  const id = `path+file://${dir}#app@0.1.0`;
  const plan = new LastBuilt({
    load: async () => outliner,
    packages: () => [
      { id, name: 'app', version: '0.1.0', manifestPath: join(dir, 'Cargo.toml'), dir, isMember: true, hasBuildScript },
    ],
    root: dir,
    skipComments,
  });
  const built = async (side: RustSide, startedAt = Date.now() + 1_000, names = Object.keys(sources)): Promise<void> => {
    const compilations = new SideCompilations();
    for (const line of messages(id, side)) compilations.read(line);
    await plan.built(side, { files: names.map((name) => join(dir, name)), startedAt, compilations });
  };
  const judge = (...changes: (string | PlannedChange)[]) =>
    plan.judge(
      changes.map((change) => (typeof change === 'string' ? { path: join(dir, change), sides: RUST_SIDES } : change)),
    );
  const save = async (name: string, text: string) => {
    await writeFiles(dir, { [name]: text });
    return judge(name);
  };
  for (const side of RUST_SIDES) await built(side);
  return { dir, plan, built, judge, save };
}

/** What cargo tells of the two crates that matter. */
function messages(id: string, side: RustSide): string[] {
  const ssr = side === 'server' ? ['ssr'] : [];
  const target = side === 'server' ? '' : 'wasm32-unknown-unknown/';
  const artifact = (fields: object): string => JSON.stringify({ reason: 'compiler-artifact', ...fields });
  return [
    'Compiling app',
    artifact({
      package_id: 'registry+x#server_fn_macro@0.8.12',
      target: { kind: ['lib'], name: 'server_fn_macro' },
      features: ssr,
    }),
    artifact({ package_id: id, target: { kind: ['custom-build'], name: 'build-script-build' }, features: ['odd'] }),
    artifact({
      package_id: id,
      target: { kind: ['cdylib', 'rlib'], name: 'app' },
      features: side === 'server' ? ['ssr'] : ['hydrate'],
      filenames: [`/target/${target}debug/app`],
    }),
  ];
}

describe('what each side was last built from', () => {
  it('says that a side is behind before anything is known of it', async () => {
    const { plan, judge } = await rig();
    await plan.forget('front');
    const { front, server } = await judge('src/api.rs');
    expect(front).toEqual({ needed: true, reason: 'src/api.rs changed' });
    expect(server).toEqual({ needed: false, reason: 'same content as its last build' });
  });

  it('builds the server alone for a body, with the reason', async () => {
    const { save } = await rig();
    const verdicts = await save('src/api.rs', API.replace('Ok(1)', 'Ok(10)'));
    expect(verdicts.front).toEqual({ needed: false, reason: 'only the body of `load_items` changed' });
    expect(verdicts.server).toEqual({ needed: true, reason: '`load_items` changed in src/api.rs' });
    const both = await save('src/api.rs', API.replace('Ok(1)', 'Ok(10)').replace('Ok(2)', 'Ok(20)'));
    expect(both.front.reason).toBe('only the bodies of `load_items` and `save` changed');
  });

  it('compares a side with its own last build, over any number of skipped edits', async () => {
    const { save, built } = await rig();
    await save('src/api.rs', API.replace('Ok(1)', 'Ok(10)'));
    await built('server');
    expect((await save('src/api.rs', `// x\n${API.replace('Ok(1)', 'Ok(10)')}`)).server.needed).toBe(false);
    const shared = API.replace('{ 3 }', '{ 30 }');
    expect((await save('src/api.rs', shared)).front).toEqual({
      needed: true,
      reason: '`shared` changed in src/api.rs',
    });
    // Back to what the front has, and not to what the server has.
    const back = await save('src/api.rs', API);
    expect(back.front).toEqual({ needed: false, reason: 'same content as its last build' });
    expect(back.server.needed).toBe(true);
  });

  it('stays behind with an edit that was not built yet, whatever comes after', async () => {
    const { save, built } = await rig();
    await save('src/api.rs', API.replace('{ 3 }', '{ nonsense }'));
    const later = await save('src/lib.rs', '// comment\nmod api;\n');
    expect(later.front).toEqual({ needed: true, reason: '`shared` changed in src/api.rs' });
    await built('front');
    const after = await save('src/lib.rs', 'mod api;\n');
    expect(after.front).toEqual({ needed: false, reason: 'only comments and white space changed' });
    expect(after.server.needed).toBe(true);
  });

  it('takes nothing for built that was written after the build began', async () => {
    const { save, built, judge } = await rig();
    await save('src/api.rs', API.replace('{ 3 }', '{ 4 }'));
    await built('front', 0);
    expect((await judge('src/api.rs')).front).toEqual({
      needed: true,
      reason: 'src/api.rs changed during the last build',
    });
    await built('front');
    expect((await judge('src/api.rs')).front.needed).toBe(false);
  });

  it('builds for comments when it is told to', async () => {
    const { save } = await rig({ skipComments: false });
    expect((await save('src/lib.rs', '// x\nmod api;\n')).front.needed).toBe(true);
  });

  it('skips comments in both', async () => {
    const { save } = await rig();
    const reason = 'only comments and white space changed';
    expect(await save('src/lib.rs', '// x\nmod api;\n')).toEqual({
      front: { needed: false, reason },
      server: { needed: false, reason },
    });
  });
});

describe('for the next run', () => {
  it('names the files that a side was built from, while each has the content that it was built with', async () => {
    const { dir, plan, built, save } = await rig();
    const names = ['src/lib.rs', 'src/api.rs', 'src/a.css'].map((name) => join(dir, name));
    expect(await plan.unchangedInputs('front')).toEqual(names);
    await save('src/a.css', 'a { color: red }\n');
    expect(await plan.unchangedInputs('front')).toBeNull();
    await save('src/a.css', 'a {}\n');
    expect(await plan.unchangedInputs('front')).toEqual(names);
    // A comment is left out of the build, but cargo would not.
    await save('src/lib.rs', '// new\nmod api;\n');
    expect(await plan.unchangedInputs('server')).toBeNull();
    await built('server');
    expect(await plan.unchangedInputs('server')).toEqual(names);
  });

  it('names none where it is not certain what a build has read', async () => {
    const { plan, built } = await rig();
    await built('front', 0);
    expect(await plan.unchangedInputs('front')).toBeNull();
    await plan.forget('server');
    expect(await plan.unchangedInputs('server')).toBeNull();
  });
});

describe('files', () => {
  it('builds for included files, deleted ones and new roots', async () => {
    const { dir, save, judge } = await rig();
    expect((await save('src/a.css', 'b {}\n')).front).toEqual({ needed: true, reason: 'src/a.css changed' });
    expect((await save('src/a.css', 'a {}\n')).front.needed).toBe(false);
    expect((await save('src/main.rs', 'fn main() {}\n')).server).toEqual({
      needed: true,
      reason: 'src/main.rs is new',
    });
    await rm(join(dir, 'src/api.rs'));
    const gone = await judge('src/api.rs');
    expect(gone.front).toEqual({ needed: true, reason: 'src/api.rs is gone (and 1 more file)' });
  });

  it('forgets a file that is gone and that the build did without', async () => {
    const { dir, judge, built, save } = await rig();
    await rm(join(dir, 'src/a.css'));
    expect((await judge('src/a.css')).front.reason).toBe('src/a.css is gone');
    await built('front', Date.now() + 1_000, ['src/lib.rs', 'src/api.rs']);
    expect((await save('src/lib.rs', '// x\nmod api;\n')).front.needed).toBe(false);
  });

  it('does not build for a file that no module names, nor for one of the other side', async () => {
    const { dir, save, judge } = await rig();
    expect((await save('src/draft.rs', 'fn draft() {}\n')).front).toEqual({
      needed: false,
      reason: 'src/draft.rs is no part of it',
    });
    const verdicts = await judge({ path: join(dir, 'src/api.rs'), sides: ['server'] });
    expect(verdicts.front.reason).toBe('src/api.rs is no part of it');
  });

  it('looks at every byte of a file that is read as data', async () => {
    const shows = 'mod api;\nconst SOURCE: &str = include_str!("api.rs");\n';
    const { save } = await rig({ files: { 'src/lib.rs': shows } });
    expect((await save('src/api.rs', `// x\n${API}`)).front.reason).toBe('src/api.rs changed, and is read as text too');
    const named = await rig({ files: { 'src/lib.rs': 'mod api;\nfn a() -> &str { "src/api.rs" }\n' } });
    expect((await named.save('src/api.rs', `// x\n${API}`)).front.needed).toBe(false);
  });

  it('looks at every byte where a build script may read it', async () => {
    const script = (text: string) => rig({ files: { 'build.rs': text }, hasBuildScript: true });
    const walks = await script('fn main() { println!("cargo:rerun-if-changed=src"); }');
    expect((await walks.save('src/api.rs', `// x\n${API}`)).front.needed).toBe(true);
    expect((await walks.save('src/draft.rs', '')).front.needed).toBe(true);
    const silent = await script('fn main() {}');
    expect((await silent.save('src/api.rs', `// x\n${API}`)).front.needed).toBe(true);
    const proto = await script('fn main() { println!("cargo:rerun-if-changed=a.proto"); }');
    expect((await proto.save('src/api.rs', `// x\n${API}`)).front.needed).toBe(false);
  });

  it('tells of many files with one reason', async () => {
    const { dir, judge } = await rig();
    await writeFiles(dir, {
      'src/api.rs': API.replace('{ 3 }', '{ 4 }'),
      'src/lib.rs': 'mod api;\nmod b;\n',
      'src/a.css': '',
    });
    expect((await judge('src/lib.rs', 'src/api.rs', 'src/a.css')).front.reason).toBe(
      '`b` changed in src/lib.rs (and 2 more files)',
    );
  });
});
