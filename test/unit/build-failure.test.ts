import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../../src/build/failure.js';
import type { Diagnostic } from '../../src/core/events.js';
import type { CargoOutcome } from '../../src/gate/cargo-run.js';
import { outcome as cargoOutcome } from '../support/cargo-outcome.js';

const outcome = (output: string, diagnostics: readonly Partial<Diagnostic>[] = [], code = 101): CargoOutcome => ({
  ...cargoOutcome(code),
  ok: false,
  output,
  diagnostics: diagnostics.map((given) => ({
    level: 'error',
    code: null,
    message: '',
    file: null,
    line: null,
    column: null,
    rendered: '',
    ...given,
  })),
});

describe('a failed build', () => {
  it.each([
    ['a compile error', outcome('error: could not compile `app`', [{ code: 'E0425', file: 'src/a.rs' }])],
    [
      'an error without a code, but with a place',
      outcome('', [{ file: 'src/a.rs', rendered: 'error: out of memory' }]),
    ],
    ['an error in a manifest', outcome('error: failed to parse manifest at `/p/Cargo.toml`')],
    [
      'a linker that finds no library',
      outcome('', [{ rendered: 'error: linking with `cc` failed: cannot find -lfoo' }]),
    ],
  ])('is final for %s', (_what, failed) => {
    expect(classifyFailure(failed)).toEqual({ kind: 'final' });
  });

  it('of a compile error stays final though the linker of another crate was killed beside it', () => {
    const both = outcome('', [
      { code: 'E0308', file: 'src/a.rs' },
      { rendered: 'collect2: fatal error: ld terminated with signal 9' },
    ]);
    expect(classifyFailure(both)).toEqual({ kind: 'final' });
  });

  it.each([
    ['a killed linker', 'collect2: fatal error: ld terminated with signal 9 [Killed]', true],
    ['a rustc that the system killed', 'process didn’t exit successfully: `rustc` (signal: 9, SIGKILL: kill)', true],
    ['memory that ran out', 'memory allocation of 1048576 bytes failed', true],
    ['an executable in use', 'error: Text file busy (os error 26)', false],
    ['a download that failed', 'warning: spurious network error (3 tries remaining)', false],
    ['a rustc that was terminated', '(signal: 15, SIGTERM: termination signal)', false],
  ])('may succeed next time after %s', (_what, text, fewerJobs) => {
    expect(classifyFailure(outcome(text))).toMatchObject({ kind: 'transient', fewerJobs });
    expect(classifyFailure(outcome('', [{ rendered: text }]))).toMatchObject({ kind: 'transient', fewerJobs });
  });

  it('may succeed next time when cargo itself was killed', () => {
    expect(classifyFailure(outcome('', [], 137))).toMatchObject({ kind: 'transient' });
  });

  it.each([
    ['rustc crashed', 'error: the compiler unexpectedly panicked. this is a bug.'],
    ['rustc met a bug', 'error: internal compiler error: no errors encountered even though'],
    ['rustc got a segmentation fault', 'error: rustc interrupted by SIGSEGV, printing backtrace'],
  ])('needs its incremental cache removed when %s', (_what, text) => {
    expect(classifyFailure(outcome(text, [{ code: 'E0425', file: 'src/a.rs' }]))).toMatchObject({ kind: 'corrupt' });
  });
});
