import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../core/result.js';
import { type DotenvEntry, parseDotenv } from './dotenv.js';
import type { MetadataProblem } from './metadata-problem.js';

/** A `.env` file that counts for a project. */
export interface DotenvFile {
  readonly file: string;
  readonly entries: readonly DotenvEntry[];
}

/**
 * Finds and parses the `.env` that cargo-leptos reads for a project: the first one from `dir` up to `root`, and no further.
 * The bound comes from cargo-leptos walking up a path that is relative to its working directory (config/dotenvs.rs), which is
 * `root` when leptos-fast starts it.
 */
export async function findDotenv(
  dir: string,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<Result<DotenvFile | undefined, MetadataProblem>> {
  for (let current = dir; ; current = dirname(current)) {
    const file = join(current, '.env');
    if (await isFile(file)) return readDotenv(file, env);
    if (current === root || dirname(current) === current) return ok(undefined);
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function readDotenv(file: string, env: NodeJS.ProcessEnv): Promise<Result<DotenvFile, MetadataProblem>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    return err({
      message: 'the .env file cannot be read',
      at: { kind: 'file', place: { file } },
      why: error instanceof Error ? error.message : String(error),
      help: ['It must be UTF-8 text that you have the right to read.'],
    });
  }
  const parsed = parseDotenv(text, env);
  if (parsed.ok) return ok({ file, entries: parsed.entries });
  return err({
    message: 'the .env file is not valid',
    at: { kind: 'file', place: { file, line: parsed.problem.line } },
    why: parsed.problem.why,
    help: ['Correct this line: cargo-leptos stops at it too.'],
  });
}
