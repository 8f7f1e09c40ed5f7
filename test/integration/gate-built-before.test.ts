import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { BuiltBefore } from '../../src/gate/built-before.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

/* The real cargo and rustc: what is tested is a fact about them. */

const SOURCES = ['src/main.rs', 'src/word.rs', 'inner/src/lib.rs', 'macros/src/lib.rs', 'text.txt'];
const ARGS = ['build', '--profile=fast'];
const run = promisify(execFile);

let dir: string;
let state: string;
let before: BuiltBefore;

interface Built {
  /** What the program says. */
  readonly says: string;
  /** Names of the packages that cargo compiled. */
  readonly compiled: readonly string[];
}

async function cargo(...args: readonly string[]): Promise<Built> {
  const { stderr } = await run('cargo', [...ARGS, '--offline', ...args], {
    cwd: dir,
    env: { ...process.env, CARGO_TARGET_DIR: join(dir, 'target'), CARGO_TERM_COLOR: 'never' },
  });
  const compiled = [...stderr.matchAll(/^ *Compiling (\S+)/gm)].map(([, name = '']) => name);
  return { says: (await run(join(dir, 'target/fast/app'))).stdout.trim(), compiled };
}

/** A build of ours: cargo's, told to what keeps the record. */
async function build(more: { hasWaited?: boolean; args?: readonly string[] } = {}): Promise<Built> {
  const startedAt = Date.now();
  const built = await cargo(...(more.args ?? []));
  before.note('server', { args: ARGS, startedAt, finishedAt: Date.now(), hasWaited: more.hasWaited ?? false });
  return built;
}

/** The end of one run and the start of the next. */
async function startAnew(): Promise<number> {
  await before.save(
    'server',
    SOURCES.map((name) => join(dir, name)),
  );
  before = make();
  return before.freshen('server');
}

const make = (): BuiltBefore =>
  new BuiltBefore({
    folder: state,
    targetDir: () => join(dir, 'target'),
    localCrates: () => ['app', 'inner', 'made-of-macros'],
  });

/** As a checkout does: the old bytes, written now. */
async function touch(...names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(join(dir, name), await readFile(join(dir, name)));
}

const word = (text: string): string => `pub const WORD: &str = "${text}";\n`;

beforeEach(async () => {
  dir = await tempDir();
  state = join(dir, 'target/leptos-fast');
  await mkdir(state, { recursive: true });
  before = make();
  await writeFiles(dir, {
    'Cargo.toml': `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n
[dependencies]\ninner = { path = "inner" }\nmade-of-macros = { path = "macros" }\n[features]\nloud = []\n
[workspace]\nmembers = ["inner", "macros"]\n[profile.fast]\ninherits = "dev"\n`,
    'macros/Cargo.toml': `[package]\nname = "made-of-macros"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nproc-macro = true\n`,
    'macros/src/lib.rs':
      '#[proc_macro]\npub fn word(_: proc_macro::TokenStream) -> proc_macro::TokenStream { "\\"macro\\"".parse().unwrap() }\n',
    'inner/Cargo.toml': '[package]\nname = "inner"\nversion = "0.1.0"\nedition = "2021"\n',
    'inner/src/lib.rs': 'pub fn inner() -> &\'static str { "inner" }\n',
    'src/main.rs':
      'mod word;\nfn main() { println!("{} {} {} {}", word::WORD, include_str!("../text.txt"), inner::inner(), made_of_macros::word!()); }\n',
    'src/word.rs': word('one'),
    'text.txt': 'text',
  });
});

