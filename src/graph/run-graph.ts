import { ok, type Result } from '../core/result.js';
import { graphReport } from './graph-report.js';
import { type GraphQuestion, readGraph } from './read-graph.js';

export interface GraphOptions extends GraphQuestion {
  readonly json: boolean;
  readonly print: (text: string) => void;
}

/** Tells what the workspace's crates and the page's wasm are made of. Errors: LF00x for the project. */
export async function runGraph({ json, print, ...question }: GraphOptions): Promise<Result<void>> {
  const facts = await readGraph(question);
  if (!facts.ok) return facts;
  print(
    json
      ? `${JSON.stringify({ schema: 'leptos-fast graph', version: 1, ...facts.value }, null, 2)}\n`
      : graphReport(facts.value),
  );
  return ok(undefined);
}
