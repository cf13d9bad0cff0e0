import { resNet } from '../net/resnet.ts';
import { type FeatureShape, traceShapes } from '../net/trace.ts';
import { summarise, summaryLines, summaryTable } from '../report/summary.ts';

interface SummaryFlags {
  readonly input: FeatureShape;
  readonly batch: number;
  readonly classes: number;
  readonly format: 'table' | 'lines';
  readonly json: boolean;
}

/** `resnet summary`: the shape trace of the network, without loading TensorFlow. */
export function summary({ input, batch, classes, format, json }: SummaryFlags): void {
  const traced = traceShapes(resNet({ depth: 18, classes }), input);
  const result = summarise(traced, batch);
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(format === 'lines' ? summaryLines(result) : summaryTable(result));
}
