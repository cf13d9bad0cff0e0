import { type Architecture, resNet } from '../net/resnet.ts';
import { type FeatureShape, traceShapes } from '../net/trace.ts';
import { summarise, summaryLines, summaryTable } from '../report/summary.ts';

interface SummaryFlags extends Omit<Architecture, 'channels'> {
  readonly input: FeatureShape;
  readonly batch: number;
  readonly format: 'table' | 'lines';
  readonly json: boolean;
}

/** `resnet summary`: the shape trace of the network, without loading TensorFlow. */
export function summary({ input, batch, format, json, ...architecture }: SummaryFlags): void {
  const traced = traceShapes(resNet(architecture), input);
  const result = summarise(traced, batch);
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(format === 'lines' ? summaryLines(result) : summaryTable(result));
}
