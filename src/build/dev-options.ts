import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';

/** `--poll` without a number, in ms. */
const DEFAULT_POLL_MS = 500;

/** The numbers among `dev`'s options as they were typed. */
export interface TypedNumbers {
  readonly port: string | undefined;
  readonly debounce: string;
  readonly poll: string | boolean | undefined;
  readonly maxRetries: string;
}

/** The same, checked. Times in ms. */
export interface CheckedNumbers {
  readonly port?: number;
  readonly debounceMs: number;
  readonly pollMs?: number;
  readonly maxRetries: number;
}

/** Reads the numbers. Error: LF022 for one that is none or out of its range. */
export function checkNumbers(typed: TypedNumbers): Result<CheckedNumbers> {
  const port = typed.port === undefined ? ok(undefined) : whole('--port', typed.port, 1, 65_535);
  if (!port.ok) return port;
  const debounce = whole('--debounce', typed.debounce, 0, 60_000);
  if (!debounce.ok) return debounce;
  const poll =
    typed.poll === undefined || typed.poll === false
      ? ok(undefined)
      : typed.poll === true
        ? ok(DEFAULT_POLL_MS)
        : whole('--poll', typed.poll, 20, 60_000);
  if (!poll.ok) return poll;
  const maxRetries = whole('--max-retries', typed.maxRetries, 0, 100);
  if (!maxRetries.ok) return maxRetries;
  return ok({
    debounceMs: debounce.value,
    maxRetries: maxRetries.value,
    ...(port.value !== undefined && { port: port.value }),
    ...(poll.value !== undefined && { pollMs: poll.value }),
  });
}

function whole(option: string, text: string, min: number, max: number): Result<number> {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return ok(value);
  const error: LfError = {
    code: 'LF022',
    message: `${option} takes a whole number from ${min} to ${max}, not "${text}"`,
    help: ['leptos-fast dev --help'],
    exitCode: 2,
  };
  return err(error);
}
