/** The table of epochs, which grows by one row per epoch and has no frame. */

import { lossText, percentage } from '../numbers.ts';
import type { LoggedEpoch } from '../run/run-history.ts';
import type { BestMeasure } from '../training/best-measure.ts';
import type { EpochEvent } from '../training/events.ts';

/** A column of the table. */
interface Column {
  readonly head: string;
  readonly cell: (epoch: LoggedEpoch) => string;
  /** Rank in which the column is left out if the table is too wide, from 1 (first) to 4; absent if it always stays. */
  readonly dispensable?: number;
}

/** The columns by which best is chosen, where they are not among the usual ones. */
const MEASURE_COLUMNS: Readonly<Partial<Record<BestMeasure, Column>>> = {
  'balanced-accuracy': { head: 'Bal. acc.', cell: ({ validation }) => fractionText(validation.balancedAccuracy) },
  'macro-f1': { head: 'Macro F1', cell: ({ validation }) => fractionText(validation.macroF1) },
};

/** A fraction as a percentage; – in the log of an older version, which does not have it. */
function fractionText(value: number | undefined): string {
  return value === undefined ? '–' : percentage(value);
}

/** The usual columns of epochs; the first holds the epoch's number. */
const EPOCH_COLUMNS: readonly Column[] = [
  { head: 'Epoch', cell: ({ epoch }) => String(epoch) },
  { head: 'Train loss', cell: ({ train }) => lossText(train.loss), dispensable: 4 },
  { head: 'Train acc.', cell: ({ train }) => percentage(train.accuracy), dispensable: 3 },
  { head: 'Val. loss', cell: ({ validation }) => lossText(validation.loss) },
  { head: 'Val. acc.', cell: ({ validation }) => percentage(validation.accuracy) },
  { head: 'Images/s', cell: ({ imagesPerSecond }) => String(Math.round(imagesPerSecond)), dispensable: 1 },
  { head: 'Seconds', cell: ({ seconds }) => seconds.toFixed(1), dispensable: 2 },
];

/** Where the column of a measure stands: after the validation's. */
const MEASURE_PLACE = 5;

/** The columns of epochs, here and on the report page, of a run whose best epoch is chosen by this measure. */
export function epochColumns(bestBy: BestMeasure): readonly Column[] {
  const column = MEASURE_COLUMNS[bestBy];
  return column === undefined ? EPOCH_COLUMNS : EPOCH_COLUMNS.toSpliced(MEASURE_PLACE, 0, column);
}

/** Width of the last column: two spaces, and `best` or an epoch's number. */
const MARK_CHARACTERS = 6;

/** Which columns are shown. */
interface TableForm {
  /** The measure by which the best epoch is chosen. */
  readonly bestBy: BestMeasure;
  /** Characters of a line; columns that do not fit are left out; default: no limit. */
  readonly width?: number;
}

/**
 * The table's head.
 *
 * @param mark heading of the last column, which holds the rows' marks
 */
export function epochHead(mark: string, form: TableForm): string {
  const shown = columnsWithin(form);
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
 */
export function epochRow(event: EpochEvent, mark: string, form: TableForm): string {
  const shown = columnsWithin(form);
  return line(
    shown,
    shown.map(({ cell }) => cell(event)),
    mark,
  );
}

/** The end of the table: the row of the best epoch, which was not known when the rows above were printed. */
export function bestRow(event: EpochEvent, form: TableForm): string {
  const row = epochRow(event, 'best', form);
  return `  ${'─'.repeat(row.trimEnd().length - 2)}\n${row}`;
}

function columnsWithin({ bestBy, width = Number.POSITIVE_INFINITY }: TableForm): readonly Column[] {
  let shown = epochColumns(bestBy);
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
