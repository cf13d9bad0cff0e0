/** Tables with frames. */
import Table from 'cli-table3';

/**
 * An empty table with lines between its columns. The first column is aligned to the left, the others to the right.
 *
 * @param padding spaces on either side of a cell; default: 1
 */
export function framedTable(head: readonly string[], padding = 1): Table.Table {
  return new Table({
    head: [...head],
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true, 'padding-left': padding, 'padding-right': padding },
  });
}
