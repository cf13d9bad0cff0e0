/** All columns that the table of `resnet summary` can have. */

import type { Figures, SummaryRow } from '../net/summary.ts';
import { grouped, mebibytes, millions, percentage } from '../numbers.ts';
import type { Column } from './text-table.ts';

/** A column of the table, and how its cells are made. */
export interface SummaryColumn extends Column {
  /**
   * Makes a layer's cell.
   *
   * @param label the layer's name as the table shows it
   */
  readonly ofLayer: (row: SummaryRow, label: string) => string;
  /** Makes the cell of the last row, which holds the totals. */
  readonly ofTotal: (total: Figures) => string;
}

/** A column of numbers, which has a total. */
function figure(head: string, text: (figures: Figures) => string): SummaryColumn {
  return { head, align: 'right', ofLayer: text, ofTotal: text };
}

/** A column of text, which has no total. */
function description(head: string, text: (row: SummaryRow) => string): SummaryColumn {
  return { head, align: 'left', ofLayer: text, ofTotal: () => '' };
}

/** The columns by the names that `--columns` takes. */
export const SUMMARY_COLUMNS = {
  name: { head: 'Layer', align: 'left', ofLayer: (_, label) => label, ofTotal: () => 'Total' },
  type: description('Type', ({ type }) => type),
  kernel: description('Kernel', kernelText),
  output: description('Output shape', ({ outputShape }) => shapeText(outputShape)),
  parameters: figure('Parameters', ({ parameters }) => grouped(parameters)),
  share: figure('Share', ({ share }) => percentage(share)),
  trained: figure('Trained', ({ trainedParameters }) => grouped(trainedParameters)),
  live: figure('Live', ({ liveParameters }) => grouped(liveParameters)),
  'mult-adds': figure('Mult-adds M', ({ multAdds }) => millions(multAdds)),
  weights: figure('Weights MiB', ({ memory }) => mebibytes(memory.weights)),
  gradients: figure('Gradients MiB', ({ memory }) => mebibytes(memory.gradients)),
  adam: figure('Adam MiB', ({ memory }) => mebibytes(memory.adam)),
  activations: figure('Activations MiB', ({ memory }) => mebibytes(memory.activations)),
  memory: figure('Train MiB', ({ memory }) => mebibytes(memory.total)),
} as const satisfies Record<string, SummaryColumn>;

/** Name of a column. */
export type ColumnName = keyof typeof SUMMARY_COLUMNS;

/** Names of all columns. */
export const COLUMN_NAMES = Object.keys(SUMMARY_COLUMNS) as readonly ColumnName[];

/** Columns of the table without `--columns`. */
export const DEFAULT_COLUMNS: readonly ColumnName[] = [
  'name',
  'type',
  'kernel',
  'output',
  'parameters',
  'share',
  'mult-adds',
  'memory',
];

/** A shape as text: [1, 64, 112, 112] → 1×64×112×112. */
export function shapeText(shape: readonly number[]): string {
  return shape.join('×');
}

/** A kernel as text: a 7×7 kernel with a stride of 2 → 7×7/2. */
function kernelText({ kernel }: SummaryRow): string {
  if (!kernel) return '';
  return `${kernel.size}×${kernel.size}${kernel.stride > 1 ? `/${kernel.stride}` : ''}`;
}
