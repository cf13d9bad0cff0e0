/**
 * Tables as plain text, folded to a terminal's width, or as Markdown. `resnet summary` makes its tables here, since
 * loading cli-table3 takes 16 of the 150 ms that it may take.
 */

export interface TextTable {
  /** Without any heads the rows stand alone. */
  readonly columns: readonly Column[];
  /** A cell for each column. */
  readonly rows: readonly (readonly string[])[];
  /** A last row, set off from the others. */
  readonly total?: readonly string[];
}

export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/**
 * The table in columns of even width. Where it is wider than `width`, it is folded: the columns that do not fit are a
 * table of their own below, which begins with the first column again.
 *
 * @param width in characters; two columns stand side by side whatever it is
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

/** Which columns stand side by side in each part of a folded table. */
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
