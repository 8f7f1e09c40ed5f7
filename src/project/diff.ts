import kleur from 'kleur';

/** One line of a difference between two texts. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** The shortest edit between two lists of lines: first what goes, then what comes. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  return [
    ...same(before.slice(0, start)),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/**
 * Renders what changed between two texts of a manifest: for each run of changes the table it stands in, then the lines
 * with `-` and `+`. Line ends are not compared. Empty when nothing differs.
 */
export function renderDiff(before: string, after: string): string {
  const output: string[] = [];
  let table: string | undefined;
  let shownTable: string | undefined;
  for (const { kind, text } of diffLines(linesOf(before), linesOf(after))) {
    const isHeader = /^\s*\[/.test(text);
    if (kind === 'same') {
      if (isHeader) table = text.trim();
      continue;
    }
    if (isHeader) {
      table = text;
      shownTable = text;
    } else if (table !== shownTable && text !== '') {
      if (table !== undefined) output.push(kleur.dim(`    ${table}`));
      shownTable = table;
    }
    output.push(kind === 'added' ? kleur.green(`  + ${text}`.trimEnd()) : kleur.red(`  - ${text}`.trimEnd()));
  }
  return output.map((line) => `${line}\n`).join('');
}

function linesOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
}

/** Longest common subsequence by dynamic programming; manifests have hundreds of lines, not millions. */
function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const longest = Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
      common[i * width + j] = before[i] === after[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : longest;
    }
  }
  const result: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [old, young] = [before[i], after[j]];
    if (old !== undefined && old === young) {
      result.push({ kind: 'same', text: old });
      i++;
      j++;
    } else if (
      old !== undefined &&
      (young === undefined || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      result.push({ kind: 'removed', text: old });
      i++;
    } else {
      result.push({ kind: 'added', text: young ?? '' });
      j++;
    }
  }
  return result;
}
