/**
 * Tables as plain text, folded to a terminal's width, or as Markdown. `resnet summary` makes its tables here, because
 * loading cli-table3 takes 16 of the 150 ms that the command may take.
 */

/** The content of a table. */
export interface TextTable {
  /** The columns; if no column has a heading, the table has no head. */
  readonly columns: readonly Column[];
  /** Rows with a cell for each column. */
  readonly rows: readonly (readonly string[])[];
  /** Last row, separated from the others by a line. */
  readonly total?: readonly string[];
}

/** A column's heading and alignment. */
export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/** Space between two columns. */
const GAP = '  ';

/**
 * A table as plain text. If it is wider than `width`, it is folded: the columns that do not fit follow below as a table
 * of their own, which begins with the first column again.
 *
 * @param width characters of a line; at least two columns stand side by side even if they are wider
 */
export function plainTable(table: TextTable, width = Number.POSITIVE_INFINITY): string {
  const { columns, rows, total = [] } = table;
  const widths = columns.map(({ head }, index) =>
    [head, ...[...rows, total].map((row) => row[index] ?? '')].reduce((most, { length }) => Math.max(most, length), 0),
  );
  const rule = widths.map((length) => '─'.repeat(length));
  const heads = columns.map(({ head }) => head);
  const lines = [
    ...(heads.some((head) => head !== '') ? [heads, rule] : []),
    ...rows,
    ...(table.total ? [rule, table.total] : []),
  ];
  const line = (cells: readonly string[], shown: readonly number[]) =>
    shown.map((index) => aligned(cells[index] ?? '', widths[index] ?? 0, columns[index]?.align)).join(GAP);
  return folded(widths, width)
    .map((shown) => lines.map((cells) => `${line(cells, shown).trimEnd()}\n`).join(''))
    .join('\n');
}

/** A table as Markdown. */
export function markdownTable({ columns, rows, total }: TextTable): string {
  const lines = [
    columns.map(({ head }) => head),
    columns.map(({ align }) => (align === 'left' ? '---' : '---:')),
    ...rows,
    ...(total ? [total] : []),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function aligned(cell: string, width: number, align: Column['align'] = 'left'): string {
  return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
}

/** The indices of the columns in each part of a folded table. */
function folded(widths: readonly number[], width: number): number[][] {
  const [first = 0, ...others] = widths;
  const parts: number[][] = [[0]];
  let taken = first;
  for (const [before, own] of others.entries()) {
    taken += GAP.length + own;
    const part = parts.at(-1) as number[];
    if (taken <= width || part.length === 1) {
      part.push(before + 1);
    } else {
      parts.push([0, before + 1]);
      taken = first + GAP.length + own;
    }
  }
  return parts;
}
