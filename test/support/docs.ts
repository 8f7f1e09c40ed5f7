import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './dist.js';

/** A fenced block of a Markdown file. */
export interface DocsBlock {
  readonly file: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly lines: readonly string[];
  /** From a comment `<!-- not run: … -->` in the line above or the one before that. */
  readonly notRun: string | null;
}

/** The Markdown files that people read, relative to the repository. */
export const DOCS: readonly string[] = [
  ...readdirSync(REPO).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(REPO, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function readDocs(file: string): string {
  return readFileSync(join(REPO, file), 'utf8');
}

/** All fenced blocks of a file, those in lists too. */
export function blocksOf(file: string): readonly DocsBlock[] {
  const blocks: DocsBlock[] = [];
  const lines = readDocs(file).split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^( *)```(\S*)$/.exec(lines[at] ?? '');
    if (!fence) continue;
    const [, indent = '', language = ''] = fence;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end === -1) throw new Error(`${file}:${at + 1}: the block has no end`);
    const above = [lines[at - 1], lines[at - 2]].map((line) => /<!-- not run: (.+) -->/.exec(line ?? '')?.[1]);
    blocks.push({
      file,
      line: at + 1,
      language,
      lines: lines.slice(at + 1, end).map((line) => line.slice(indent.length)),
      notRun: above.find((reason) => reason !== undefined) ?? null,
    });
    at = end;
  }
  return blocks;
}

/** The commands of a block, without comments; a line that ends with a backslash goes on in the next. */
export function commandsOf(block: DocsBlock): readonly string[] {
  return block.lines
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
