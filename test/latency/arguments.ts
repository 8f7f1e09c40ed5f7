import { parseArgs } from 'node:util';
import type { ToolCommand } from '../scenarios/driver/tool.js';
import { CARGO_LEPTOS, LEPTOS_FAST } from '../scenarios/tools.js';
import { KINDS, type Kind } from './kinds.js';

/** Plain cargo-leptos with its own patches of `view!`; asked for these alone. */
export const HOT_RELOAD: ToolCommand = {
  name: 'cargo-leptos --hot-reload',
  command: [...CARGO_LEPTOS.command, '--hot-reload'],
  pollArgs: [],
};

const TOOLS = [LEPTOS_FAST, CARGO_LEPTOS, HOT_RELOAD];

/** What a run was asked for. */
export interface Arguments {
  readonly tools: readonly ToolCommand[];
  readonly kinds: readonly Kind[];
  /** Of each kind with each tool. */
  readonly edits: number;
  /** So many of them before the next tool has its turn. */
  readonly block: number;
  /** After so long (minutes) no edit begins; each tool has its share. Null: no such limit. */
  readonly minutes: number | null;
  readonly json: string | null;
  readonly markdown: string | null;
  /** Go on with the run that the file of `json` holds. */
  readonly resume: boolean;
}

export const USAGE = `Measures how long a save takes to be seen in the page, from outside, in a real Chromium.

npm run latency -- [OPTIONS]
  --tool NAME        ${TOOLS.map(({ name }) => `"${name}"`).join(', ')}; repeatable (the first two)
  --kinds A,B        only these: ${KINDS.map(({ name }) => name).join(', ')}
  --edits N          edits of each kind with each tool (20)
  --block N          so many of each kind, then the next tool has its turn (10)
  --minutes N        begin no edit after so long; the tools share it, and what was measured by then is told
  --json FILE        all edits
  --markdown FILE    the table
  --resume           make the edits that FILE of --json lacks yet
`;

/** Reads the arguments; a string is what is wrong with them, empty for --help. */
export function readArguments(argv: readonly string[]): Arguments | string {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help) return '';
  if (values.resume && values.json === undefined) return '--resume needs --json FILE';
  const tools = values.tool.map((name) => TOOLS.find((tool) => tool.name === name));
  if (!tools.every((tool) => tool !== undefined)) return `--tool: unknown in ${values.tool.join(', ')}`;
  const names = values.kinds?.split(',') ?? KINDS.map(({ name }) => name);
  const unknown = names.filter((name) => !KINDS.some((kind) => kind.name === name));
  if (unknown.length > 0) return `--kinds: unknown ${unknown.join(', ')}`;
  const [edits, block, minutes] = [values.edits, values.block, values.minutes ?? '1'].map(Number);
  if (!isCount(edits) || !isCount(block) || !isCount(minutes)) {
    return '--edits, --block and --minutes take whole numbers from 1';
  }
  return {
    tools,
    kinds: KINDS.filter(({ name }) => names.includes(name)),
    edits,
    block,
    minutes: values.minutes === undefined ? null : minutes,
    json: values.json ?? null,
    markdown: values.markdown ?? null,
    resume: values.resume,
  };
}

function isCount(value: number | undefined): value is number {
  return Number.isInteger(value) && Number(value) >= 1;
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      tool: { type: 'string', multiple: true, default: [LEPTOS_FAST.name, CARGO_LEPTOS.name] },
      kinds: { type: 'string' },
      edits: { type: 'string', default: '20' },
      block: { type: 'string', default: '10' },
      minutes: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
}
