/** Runs exports as the proof of `resnet export` does: ONNX by onnxruntime-web, the others by TensorFlow.js. */
import type { InferenceGraph } from '../../src/export/inference/graph.ts';
import { NETWORK_ROOMS } from '../../src/export/network-formats.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { type Answered, type Job, numbersOf, type Outcome } from './job.ts';

/** The answers of the runtime that proves a format, for jobs of that format. */
export async function ownAnswers(jobs: readonly Job[], signal: AbortSignal): Promise<Answered> {
  const runtime = await openRuntime({ device: 'cpu' });
  const results: Outcome[] = [];
  let name = 'the proof';
  for (const job of jobs) {
    signal.throwIfAborted();
    const room = await NETWORK_ROOMS[job.format]();
    const opened = await room.open(job.path, graphOf(job), runtime);
    if ('missing' in opened) {
      results.push({ fault: opened.missing });
      continue;
    }
    name = opened.runtime;
    try {
      results.push({ answers: [...(await opened.run(numbersOf(job), job.shape[0] ?? 0))] });
    } finally {
      await opened.close();
    }
  }
  const [, title = name, version = ''] = /^(.+?) ([\d.]+.*)$/.exec(name) ?? [];
  return { runtime: `${title}, as in the proof`, version, results };
}

/** What a room has to know of a graph to run its file. */
function graphOf({ shape, type, format, outputName, classes, weightType, label }: Job): InferenceGraph {
  const [, ...sides] = shape as [number, number, number, number];
  const [channels, height, width] = format === 'onnx' ? sides : ([sides[2], sides[0], sides[1]] as const);
  return {
    name: label,
    input: { shape: [channels, height, width], numbers: type === 'uint8' ? 'bytes' : 'normalised' },
    nodes: [],
    output: outputName as InferenceGraph['output'],
    classes,
    weightType,
  };
}
