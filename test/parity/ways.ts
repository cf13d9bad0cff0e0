/** The two ways in which TensorFlow computes a model: op by op, and as one recorded graph. */
import { gatherLabels, gatherPixels } from '../../src/dataset/batches.ts';
import { imageBytes } from '../../src/dataset/dataset.ts';
import { isInMemory } from '../../src/dataset/pixels.ts';
import { CompiledEngine } from '../../src/engine/compiled-engine.ts';
import { EagerEngine } from '../../src/engine/eager-engine.ts';
import type { Engine, EngineSource } from '../../src/engine/engine.ts';
import type { BatchTensors } from '../../src/engine/step.ts';
import { Model } from '../../src/model/model.ts';
import { GraphProgram } from '../../src/runtime/graph/program.ts';
import type { Runtime } from '../../src/runtime/open.ts';
import type { Tensor } from '../../src/runtime/tensor.ts';
import { range } from '../support/datasets.ts';

/** A computation on a model and a batch; its results have names. */
export type Work = (model: Model, batch: BatchTensors) => Record<string, Tensor>;

export interface Way {
  /** The engine that trains this way. */
  readonly Engine: new (
    runtime: Runtime,
    source: EngineSource,
  ) => Engine;
  /** Values of the results of `work` on all images of the source, in one batch. */
  compute(runtime: Runtime, source: EngineSource, work: Work): Promise<Record<string, Float32Array>>;
}

export const opByOp: Way = {
  Engine: EagerEngine,
  async compute(runtime, source, work) {
    const { tf } = runtime;
    const model = new Model(runtime, source.network, source.parameters, source.state);
    const values: Record<string, Float32Array> = {};
    const { pixels, labels } = batchOf(source);
    tf.tidy(() => {
      const batch = { pixels: tf.tensor(pixels.data, [...pixels.shape]), labels: tf.tensor1d(labels.data, 'int32') };
      for (const [name, tensor] of Object.entries(work(model, batch))) {
        values[name] = tensor.dataSync() as Float32Array;
      }
    });
    model.dispose();
    return values;
  },
};

export const asOneGraph: Way = {
  Engine: CompiledEngine,
  async compute(runtime, source, work) {
    const program = new GraphProgram(runtime.tf);
    const model = new Model({ ...runtime, ops: program.ops }, source.network, source.parameters, source.state);
    const batch = batchOf(source);
    let names: string[] = [];
    program.add('work', batch, (inputs) => {
      const results = work(model, inputs);
      names = Object.keys(results);
      return results;
    });
    const results = await program.run('work', batch, names);
    program.close();
    return Object.fromEntries(names.map((name) => [name, results[name]?.data as Float32Array]));
  },
};

function batchOf({ dataset }: EngineSource) {
  if (!isInMemory(dataset)) throw new Error('the pixels are not in memory');
  const { count, height, width, channels } = dataset;
  const all = range(0, count);
  return {
    pixels: {
      dtype: 'float32',
      shape: [count, height, width, channels],
      data: gatherPixels({ pixels: dataset.pixels, rows: all }, imageBytes(dataset)),
    },
    labels: { dtype: 'int32', shape: [count], data: gatherLabels(dataset, all) },
  } as const;
}
