import { execFile } from 'node:child_process';
import { readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { outdateFingerprints } from '../../src/gate/stale-time-stamps.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

/* The real cargo and rustc: what is tested is a fact about them. */

const ARGS = ['build', '--profile=fast', '--quiet'];
const LONG_AGO = new Date('2001-01-01');
const run = promisify(execFile);

let dir: string;

async function build(): Promise<string> {
  await run('cargo', [...ARGS, '--offline'], {
    cwd: dir,
    env: { ...process.env, CARGO_TARGET_DIR: join(dir, 'target') },
  });
  return (await run(join(dir, 'target/fast/app'))).stdout.trim();
}

/** Replaces a file by one with another content and an older time, as `cp -p` and `rsync -t` do. */
async function replaceByOlder(name: string, text: string): Promise<void> {
  const path = join(dir, name);
  await writeFile(`${path}.new`, text);
  await utimes(`${path}.new`, LONG_AGO, LONG_AGO);
  await rename(`${path}.new`, path);
}

const outdate = (...changed: string[]) =>
  outdateFingerprints(
    ARGS,
    join(dir, 'target'),
    ['app', 'made-of-macros'],
    changed.map((name) => join(dir, name)),
  );

beforeEach(async () => {
  dir = await tempDir();
  await writeFiles(dir, {
    'Cargo.toml': `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n
[dependencies]\nmade-of-macros = { path = "macros" }\n
[workspace]\nmembers = ["macros"]\n[profile.fast]\ninherits = "dev"\n`,
    'macros/Cargo.toml': `[package]\nname = "made-of-macros"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nproc-macro = true\n`,
    'macros/src/lib.rs': macro('one'),
    'src/main.rs':
      'mod word;\nfn main() { println!("{} {} {}", word::WORD, include_str!("../text.txt"), made_of_macros::word!()); }\n',
    'src/word.rs': 'pub const WORD: &str = "one";\n',
    'text.txt': 'one',
  });
});

function macro(word: string): string {
  return `#[proc_macro]\npub fn word(_: proc_macro::TokenStream) -> proc_macro::TokenStream { "\\"${word}\\"".parse().unwrap() }\n`;
}

describe('a file that was replaced by an older one', () => {
  it.each([
    ['a module', 'src/word.rs', 'pub const WORD: &str = "two";\n', 'two one one'],
    ['an included file', 'text.txt', 'two', 'one two one'],
    ['a proc macro', 'macros/src/lib.rs', macro('two'), 'one one two'],
  ])('is compiled: %s', async (_what, name, text, expected) => {
    expect(await build()).toBe('one one one');
    await replaceByOlder(name, text);
    // Without us cargo does not see it. Should this fail, cargo has learnt to, and we are not needed.
    expect(await build()).toBe('one one one');
    expect(await outdate(name)).not.toEqual([]);
    expect(await build()).toBe(expected);
    expect(await readFile(join(dir, name), 'utf8')).toBe(text);
  });

  it('costs no build of a crate that does not read it', async () => {
    await build();
    await replaceByOlder('text.txt', 'two');
    const outdated = await outdate('text.txt');
    expect(outdated.length).toBeGreaterThan(0);
    for (const path of outdated) expect(path).toMatch(/\/app-[0-9a-f]{16}\/dep-/);
  });
});

it('a file that was saved in the ordinary way is left to cargo', async () => {
  await build();
  await writeFile(join(dir, 'src/word.rs'), 'pub const WORD: &str = "two";\n');
  expect(await outdate('src/word.rs')).toEqual([]);
});

it('a deleted file, a file that no crate reads and an empty target directory are no error', async () => {
  expect(await outdate('src/word.rs')).toEqual([]);
  await build();
  await writeFile(join(dir, 'notes.rs'), '');
  await utimes(join(dir, 'notes.rs'), LONG_AGO, LONG_AGO);
  expect(await outdate('src/none.rs', 'notes.rs')).toEqual([]);
});
