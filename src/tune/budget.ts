import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';

/** What a unit of `--budget` is in ms; a number alone counts minutes. */
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, '': 60_000 };
const LONGEST_MS = 24 * 3_600_000;

/** Reads `--budget`: `15m`, `90s`, `1.5h`, `15`. In ms, up to a day. Error: LF022. */
export function parseBudget(typed: string): Result<number> {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|)$/.exec(typed.trim());
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  return ms > 0 && ms <= LONGEST_MS ? ok(ms) : err(notATime(typed));
}

function notATime(typed: string): LfError {
  return {
    code: 'LF022',
    message: `--budget ${typed} is no time`,
    why: 'It is a number with s, m or h, more than 0 and up to 24h.',
    help: ['leptos-fast tune --budget 15m'],
    exitCode: 2,
  };
}
