import kleur from 'kleur';
import { keepEnd } from './keep-end.js';

/** A column of a table. `least` is how far (characters) a flexible one may shrink. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Gives way where the table is too wide; what is cut off is its beginning, since paths tell more at their end. */
  readonly least?: number;
  /** Columns with a number are left out one after the other, the highest first, while the table is too wide. */
  readonly dispensable?: number;
}

const GAP = '  ';

/** Lines of a table that is no wider than `width`, as far as its columns can give way. Cells are plain text. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const shown = fittingColumns(columns, rows, width);
  const widths = shown.map(({ index }) => widthOf(index, columns, rows));
  const tooWide = totalOf(widths) - width;
  const sized = shown.map(({ column, index }, position) => {
    const natural = widths[position] ?? 0;
    return {
      column,
      index,
      size: column.least === undefined ? natural : Math.max(column.least, natural - Math.max(0, tooWide)),
    };
  });
  const line = (cells: readonly string[]): string =>
    sized
      .map(({ column, index, size }) => fitCell(cells[index] ?? '', size, column.align))
      .join(GAP)
      .trimEnd();
  return [kleur.dim(line(columns.map(({ title }) => title))), ...rows.map(line)];
}

/** Breaks a text into lines between its words, and within those that are longer than a line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const word of text.split(' ')) {
    const characters = [...word];
    if (line.length > 0 && line.length + 1 + characters.length > width) {
      lines.push(line.join(''));
      line = [];
    }
    line.push(...(line.length > 0 ? [' '] : []), ...characters);
    while (line.length > width) lines.push(line.splice(0, width).join(''));
  }
  return [...lines, line.join('')];
}

function fittingColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly { readonly column: Column; readonly index: number }[] {
  let shown = columns.map((column, index) => ({ column, index }));
  for (;;) {
    const least = shown.map(({ column, index }) => {
      const natural = widthOf(index, columns, rows);
      return Math.min(natural, column.least ?? natural);
    });
    const candidates = shown.flatMap(({ column }) => column.dispensable ?? []);
    if (totalOf(least) <= width || candidates.length === 0) return shown;
    const worst = Math.max(...candidates);
    shown = shown.filter(({ column }) => column.dispensable !== worst);
  }
}

function widthOf(index: number, columns: readonly Column[], rows: readonly (readonly string[])[]): number {
  const cells = [columns[index]?.title ?? '', ...rows.map((row) => row[index] ?? '')];
  return Math.max(...cells.map((cell) => [...cell].length));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, size) => sum + size, 0) + GAP.length * Math.max(0, widths.length - 1);
}

function fitCell(text: string, size: number, align: 'left' | 'right'): string {
  const cut = keepEnd(text, size);
  const space = ' '.repeat(size - [...cut].length);
  return align === 'left' ? cut + space : space + cut;
}
