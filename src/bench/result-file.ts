import { readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';
import type { LfError } from '../core/errors.js';
import { replaceFile } from '../core/replace-file.js';
import { err, ok, type Result } from '../core/result.js';
import type { BenchRun } from './results.js';
import { costs, summarise } from './summary.js';

const SCHEMA = 'leptos-fast-bench';
/** Of the file. A reader leaves other versions alone. */
const VERSION = 1;

/** What a comparison needs of a file; it may hold more. */
const Outcome = v.variant('kind', [
  v.object({ kind: v.literal('time'), ms: v.pipe(v.number(), v.minValue(0)) }),
  v.object({ kind: v.literal('no-build') }),
  v.object({ kind: v.literal('failed'), why: v.string() }),
]);
const BaselineFile = v.object({
  schema: v.literal(SCHEMA),
  version: v.literal(VERSION),
  machine: v.object({ processors: v.number(), processor: v.string(), system: v.string() }),
  versions: v.record(v.string(), v.string()),
  measurements: v.array(
    v.object({
      project: v.string(),
      tool: v.string(),
      scenario: v.string(),
      round: v.number(),
      outcomes: v.record(v.string(), Outcome),
    }),
  ),
});

/** An earlier run, as far as a later one is compared with it. */
export type Baseline = v.InferOutput<typeof BaselineFile>;

/** The text of a result file: every single value, and the figures made of them. */
export function resultJson(run: BenchRun): string {
  const content = { schema: SCHEMA, version: VERSION, ...run, rows: summarise(run), costs: costs(run) };
  return `${JSON.stringify(content, null, 1)}\n`;
}

/** Writes a file of results, whole or not at all. Error: LF062. */
export async function writeResult(file: string, text: string): Promise<Result<void>> {
  const path = resolve(file);
  try {
    await replaceFile(await realpath(path).catch(() => path), Buffer.from(text), () => Promise.resolve(undefined));
    return ok(undefined);
  } catch (error) {
    return err(notWritten(file, error));
  }
}

/** Reads what an earlier run has written with `--json`. Error: LF061. */
export async function readBaseline(file: string): Promise<Result<Baseline>> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    return err(unreadable(file, error instanceof Error ? error.message : String(error)));
  }
  const parsed = v.safeParse(BaselineFile, content);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  return err(unreadable(file, `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`));
}

function unreadable(file: string, why: string): LfError {
  return {
    code: 'LF061',
    message: 'the baseline cannot be read',
    where: { file },
    why,
    help: ['write one with: leptos-fast bench --json FILE'],
    exitCode: 2,
  };
}

function notWritten(file: string, error: unknown): LfError {
  return {
    code: 'LF062',
    message: 'the results were not written',
    where: { file },
    why: error instanceof Error ? error.message : String(error),
    help: ['name a file in a folder that you may write to'],
    exitCode: 3,
  };
}
