import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProcProcessMeter } from '../../src/build/process-meter.js';
import { systemClock } from '../../src/core/clock.js';
import { type CargoOutcome, startCargo } from '../../src/gate/cargo-run.js';

/** What the sample app depends on too, so that cargo has it. */
const DEPENDENCIES = ['itoa', 'memchr', 'ryu', 'bytes'];

let dir: string;
let reasons: string[];

async function write(path: string, text: string): Promise<void> {
  await writeFile(join(dir, path), text);
}

async function build(env: Record<string, string> = {}, ...args: readonly string[]): Promise<CargoOutcome> {
  const run = startCargo({
    shimFolder: join(dir, 'bin'),
    request: {
      program: 'cargo',
      args: ['build', '--offline', ...args],
      cwd: dir,
      env: { ...(process.env as Record<string, string>), CARGO_TARGET_DIR: join(dir, 'target'), ...env },
    },
    extraArgs: [],
    onStatus: () => undefined,
    onRebuilt: (reason) => reasons.push(reason),
    clock: systemClock,
    meter: new ProcProcessMeter(systemClock),
  });
  return run.finished;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lf-test-'));
  await mkdir(join(dir, 'src'));
  const lines = DEPENDENCIES.map((name) => `${name} = "*"`);
  await write('Cargo.toml', ['[package]', 'name = "app"', 'edition = "2024"', '[dependencies]', ...lines].join('\n'));
  await write('src/main.rs', 'fn main() {}\n');
  reasons = [];
  expect((await build()).output).toBe('');
});

afterAll(() => rm(dir, { recursive: true, force: true }));

beforeEach(() => {
  reasons = [];
});

describe('why dependencies are compiled again', () => {
  it('is not asked for a first build, an edit, or nothing at all', async () => {
    await write('src/main.rs', 'fn main() { println!(); }\n');
    expect((await build()).compiled).toEqual(['app']);
    expect((await build()).compiled).toEqual([]);
    expect(reasons).toEqual([]);
  });

  it('is told where RUSTFLAGS are others, once', async () => {
    const outcome = await build({ RUSTFLAGS: '-C debuginfo=1' });
    expect(outcome.compiled).toEqual(expect.arrayContaining(DEPENDENCIES));
    expect(reasons).toEqual([
      expect.stringMatching(
        /^dependencies are compiled again \(\w+ and what needs it\): RUSTFLAGS are "-C debuginfo=1", and were none/,
      ),
    ]);
  });

  it('is told where the profile is another', async () => {
    await build({}, '--config', 'profile.dev.opt-level=1');
    expect(reasons).toEqual([expect.stringContaining('the settings of the profile are others than before')]);
  });

  it('does not bring the calls of rustc into what a failed build says', async () => {
    await write('src/main.rs', 'fn main() { missing(); }\n');
    const { ok, output } = await build();
    expect(ok).toBe(false);
    expect(output).toContain('could not compile `app`');
    expect(output).not.toContain('Caused by');
    expect(output).not.toContain('rustc');
  });
});
