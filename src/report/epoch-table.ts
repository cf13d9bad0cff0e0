/** The table of epochs, which grows by one row per epoch and has no frame. */
import type { LoggedEpoch } from '../run/run-history.ts';
import type { EpochEvent } from '../training/events.ts';
import { lossText, percentage } from './numbers.ts';

/** A column of the table. */
interface Column {
  readonly head: string;
  readonly cell: (epoch: LoggedEpoch) => string;
  /** Rank in which the column is left out if the table is too wide, from 1 (first) to 4; absent if it always stays. */
  readonly dispensable?: number;
}

/** The columns of epochs, here and on the report page; the first holds the epoch's number. */
export const EPOCH_COLUMNS: readonly Column[] = [
  { head: 'Epoch', cell: ({ epoch }) => String(epoch) },
  { head: 'Train loss', cell: ({ train }) => lossText(train.loss), dispensable: 4 },
  { head: 'Train acc.', cell: ({ train }) => percentage(train.accuracy), dispensable: 3 },
  { head: 'Val. loss', cell: ({ validation }) => lossText(validation.loss) },
  { head: 'Val. acc.', cell: ({ validation }) => percentage(validation.accuracy) },
  { head: 'Images/s', cell: ({ imagesPerSecond }) => String(Math.round(imagesPerSecond)), dispensable: 1 },
  { head: 'Seconds', cell: ({ seconds }) => seconds.toFixed(1), dispensable: 2 },
];

/** Width of the last column: two spaces, and `best` or an epoch's number. */
const MARK_CHARACTERS = 6;

/**
 * The table's head.
 *
 * @param mark heading of the last column, which holds the rows' marks
 * @param width characters of a line; columns that do not fit are left out
 */
export function epochHead(mark = '', width = Number.POSITIVE_INFINITY): string {
  const shown = columnsWithin(width);
  return line(
    shown,
    shown.map(({ head }) => head),
    mark,
  );
}

/**
 * An epoch's row.
 *
 * @param mark text of the last column
 * @param width characters of a line; columns that do not fit are left out
 */
export function epochRow(event: EpochEvent, mark: string, width = Number.POSITIVE_INFINITY): string {
  const shown = columnsWithin(width);
  return line(
    shown,
    shown.map(({ cell }) => cell(event)),
    mark,
  );
}

/** The end of the table: the row of the best epoch, which was not known when the rows above were printed. */
export function bestRow(event: EpochEvent, width: number): string {
  const row = epochRow(event, 'best', width);
  return `  ${'─'.repeat(row.trimEnd().length - 2)}\n${row}`;
}

function columnsWithin(width: number): readonly Column[] {
  let shown = EPOCH_COLUMNS;
  for (let rank = 1; rank <= 4 && widthOf(shown) > width; rank++) {
    shown = shown.filter(({ dispensable }) => dispensable !== rank);
  }
  return shown;
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + cellWidth(column), MARK_CHARACTERS);
}

function cellWidth({ head }: Column): number {
  return head.length + 2;
}

function line(columns: readonly Column[], cells: readonly string[], mark: string): string {
  const widths = [...columns.map(cellWidth), MARK_CHARACTERS];
  // The first space is outside the padding: a longer cell makes a longer line, but never touches the one before it.
  const padded = [...cells, mark].map((cell, index) => ` ${cell.padStart(widths[index]! - 1)}`);
  return `${padded.join('').trimEnd()}\n`;
}
