/** One variable of a `.env` file. `line` counts from 1. */
export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** A line that cannot be read, as cargo-leptos would not read it either. */
export interface DotenvProblem {
  readonly line: number;
  readonly why: string;
}

export type DotenvOutcome =
  | { readonly ok: true; readonly entries: readonly DotenvEntry[] }
  | { readonly ok: false; readonly problem: DotenvProblem };

/**
 * Parses a `.env` file exactly as dotenvy 0.15.7 does, which cargo-leptos uses: quotes, `export`, comments, escapes,
 * values over several lines, `$VAR` and `${VAR}`. A substitution takes `env` first, then what stands above in the file.
 * The oddities of dotenvy are kept too, since they decide what cargo-leptos reads: a byte order mark is an error,
 * `"$VAR"` without braces at the end of a quoted value is one, and so is a blank at the very end of the file.
 */
export function parseDotenv(text: string, env: NodeJS.ProcessEnv): DotenvOutcome {
  const entries: DotenvEntry[] = [];
  const above = new Map<string, string>();
  for (const logical of logicalLines(text)) {
    if (logical.unfinished) return problem(logical.line, 'a quote or an escape is not closed before the file ends');
    const parsed = parseLine(logical.text, (name) => env[name] ?? above.get(name) ?? '');
    if (parsed === undefined) continue;
    if ('why' in parsed) return problem(logical.line, parsed.why);
    above.set(parsed.name, parsed.value);
    entries.push({ ...parsed, line: logical.line });
  }
  return { ok: true, entries };
}

function problem(line: number, why: string): DotenvOutcome {
  return { ok: false, problem: { line, why } };
}

// --- lines -------------------------------------------------------------------------------------------------------

interface LogicalLine {
  readonly text: string;
  /** Where it starts. */
  readonly line: number;
  readonly unfinished: boolean;
}

type LineState = 'complete' | 'escape' | 'strong' | 'strong-escape' | 'weak' | 'weak-escape' | 'whitespace';

/** Joins the lines that an open quote or an escape holds together, and cuts comments off (dotenvy's `QuotedLines`). */
function* logicalLines(text: string): Generator<LogicalLine> {
  let buffer = '';
  let start = 1;
  let state: LineState = 'complete';
  const physical = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  for (const [index, line] of physical.entries()) {
    if (buffer === '') start = index + 1;
    if ((buffer + line).replace(LEADING_BLANKS, '').startsWith('#')) {
      buffer = '';
      state = 'complete';
      continue;
    }
    const end = scanLine(state, line);
    buffer += line.slice(0, end.commentAt);
    state = end.state;
    if (end.commentAt === undefined && state !== 'complete') continue;
    yield { text: buffer.replace(/\r?\n$/, ''), line: start, unfinished: false };
    buffer = '';
    state = 'complete';
  }
  if (state !== 'complete') yield { text: buffer, line: start, unfinished: true };
}

/** The state after a physical line, or where its comment starts (dotenvy's `eval_end_state`). */
function scanLine(start: LineState, line: string): { readonly state: LineState; readonly commentAt?: number } {
  let state = start;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (state === 'whitespace' && char === '#') return { state: 'complete', commentAt: at };
    state = nextLineState(state, char);
  }
  return { state };
}

function nextLineState(state: LineState, char: string): LineState {
  switch (state) {
    case 'complete':
      if (BLANK.test(char) && char !== '\n' && char !== '\r') return 'whitespace';
      return afterPlain(char);
    case 'whitespace':
      return afterPlain(char);
    case 'escape':
      return 'complete';
    case 'weak':
      if (char === '\\') return 'weak-escape';
      return char === '"' ? 'complete' : 'weak';
    case 'weak-escape':
      return 'weak';
    case 'strong':
      if (char === '\\') return 'strong-escape';
      return char === "'" ? 'complete' : 'strong';
    case 'strong-escape':
      return 'strong';
  }
}

function afterPlain(char: string): LineState {
  if (char === '\\') return 'escape';
  if (char === '"') return 'weak';
  return char === "'" ? 'strong' : 'complete';
}

