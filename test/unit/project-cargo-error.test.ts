import { describe, expect, it } from 'vitest';
import { explainCargoError } from '../../src/project/cargo-error.js';

const run = { cwd: '/work/größe a', manifestPath: '/work/größe a/Cargo.toml' };

/** What cargo 1.95 wrote, unless a test says otherwise. */
describe('invalid TOML', () => {
  it('has the place, relative to where cargo ran', () => {
    const error = explainCargoError(
      `error: invalid basic string, expected \`"\`
 --> ../pdx/Cargo.toml:2:10
  |
2 | name = "x
  |          ^
error: failed to load manifest for workspace member \`/work/größe a\``,
      run,
    );
    expect(error).toMatchObject({
      code: 'LF002',
      where: { file: '/work/pdx/Cargo.toml', line: 2, column: 10 },
      exitCode: 3,
    });
    expect(error.why).toContain('2 | name = "x');
  });

  it('is found behind warnings and colours', () => {
    const error = explainCargoError(
      '\u001b[33mwarning\u001b[0m: unused\n\u001b[31merror\u001b[0m: invalid type: integer `3`\n --> Cargo.toml:2:8\n',
      run,
    );
    expect(error.where).toEqual({ file: run.manifestPath, line: 2, column: 8 });
    expect(error.why).not.toContain('unused');
  });

  it('is understood in the older form', () => {
    const error = explainCargoError(
      `error: failed to parse manifest at \`/work/m/Cargo.toml\`

Caused by:
  could not parse input as TOML

Caused by:
  TOML parse error at line 3, column 11`,
      run,
    );
    expect(error.where).toEqual({ file: '/work/m/Cargo.toml', line: 3, column: 11 });
  });

  it("in cargo's configuration is looked for there", () => {
    const said =
      'error: could not load Cargo configuration\n\nCaused by:\n  could not parse TOML configuration in `/work/.cargo/config.toml`\n\nCaused by:\n  TOML parse error at line 1, column 7\n    |\n  1 | [build\n';
    expect(explainCargoError(said, run)).toMatchObject({
      code: 'LF005',
      where: { file: '/work/.cargo/config.toml', line: 1, column: 7 },
      help: ['Correct line 1 of this file.'],
    });
  });

  it('in another file than a manifest is not called a wrong Cargo.toml', () => {
    const error = explainCargoError('error: extra `=`\n --> .cargo/config.toml:1:5\n', run);
    expect(error.code).toBe('LF005');
  });
});

it('a manifest that makes no sense is invalid, with no line', () => {
  const error = explainCargoError(
    'error: failed to parse manifest at `/work/ed/Cargo.toml`\n\nCaused by:\n  failed to parse the `edition` key',
    run,
  );
  expect(error).toMatchObject({ code: 'LF002', where: { file: '/work/ed/Cargo.toml' } });
  expect(error.why).toContain('`edition` key');
});

it.each(['Is a directory (os error 21)', 'Permission denied (os error 13)'])(
  'a manifest that is unreadable: %s',
  (cause) => {
    const error = explainCargoError(
      `error: failed to load manifest for workspace member \`/work/a\`\n\nCaused by:\n  failed to read \`/work/a/Cargo.toml\`\n\nCaused by:\n  ${cause}`,
      run,
    );
    expect(error).toMatchObject({ code: 'LF004', where: { file: '/work/a/Cargo.toml' }, why: cause });
  },
);

it('a missing path dependency is named with the path that is expected', () => {
  const error = explainCargoError(
    'error: failed to get `pdx` as a dependency of package `a v0.1.0 (/work/a)`\n\nCaused by:\n  failed to read `/work/nope/Cargo.toml`\n\nCaused by:\n  No such file or directory (os error 2)',
    run,
  );
  expect(error).toMatchObject({ code: 'LF005', message: 'the path dependency `pdx` is not where the manifest says' });
  expect(error.help[0]).toContain('/work/nope/Cargo.toml');
});

it('a missing toolchain comes with the command, and without a backtrace', () => {
  const error = explainCargoError(
    "error: custom toolchain '1.12.0-foo' specified in override file '/w/rust-toolchain.toml' is not installed\n\nStack backtrace:\n   0: anyhow::kind",
    run,
  );
  expect(error).toMatchObject({ code: 'LF010', help: ['rustup toolchain install 1.12.0-foo'] });
  expect(error.why).not.toContain('anyhow');
});

it('a network that is not there is said, with what cargo says', () => {
  const error = explainCargoError(
    '    Updating crates.io index\nerror: failed to get `serde` as a dependency of package `a v0.1.0 (/w)`\n\nCaused by:\n  failed to download from `https://example.invalid/config.json`\n\nCaused by:\n  [7] Could not connect to server',
    run,
  );
  expect(error).toMatchObject({ code: 'LF005', message: expect.stringContaining('network') });
  expect(error.why).toContain('Could not connect to server');
});

it('anything else keeps the first lines of what cargo says', () => {
  const long = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
  const error = explainCargoError(`error: a new kind of failure\n${long}`, run);
  expect(error.message).toBe('cargo metadata failed: a new kind of failure');
  expect(error.why?.split('\n')).toHaveLength(15);
});

it('silence is no crash', () => {
  expect(explainCargoError('', run)).toMatchObject({ code: 'LF005' });
});
