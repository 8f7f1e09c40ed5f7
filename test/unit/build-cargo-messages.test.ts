import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCargoMessage, parseCargoStatus } from '../../src/build/cargo-messages.js';

const fixture = (name: string): readonly string[] =>
  readFileSync(new URL(`../../fixtures/cargo/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe('the messages of a build of cargo 1.95 with an error and a warning', () => {
  const messages = fixture('error-and-warning.jsonl').map(parseCargoMessage);
  const diagnostics = messages.flatMap((message) => (message.kind === 'diagnostic' ? [message.diagnostic] : []));

  it('are the error and the warnings, without notes on how to explain them', () => {
    expect(diagnostics.map(({ level, code }) => [level, code])).toEqual([
      ['error', 'E0384'],
      ['warning', 'unused_variables'],
      ['warning', 'unused_assignments'],
    ]);
  });

  it('tell the place of the error itself, not that of what it refers to', () => {
    expect(diagnostics[0]).toMatchObject({ file: 'src/lib.rs', line: 4, column: 5 });
    expect(diagnostics[0]?.message).toBe('cannot assign twice to immutable variable `once`');
  });

  it('keep the text as rustc renders it, with its colours', () => {
    expect(diagnostics[0]?.rendered).toContain('\x1b[');
    expect(diagnostics[0]?.rendered).toContain('E0384');
    expect(diagnostics[0]?.rendered).toMatch(/\S$/);
  });
});

describe('the messages of a build that succeeds', () => {
  const messages = fixture('success.jsonl').map(parseCargoMessage);

  it('tell what was compiled, then what was taken as it was', () => {
    const file = expect.stringMatching(/^\/project\/target\/debug\/deps\/librecorded-.*\.rmeta$/);
    const recorded = {
      kind: 'artifact',
      crate: 'recorded',
      packageId: 'path+file:///project#recorded@0.1.0',
      files: [file],
    };
    expect(messages.filter(({ kind }) => kind === 'artifact')).toEqual([
      { ...recorded, fresh: false },
      { ...recorded, fresh: true },
    ]);
  });

  it('have nothing to show', () => {
    expect(messages.some(({ kind }) => kind === 'diagnostic')).toBe(false);
  });
});

describe('a line that is no message', () => {
  it.each(['', 'hello', '{', '{"reason":"new one"}', 'null', '{"reason":"compiler-message"}'])(
    '%j is passed over',
    (line) => {
      expect(parseCargoMessage(line)).toEqual({ kind: 'other' });
    },
  );
});

describe('a message without a place', () => {
  const line = (level: string, message: string) =>
    JSON.stringify({ reason: 'compiler-message', message: { level, message, code: null, spans: [], rendered: null } });

  it('is told when it is an error of its own', () => {
    expect(parseCargoMessage(line('error', 'linking with `cc` failed'))).toMatchObject({
      kind: 'diagnostic',
      diagnostic: { file: null, line: null, column: null, code: null, rendered: 'linking with `cc` failed' },
    });
  });

  it('of a compiler bug is an error', () => {
    expect(parseCargoMessage(line('error: internal compiler error', 'boom'))).toMatchObject({
      diagnostic: { level: 'error' },
    });
  });

  it.each([
    ['error', 'aborting due to 2 previous errors; 1 warning emitted'],
    ['warning', '1 warning emitted'],
    ['failure-note', 'Some errors have detailed explanations: E0308'],
  ])('that only counts others is none: %s, %s', (level, message) => {
    expect(parseCargoMessage(line(level, message))).toEqual({ kind: 'other' });
  });
});

describe("a line of cargo's stderr", () => {
  it('tells how far the build is', () => {
    expect(parseCargoStatus('    Building [=======>          ] 41/212: leptos_router, syn')).toEqual({
      kind: 'progress',
      done: 41,
      total: 212,
      crate: 'leptos_router',
    });
  });

  it('tells it with colours and with the kind of target too', () => {
    expect(parseCargoStatus('\x1b[1m\x1b[96m    Building\x1b[0m [=>   ] 3/9: app(bin)\x1b[K')).toEqual({
      kind: 'progress',
      done: 3,
      total: 9,
      crate: 'app',
    });
  });

  it('tells the progress before the first crate', () => {
    expect(parseCargoStatus('    Building [     ] 0/9')).toEqual({ kind: 'progress', done: 0, total: 9, crate: '' });
  });

  it('tells that another cargo holds the lock', () => {
    expect(parseCargoStatus('\x1b[1m\x1b[96m    Blocking\x1b[0m waiting for file lock on build directory')).toEqual({
      kind: 'blocked',
      on: 'file lock on build directory',
    });
  });

  it.each(['   Compiling app v0.1.0 (/app)', '    Finished `dev` profile in 0.10s', '', '   '])(
    '%j is no cause of a failure',
    (line) => {
      expect(parseCargoStatus(line)).toEqual({ kind: 'status' });
    },
  );

  it.each([
    'error: failed to run custom build command for `ring v0.17.8`',
    '  Caused by:',
    'error: could not compile `app` (lib) due to 1 previous error',
  ])('%j may be one', (line) => {
    expect(parseCargoStatus(line)).toEqual({ kind: 'text', text: line });
  });
});

describe('what cargo says with --verbose', () => {
  it.each([
    [
      '       Dirty app v0.1.0 (/work/app): the file `src/app.rs` has changed (1795365299.108030084s, 1s after last build at 1795365298.632030070s)',
      { name: 'app', isLocal: true, reason: 'the file `src/app.rs` has changed' },
    ],
    [
      '\x1b[1m\x1b[33m       Dirty\x1b[0m openssl-sys v0.9.1: the env variable OPENSSL_DIR changed',
      { name: 'openssl-sys', isLocal: false, reason: 'the env variable OPENSSL_DIR changed' },
    ],
    [
      '       Dirty leptos v0.8.0 (https://github.com/leptos-rs/leptos?rev=1#1234): the profile configuration changed',
      { name: 'leptos', isLocal: false, reason: 'the profile configuration changed' },
    ],
  ])('%j is why something is compiled again', (line, expected) => {
    expect(parseCargoStatus(line)).toEqual({ kind: 'dirty', ...expected });
  });

  it('has the call of rustc that an error needs no more, but not that of a build script', () => {
    const call = (program: string) => `  process didn't exit successfully: \`${program}\` (exit status: 1)`;
    expect(parseCargoStatus(call('/t/bin/rustc --crate-name app src/main.rs')).kind).toBe('failed-call');
    expect(parseCargoStatus(call('/app/target/debug/build/app-1/build-script-build')).kind).toBe('text');
    expect(parseCargoStatus(call('/t/bin/rustc --crate-name app').replace('exit status: 1', 'signal: 9')).kind).toBe(
      'text',
    );
  });
});