// --- one line ----------------------------------------------------------------------------------------------------

// Rust's idea of white space; JavaScript's `\s` and `trim` also take the byte order mark.
const BLANK = /\p{White_Space}/u;
const LEADING_BLANKS = /^\p{White_Space}+/u;
const TRAILING_BLANKS = /\p{White_Space}+$/u;
const KEY = /^[A-Za-z_][A-Za-z0-9_.]*/;

type ParsedLine = { readonly name: string; readonly value: string } | { readonly why: string } | undefined;

function parseLine(line: string, lookUp: (name: string) => string): ParsedLine {
  let rest = line.replace(TRAILING_BLANKS, '').replace(LEADING_BLANKS, '');
  if (rest === '' || rest.startsWith('#')) return undefined;
  if (rest.startsWith('\uFEFF')) return { why: 'the file starts with a byte order mark; save it as UTF-8 without one' };

  const takeKey = () => {
    const key = KEY.exec(rest)?.[0];
    rest = rest.slice(key?.length ?? 0).replace(LEADING_BLANKS, '');
    return key;
  };
  let name = takeKey();
  // `export` is a prefix, unless it is itself the variable: `export=1`.
  if (name === 'export' && !rest.startsWith('=')) name = takeKey();
  if (name === undefined) return { why: 'a line starts with the name of a variable: NAME=value' };
  if (!rest.startsWith('=')) return { why: `there is no = after ${name}` };
  rest = rest.slice(1).replace(LEADING_BLANKS, '');
  if (rest === '' || rest.startsWith('#')) return { name, value: '' };

  const value = parseValue(rest, lookUp);
  return typeof value === 'string' ? { name, value } : value;
}

type Substitution = 'none' | 'bare' | 'braces';

/** dotenvy's `parse_value`, branch for branch. */
function parseValue(input: string, lookUp: (name: string) => string): string | { readonly why: string } {
  let output = '';
  let strongQuote = false;
  let weakQuote = false;
  let escaped = false;
  let expectingEnd = false;
  let substitution: Substitution = 'none';
  let name = '';
  const substitute = () => {
    output += lookUp(name);
    name = '';
  };

  for (const char of input) {
    if (expectingEnd) {
      if (char === '#') break;
      if (char !== ' ' && char !== '\t') return { why: 'a value with blanks needs quotes around it' };
    } else if (escaped) {
      if (char === 'n') output += '\n';
      else if ('\\\'"$ '.includes(char)) output += char;
      else return { why: `there is no escape \\${char}; write \\\\ for a backslash` };
      escaped = false;
    } else if (strongQuote) {
      if (char === "'") strongQuote = false;
      else output += char;
    } else if (substitution === 'bare') {
      if (ALPHANUMERIC.test(char)) {
        name += char;
      } else if (char === '{' && name === '') {
        substitution = 'braces';
      } else {
        substitute();
        substitution = char === '$' ? 'bare' : 'none';
        // Also a closing quote is taken as text here.
        if (char !== '$') output += char;
      }
    } else if (substitution === 'braces') {
      if (ALPHANUMERIC.test(char) || char !== '}') {
        name += char;
      } else {
        substitution = 'none';
        substitute();
      }
    } else if (char === '$') {
      substitution = 'bare';
    } else if (weakQuote) {
      if (char === '"') weakQuote = false;
      else if (char === '\\') escaped = true;
      else output += char;
    } else if (char === "'") {
      strongQuote = true;
    } else if (char === '"') {
      weakQuote = true;
    } else if (char === '\\') {
      escaped = true;
    } else if (char === ' ' || char === '\t') {
      expectingEnd = true;
    } else {
      output += char;
    }
  }
  if (substitution === 'braces') return { why: 'a ${ is not closed' };
  if (strongQuote || weakQuote) return { why: 'a quote is not closed' };
  substitute();
  return output;
}

const ALPHANUMERIC = /[\p{Alphabetic}\p{N}]/u;
