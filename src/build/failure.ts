import { stripVTControlCharacters } from 'node:util';
import type { CargoOutcome } from '../gate/cargo-run.js';

/** Why a build failed, as far as that decides what to do next. */
export type Failure =
  /** The code is wrong, or nothing that a retry would change. */
  | { readonly kind: 'final' }
  /** It may succeed next time. */
  | { readonly kind: 'transient'; readonly why: string; readonly fewerJobs: boolean }
  /** The incremental cache has to go first. */
  | { readonly kind: 'corrupt'; readonly why: string };

interface Sign {
  readonly pattern: RegExp;
  readonly failure: Failure;
}

const transient = (why: string, fewerJobs = false): Failure => ({ kind: 'transient', why, fewerJobs });
const corrupt = (why: string): Failure => ({ kind: 'corrupt', why });

/** The words of rustc, the linker and cargo, most telling first. */
const SIGNS: readonly Sign[] = [
  {
    pattern: /internal compiler error|the compiler unexpectedly panicked|rustc interrupted by SIG(SEGV|ABRT|BUS)/i,
    failure: corrupt('rustc crashed'),
  },
  {
    pattern:
      /incremental compilation.*(corrupt|failed|error)|failed to (load|decode).*(dep-graph|query cache|incremental)|found (invalid|possibly newer) .*metadata/i,
    failure: corrupt('the incremental cache is damaged'),
  },
  {
    pattern:
      /memory allocation of \d+ bytes failed|out of memory|cannot allocate memory|signal: 9, SIGKILL|terminated with signal 9/i,
    failure: transient('out of memory, or killed', true),
  },
  { pattern: /text file busy|os error 26\b/i, failure: transient('an executable was in use') },
  {
    pattern:
      /spurious network error|failed to download|could not resolve host|operation timed out|download of .* failed/i,
    failure: transient('a download failed'),
  },
  {
    pattern: /signal: (1|2|13|15), SIG\w+|terminated with signal (1|2|13|15)\b/i,
    failure: transient('the compiler or linker was ended from outside'),
  },
  {
    pattern: /resource temporarily unavailable|os error 11\b|too many open files/i,
    failure: transient('the system ran out of processes or files', true),
  },
];

/**
 * Tells a compile error from bad weather. A real error of the compiler (one with a code, or a place in the sources) is
 * always final, whatever else was said beside it: it is never retried.
 */
export function classifyFailure(outcome: CargoOutcome): Failure {
  if (outcome.code === 137 || outcome.code === 143)
    return transient('cargo was ended from outside', outcome.code === 137);
  const errors = outcome.diagnostics.filter((diagnostic) => diagnostic.level === 'error');
  const text = stripVTControlCharacters([outcome.output, ...errors.map((error) => error.rendered)].join('\n'));
  const [crash] = SIGNS;
  if (crash?.pattern.test(text)) return crash.failure;
  if (errors.some((error) => error.code !== null || error.file !== null)) return { kind: 'final' };
  return SIGNS.find(({ pattern }) => pattern.test(text))?.failure ?? { kind: 'final' };
}
