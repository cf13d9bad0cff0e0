/** The tables of `resnet summary` in plain text or Markdown: the layers, and the totals. */

import type { Summary, SummaryRow } from '../net/summary.ts';
import { grouped, mebibytes, millions, percentage } from '../numbers.ts';
import { wrapped } from './screen.ts';
import { type ColumnName, SUMMARY_COLUMNS, type SummaryColumn, shapeText } from './summary-columns.ts';
import { markdownTable, plainTable, type TextTable } from './text-table.ts';

/** Which part of a summary the table shows. */
interface TableOptions {
  readonly columns: readonly ColumnName[];
  /** Levels of the layer tree that are shown, at least 1. A layer's figures include those of the layers inside it. */
  readonly depthLimit: number;
}

/**
 * The tables in plain text.
 *
 * @param width characters of a line, to which the tables are folded; default: no limit
 */
export function summaryTable(summary: Summary, options: TableOptions, width?: number): string {
  const layers = layerTable(summary, options, ({ name }, level) => '  '.repeat(level) + name.split('.').at(-1));
  return `${plainTable(layers, width)}\n${plainTable(totalsTable(summary), width)}${notesBelow(summary)}`;
}

/** The tables in Markdown. It drops indentation, so layers are shown by their whole path. */
export function summaryMarkdown(summary: Summary, options: TableOptions): string {
  const layers = layerTable(summary, options, ({ name }) => name);
  return `${markdownTable(layers)}\n${markdownTable(totalsTable(summary))}${notesBelow(summary)}`;
}

/** The mark of a layer that is not trained, after its name. */
const FROZEN = ' (frozen)';

function notesBelow({ notes }: Summary): string {
  return notes.length > 0 ? `\n${notes.map((note) => wrapped(note.split(' '), '')).join('')}` : '';
}

function layerTable(
  summary: Summary,
  options: TableOptions,
  label: (row: SummaryRow, level: number) => string,
): TextTable {
  const columns: readonly SummaryColumn[] = options.columns.map((name) => SUMMARY_COLUMNS[name]);
  const rows = (layers: readonly SummaryRow[], level: number): string[][] =>
    layers.flatMap((row) => [
      columns.map(({ ofLayer }) => ofLayer(row, `${label(row, level)}${row.frozen ? FROZEN : ''}`)),
      ...(level + 1 < options.depthLimit ? rows(row.layers, level + 1) : []),
    ]);
  return { columns, rows: rows(summary.layers, 0), total: columns.map(({ ofTotal }) => ofTotal(summary)) };
}

function totalsTable(summary: Summary): TextTable {
  const { inputShape, frozen, parameters, trainedParameters, liveParameters, multAdds, memory } = summary;
  return {
    columns: [
      { head: '', align: 'left' },
      { head: '', align: 'right' },
      { head: '', align: 'left' },
    ],
    rows: [
      ['Input', shapeText(inputShape), ''],
      ['Parameters', grouped(parameters), ''],
      ...(frozen ? [['… trained', grouped(trainedParameters), percentage(trainedParameters / parameters)]] : []),
      ['… live at this size', grouped(liveParameters), percentage(liveParameters / parameters)],
      ['Mult-adds', millions(multAdds), 'M'],
      ['Training memory', mebibytes(memory.total), 'MiB'],
      ['… weights', mebibytes(memory.weights), 'MiB'],
      ['… gradients', mebibytes(memory.gradients), 'MiB'],
      ['… Adam', mebibytes(memory.adam), 'MiB'],
      ['… activations', mebibytes(memory.activations), 'MiB'],
    ],
  };
}
