import { readFile } from 'node:fs/promises';
import { type Node, Parser } from 'web-tree-sitter';
import { rustGrammar } from './rust-grammar.js';

/** Where a file stops being Rust. `line` and `column` count from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  /** For people: `unexpected "}"`, `missing ";"`. */
  readonly message: string;
}

/** Longest piece of the source that is quoted in a message, in characters. */
const MAX_QUOTE = 24;

/**
 * Parses Rust with tree-sitter, in a few ms a file. It knows no macros: what stands in `view!` is only checked for
 * balanced brackets. Its grammar lags behind the language, so a problem is a strong hint and no proof.
 */
export class RustSyntax {
  readonly #parser: Parser;

  private constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** Loads the parser and the grammar: some 30 ms, once. */
  static async load(): Promise<RustSyntax> {
    const grammar = await rustGrammar();
    const parser = new Parser();
    parser.setLanguage(grammar);
    return new RustSyntax(parser);
  }

  /** The first problem of a source text, or null. */
  check(text: string): SyntaxProblem | null {
    const tree = this.#parser.parse(text);
    if (!tree) return null;
    try {
      const node = tree.rootNode.hasError ? firstProblem(tree.rootNode) : null;
      return node ? describe(node) : null;
    } finally {
      tree.delete();
    }
  }

  /** The first problem of a file, or null; null too where it can't be read. */
  async checkFile(path: string): Promise<SyntaxProblem | null> {
    const text = await readFile(path, 'utf8').catch(() => null);
    return text === null ? null : this.check(text);
  }
}

/** The first node, in the order of the text, that the grammar could not fit in. */
function firstProblem(node: Node): Node | null {
  if (node.isError || node.isMissing) return node;
  for (const child of node.children) {
    if (child?.hasError || child?.isMissing) {
      const found = firstProblem(child);
      if (found) return found;
    }
  }
  return null;
}

function describe(node: Node): SyntaxProblem {
  const { row, column } = node.startPosition;
  const place = { line: row + 1, column: column + 1 };
  if (node.isMissing) return { ...place, message: `missing "${node.type}"` };
  const [line = ''] = node.text.trim().split('\n');
  const quote = line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}…` : line;
  return { ...place, message: quote === '' ? 'the file ends too early' : `unexpected "${quote}"` };
}
