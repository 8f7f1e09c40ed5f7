import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LfError } from '../../core/errors.js';
import { err, ok, type Result } from '../../core/result.js';
import { loadWorkspace } from '../../project/model.js';
import { adviceFor } from '../advice/advice-for.js';
import { gatherFacts } from '../advice/facts.js';
import { historyFolder } from '../history-folder.js';
import { JsonLinesStore } from '../json-lines-store.js';
import { COMPARED_DAYS, summarise } from '../summary.js';
import { nextStep } from './next-step.js';
import { terminalReport } from './terminal-report.js';

/** The width (characters) where the output is no terminal. */
const PIPE_WIDTH = 100;
const MIN_WIDTH = 40;
const MAX_WIDTH = 120;
const MAX_DAYS = 3_650;

/** What `report` was called with. */
export interface ReportOptions {
  readonly dir: string;
  /** As typed. */
  readonly days: string;
  readonly json: boolean;
  readonly html: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** In ms since the epoch. */
  readonly now: number;
  /** Width of the terminal; absent where there is none. */
  readonly columns: number | undefined;
  readonly print: (text: string) => void;
}

/** Reports on a project's history. Errors: LF00x for the project, LF022 for --days, LF054 when the file cannot be written. */
export async function runReport(options: ReportOptions): Promise<Result<void>> {
  const { now, json, print } = options;
  const days = parseDays(options.days);
  if (!days.ok) return days;
  const workspace = await loadWorkspace(resolve(options.dir), { env: options.env });
  if (!workspace.ok) return workspace;
  const folder = historyFolder(workspace.value);
  const store = new JsonLinesStore({ folder });
  const history = await store.read(now - Math.max(days.value, COMPARED_DAYS) * 86_400_000);
  const advice = adviceFor(history, await gatherFacts(workspace.value, options.env));
  const title = `leptos-fast report: ${workspace.value.projects.map(({ name }) => name).join(', ')}`;
  const summary = summarise(history, now, days.value);
  if (options.html !== undefined) {
    const { htmlReport } = await import('../html/html-report.js');
    const written = await writeHtml(options.html, htmlReport(history, summary, advice, title));
    if (!written.ok) return written;
  }
  if (json) {
    print(`${JSON.stringify({ schema: 'leptos-fast report', ...summary, advice }, null, 2)}\n`);
    return ok(undefined);
  }
  // Whatever lies before the period tells what to do about an empty one.
  const missing = summary.batches > 0 ? null : nextStep(await store.read(), summary.from, days.value, folder);
  if (options.html !== undefined) print(`${options.html} is written\n`);
  else if (missing === null) print(terminalReport(summary, advice, title, widthOf(options.columns)));
  if (missing !== null) print(`${missing}\n`);
  return ok(undefined);
}

async function writeHtml(file: string, page: string): Promise<Result<void>> {
  try {
    await writeFile(file, page);
    return ok(undefined);
  } catch (error) {
    return err(notWritten(file, error));
  }
}

function widthOf(columns: number | undefined): number {
  // A terminal that does not know its width says 0.
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns || PIPE_WIDTH));
}

function parseDays(typed: string): Result<number> {
  const days = Number(typed);
  if (/^\d+$/.test(typed) && days >= 1 && days <= MAX_DAYS) return ok(days);
  return err({
    code: 'LF022',
    message: `--days takes a number from 1 to ${MAX_DAYS}, not "${typed}"`,
    help: ['leptos-fast report --help'],
    exitCode: 2,
  });
}

function notWritten(file: string, error: unknown): LfError {
  return {
    code: 'LF054',
    message: 'the report was not written',
    where: { file },
    why: error instanceof Error ? error.message : String(error),
    help: ['name a file in a folder that exists and that you may write to: leptos-fast report --html report.html'],
    exitCode: 3,
  };
}
