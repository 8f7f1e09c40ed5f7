/** One line of a file: its text without the line end, and the line end itself (`''` on a last line without one). */
export interface Line {
  readonly content: string;
  readonly eol: '' | '\n' | '\r\n';
}

/** Splits a text into lines; joining them gives the same bytes again. An empty text has no lines. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    if (feed === -1) return [...lines, { content: text.slice(start), eol: '' }];
    const eol = feed > start && text[feed - 1] === '\r' ? '\r\n' : '\n';
    lines.push({ content: text.slice(start, feed + 1 - eol.length), eol });
    start = feed + 1;
  }
  return lines;
}

/** The inverse of {@link splitLines}. */
export function joinLines(lines: readonly Line[]): string {
  return lines.map((line) => line.content + line.eol).join('');
}

/** The line end that a file uses first; `\n` for a file of one line. */
export function eolOf(lines: readonly Line[]): '\n' | '\r\n' {
  return lines.find((line) => line.eol !== '')?.eol === '\r\n' ? '\r\n' : '\n';
}

/** The spaces and tabs a line begins with. */
export function indentOf(content: string): string {
  return /^[ \t]*/.exec(content)?.[0] ?? '';
}

/** New contents for some lines, and lines to put behind some; both keyed by the line's index. */
export interface LineChanges {
  readonly replace: ReadonlyMap<number, string>;
  readonly insertAfter: ReadonlyMap<number, readonly string[]>;
  readonly append: readonly string[];
}

/**
 * Applies changes. Inserted lines take the line end of the line before them. A file whose last line has no line end
 * still has none afterwards, which is how {@link deleteLines} can restore it exactly.
 */
export function applyLineChanges(lines: readonly Line[], changes: LineChanges): Line[] {
  const eol = eolOf(lines);
  const result: { content: string; eol: Line['eol'] }[] = [];
  for (const [index, line] of lines.entries()) {
    result.push({ content: changes.replace.get(index) ?? line.content, eol: line.eol });
    for (const content of changes.insertAfter.get(index) ?? []) result.push({ content, eol: line.eol || eol });
  }
  for (const content of changes.append) result.push({ content, eol });
  const endsOpen = lines.at(-1)?.eol === '';
  return result.map((line, index) => {
    if (endsOpen && index === result.length - 1) return { ...line, eol: '' };
    return line.eol === '' ? { ...line, eol } : line;
  });
}

/** Drops lines. When a last line without line end goes, the line that becomes the last has none either. */
export function deleteLines(lines: readonly Line[], doomed: ReadonlySet<number>): Line[] {
  const kept = lines.filter((_, index) => !doomed.has(index));
  const last = kept.at(-1);
  const wasOpen = lines.at(-1)?.eol === '' && doomed.has(lines.length - 1);
  return last && wasOpen ? [...kept.slice(0, -1), { ...last, eol: '' }] : kept;
}
