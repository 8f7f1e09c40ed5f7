import { parseArgs } from 'node:util';
import type { ToolCommand } from './driver/tool.js';
import { CARGO_LEPTOS, LEPTOS_FAST, parseTool } from './tools.js';

/** What the suite was called with. */
export interface Arguments {
  readonly tools: readonly ToolCommand[];
  readonly runs: number;
  /** Numbers of scenarios; empty for all. */
  readonly only: readonly number[];
  readonly json: string | null;
  readonly markdown: string | null;
  readonly resume: boolean;
  readonly list: boolean;
}

export const USAGE = `Drives a command that keeps a Leptos app up to date through the reliability scenarios, from outside.

npm run scenarios -- [OPTIONS]
  --tool NAME        leptos-fast (default), cargo-leptos, or NAME=COMMAND LINE; repeatable
  --compare          cargo-leptos and leptos-fast
  --runs N           how often each (1); slow ones three times at most
  --only 1,7,13      only these; ranges too: 1-28
  --json FILE        results, kept after each run; what FILE has of other scenarios stays
  --markdown FILE    the table
  --resume           run only what FILE of --json does not have yet
  --list             what the scenarios are and what makes them fail
`;

/** Reads the arguments; a string is what is wrong with them. */
export function readArguments(argv: readonly string[]): Arguments | string {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help) return '';
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) return `--runs takes a whole number from 1, not "${values.runs}"`;
  const only = readNumbers(values.only);
  if (typeof only === 'string') return only;
  const tools = values.compare ? [CARGO_LEPTOS, LEPTOS_FAST] : values.tool.map(parseTool);
  if (!tools.every((tool) => tool !== null)) return `--tool: unknown in ${values.tool.join(', ')}`;
  if (values.resume && values.json === undefined) return '--resume needs --json FILE';
  return {
    tools,
    runs,
    only,
    json: values.json ?? null,
    markdown: values.markdown ?? null,
    resume: values.resume,
    list: values.list,
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      tool: { type: 'string', multiple: true, default: [LEPTOS_FAST.name] },
      compare: { type: 'boolean', default: false },
      runs: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      resume: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}

function readNumbers(text: string): number[] | string {
  const numbers: number[] = [];
  for (const part of text.split(',').filter((word) => word !== '')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) return `--only takes numbers and ranges, not "${part}"`;
    const first = Number(match[1]);
    for (let number = first; number <= Number(match[2] ?? first); number += 1) numbers.push(number);
  }
  return numbers;
}
