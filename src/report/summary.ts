/** `resnet summary` as text: the shape trace as a table, as the original's own lines, or as data. */
import Table from 'cli-table3';
import { TORCH_CLASS } from '../net/layers.ts';
import { countTrainable, type Parameter, parametersOf } from '../net/parameters.ts';
import type { TracedLayer } from '../net/trace.ts';

/** One row a top-level layer. */
export interface SummaryRow {
  readonly name: string;
  readonly type: string;
  /** Batch first, then channels, height and width, as PyTorch prints them. */
  readonly outputShape: readonly number[];
  /** Trained values in the layer and all layers inside it. */
  readonly parameters: number;
}

export interface Summary {
  readonly inputShape: readonly number[];
  readonly layers: readonly SummaryRow[];
  readonly parameters: number;
}

export function summarise(traced: readonly TracedLayer[], batch: number): Summary {
  const parameters: readonly Parameter[] = parametersOf(traced);
  return {
    inputShape: [batch, ...(traced[0]?.input ?? [])],
    layers: traced.map((layer) => ({
      name: layer.path,
      type: TORCH_CLASS[layer.layer.kind],
      outputShape: [batch, ...layer.output],
      parameters: countTrainable(parametersOf([layer])),
    })),
    parameters: countTrainable(parameters),
  };
}

/** The lines that the original's trace prints, character for character. */
export function summaryLines({ layers }: Summary): string {
  return layers
    .map(({ type, outputShape }) => `${type} output shape:\t torch.Size([${outputShape.join(', ')}])\n`)
    .join('');
}

export function summaryTable({ inputShape, layers, parameters }: Summary): string {
  const table = new Table({
    head: ['Layer', 'Type', 'Output shape', 'Parameters'],
    colAligns: ['left', 'left', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  table.push(['(input)', '', shapeText(inputShape), '']);
  for (const row of layers) table.push([row.name, row.type, shapeText(row.outputShape), count(row.parameters)]);
  table.push(['Total', '', '', count(parameters)]);
  return `${table.toString()}\n`;
}

function shapeText(shape: readonly number[]): string {
  return shape.join(' × ');
}

/** 11178378 → 11,178,378 */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ','); // toLocaleString costs 5 ms of start-up
}