describe('files that are newer than their build, with the content that was built', () => {
  it('are compiled again by cargo alone, and not with the record of the last run', async () => {
    await build();
    await touch(...SOURCES);
    // Should this fail, cargo has learnt to look at the content, and we are not needed.
    expect((await build()).compiled.toSorted()).toEqual(['app', 'inner', 'made-of-macros']);
    await touch(...SOURCES);
    expect(await startAnew()).toBe(SOURCES.length);
    expect(await cargo()).toEqual({ says: 'one text inner macro', compiled: [] });
  });

  it('are so after further runs in which nothing was compiled', async () => {
    await build();
    for (let runs = 0; runs < 2; runs += 1) {
      await touch('src/word.rs');
      expect(await startAnew()).toBe(1);
      expect((await build()).compiled).toEqual([]);
    }
  });

  it('keep their own times', async () => {
    await build();
    await touch('src/word.rs');
    const { mtimeMs } = await stat(join(dir, 'src/word.rs'));
    await startAnew();
    expect((await stat(join(dir, 'src/word.rs'))).mtimeMs).toBe(mtimeMs);
  });
});

describe('is compiled:', () => {
  it('an edit before the start', async () => {
    await build();
    await startAnew();
    await touch('text.txt');
    await writeFile(join(dir, 'src/word.rs'), word('two'));
    before = make();
    expect(await before.freshen('server')).toBe(0);
    expect((await cargo()).says).toBe('two text inner macro');
  });

  it('an edit after it', async () => {
    await build();
    await touch(...SOURCES);
    await startAnew();
    await writeFile(join(dir, 'src/word.rs'), word('two'));
    expect((await cargo()).says).toBe('two text inner macro');
  });

  it('what somebody else has built in between', async () => {
    await build();
    await startAnew();
    await writeFile(join(dir, 'src/word.rs'), word('two'));
    expect((await cargo()).says).toBe('two text inner macro');
    await writeFile(join(dir, 'src/word.rs'), word('one'));
    before = make();
    expect(await before.freshen('server')).toBe(0);
    expect((await cargo()).says).toBe('one text inner macro');
  });

  it('what was built last with other features, from another content', async () => {
    await build({ args: ['--features=loud'] });
    await writeFile(join(dir, 'src/word.rs'), word('two'));
    expect((await build()).says).toBe('two text inner macro');
    await touch(...SOURCES);
    expect(await startAnew()).toBe(SOURCES.length);
    expect(await cargo()).toEqual({ says: 'two text inner macro', compiled: [] });
    expect((await cargo('--features=loud')).says).toBe('two text inner macro');
  });

  it('what has a time of the future, and nothing else gets one from it', async () => {
    await build();
    const future = new Date(Date.now() + 3_600_000);
    await utimes(join(dir, 'text.txt'), future, future);
    expect(await startAnew()).toBe(0);
    expect((await cargo()).compiled).toContain('app');
    await writeFile(join(dir, 'src/word.rs'), word('two'));
    expect((await cargo()).says).toBe('two text inner macro');
  });

  it('what was built while another cargo built too', async () => {
    await build({ hasWaited: true });
    await touch(...SOURCES);
    expect(await startAnew()).toBe(0);
    expect((await cargo()).compiled).toContain('app');
  });

  it('what was edited after the last build, though the edit was older', async () => {
    await build();
    await writeFile(join(dir, 'src/word.rs'), word('two'));
    await before.save('server', null);
    before = make();
    expect(await before.freshen('server')).toBe(0);
    expect((await cargo()).says).toBe('two text inner macro');
  });
});

it('a torn record and a folder that is gone are no error', async () => {
  await build();
  await startAnew();
  await writeFile(join(state, 'built-server.json'), '{"version":1,"files":');
  before = make();
  expect(await before.freshen('server')).toBe(0);
  await utimes(join(dir, 'text.txt'), new Date(0), new Date(0));
  const nowhere = new BuiltBefore({
    folder: join(dir, 'none'),
    targetDir: () => join(dir, 'none'),
    localCrates: () => ['app'],
  });
  nowhere.note('server', { args: ARGS, startedAt: 0, finishedAt: Date.now(), hasWaited: false });
  await nowhere.save('server', [join(dir, 'text.txt')]);
  expect(await nowhere.freshen('server')).toBe(0);
});
