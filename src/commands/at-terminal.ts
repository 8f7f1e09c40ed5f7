import type { CliContext } from '../cli-context.js';
import type { LfError } from '../core/errors.js';
import type { Questions } from '../project/init-ask.js';

/** Tells an error and returns the exit code that goes with it. */
export async function fail({ stderr }: Pick<CliContext, 'stderr'>, error: LfError): Promise<number> {
  const { formatError } = await import('../ui/error-block.js');
  stderr.write(formatError(error));
  return error.exitCode;
}

/** Questions where somebody can answer them: nothing elsewhere, and nothing in CI. */
export async function openQuestionsAt({
  stdin,
  stdout,
}: Pick<CliContext, 'stdin' | 'stdout'>): Promise<Questions | undefined> {
  if (!isTerminal(stdin) || !isTerminal(stdout) || process.env.CI) return undefined;
  const { openQuestions } = await import('../project/init-ask.js');
  return openQuestions(stdin, stdout);
}

/** True for a stream with a person at its other end. */
export function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
