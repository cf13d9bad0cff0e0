/** The network computes what PyTorch computes: pytorch_reference.py makes the same numbers and wrote down the results. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Parameter, parametersOf, sizeOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { Tensor } from '../../src/runtime/tensor.ts';
import { adamStep } from '../../src/training/adam.ts';
import { Model } from '../../src/training/model.ts';
import { disposeMoments, gradientsOf, initialMoments, trainingStep } from '../../src/training/step.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { relativeError } from '../support/tensors.ts';

interface Reference {
  readonly name: string;
  readonly blocks: number[];
  readonly width: number;
  readonly channels: number;
  readonly side: number;
  readonly batch: number;
  /** The state_dict's keys, in PyTorch's order: a key's place is the seed of its numbers. */
  readonly names: string[];
  readonly evalLogits: number[];
  readonly trainLogits: number[];
  readonly loss: number;
  readonly gradients: Record<string, { norm: number; head: number[] }>;
  readonly statistics: Record<string, number[]>;
  readonly afterAdam: Record<string, number[]>;
}

const references: Reference[] = JSON.parse(readFileSync(new URL('./pytorch-reference.json', import.meta.url), 'utf8'));

/** Uniform in [−1, 1): an integer hash of seed and index, in 32-bit arithmetic; the same as in pytorch_reference.py. */
function numbers(seed: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    let x = (Math.imul(index, 1103515245) + Math.imul(seed, 2654435769) + 12345) >>> 0;
    for (let round = 0; round < 2; round++) x = Math.imul(x ^ (x >>> 16), 73244475) >>> 0;
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
}

function initialValue({ kind, shape, fanIn }: Parameter, seed: number): Float32Array {
  const values = numbers(seed, sizeOf(shape));
  if (kind === 'scale' || kind === 'runningVariance') return values.map((value) => 1 + value / 2);
  return kind.endsWith('Weight') ? values.map((value) => value / Math.sqrt(fanIn)) : values;
}

interface Prepared {
  readonly model: Model;
  readonly batch: { readonly pixels: Float32Array; readonly labels: Int32Array };
  readonly image: readonly [height: number, width: number, channels: number];
}

function prepare(runtime: Runtime, reference: Reference): Prepared {
  const { blocks, width, channels, side, batch } = reference;
  const network = residualNetwork({ stageBlocks: blocks, width, classes: 10 });
  const parameters = parametersOf(traceShapes(network, [channels, side, side]));
  const values = new Map(
    parameters.map((parameter) => [parameter.name, initialValue(parameter, reference.names.indexOf(parameter.name))]),
  );
  const model = new Model(runtime, network, parameters, { values, batchesTracked: 0 });
  const nchw = numbers(1000, batch * channels * side ** 2);
  const pixels = Float32Array.from({ length: nchw.length }, (_, index) => {
    const channel = index % channels;
    const pixel = Math.floor(index / channels) % side ** 2;
    const image = Math.floor(index / (channels * side ** 2));
    return nchw[(image * channels + channel) * side ** 2 + pixel] ?? 0;
  });
  const labels = Int32Array.from({ length: batch }, (_, index) => (index * 3) % 10);
  return { model, batch: { pixels, labels }, image: [side, side, channels] };
}

/** A gradient as PyTorch lays it out: [kernel, kernel, in, out] → [out, in, kernel, kernel], dead taps 0. */
function torchGradient({ kind, shape, live }: Parameter, gradient: Tensor): Float32Array {
  const data = gradient.dataSync();
  if (!kind.endsWith('Weight')) return Float32Array.from(data);
  const [out = 1, input = 1, height = 1, width = 1] = shape;
  const { rows, columns } = live ?? { rows: { first: 0, count: 1 }, columns: { first: 0, count: 1 } };
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) => {
    const row = (Math.floor(index / width) % height) - rows.first;
    const column = (index % width) - columns.first;
    if (row < 0 || column < 0 || row >= rows.count || column >= columns.count) return 0;
    const [o, i] = [Math.floor(index / (input * height * width)), Math.floor(index / (height * width)) % input];
    return data[((row * columns.count + column) * input + i) * out + o] ?? 0;
  });
}

describe.each(['tensorflow', 'wasm'] as const)('on %s', (backend) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite.each(references)('$name', (reference) => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ backend });
    });

    test('has PyTorch’s logits in evaluation and in training', () => {
      const { tf } = runtime;
      const { model, batch, image } = prepare(runtime, reference);
      tf.tidy(() => {
        const images = tf.tensor(batch.pixels, [reference.batch, ...image]);
        expect(relativeError(model.logits(images, false).dataSync(), reference.evalLogits)).toBeLessThan(1e-5);
        expect(relativeError(model.logits(images, true).dataSync(), reference.trainLogits)).toBeLessThan(1e-4);
      });
      model.dispose();
    });

    test('has PyTorch’s loss, gradients and running statistics', () => {
      const { model, batch, image } = prepare(runtime, reference);
      runtime.tf.tidy(() => {
        const { tf } = runtime;
        const pixels = tf.tensor(batch.pixels, [reference.batch, ...image]);
        const { sums, gradients } = gradientsOf(model, { pixels, labels: tf.tensor1d(batch.labels, 'int32') });
        const loss = (sums.lossSum.dataSync()[0] as number) / reference.batch;
        expect(relativeError([loss], [reference.loss])).toBeLessThan(1e-5);
        for (const parameter of model.parameters) {
          const gradient = gradients.get(parameter.name);
          const expected = reference.gradients[parameter.name];
          if (!gradient || !expected) continue;
          const ours = torchGradient(parameter, gradient);
          expect(Math.sqrt(ours.reduce((sum, value) => sum + value ** 2, 0)) / expected.norm).toBeCloseTo(1, 3);
          const scale = expected.norm / Math.sqrt(ours.length);
          for (const [index, value] of expected.head.entries()) {
            expect(Math.abs((ours[index] ?? 0) - value)).toBeLessThan(1e-2 * scale);
          }
        }
      });
      const { values } = model.state();
      for (const [name, expected] of Object.entries(reference.statistics)) {
        expect(relativeError(values.get(name)?.subarray(0, expected.length) ?? [], expected)).toBeLessThan(1e-4);
      }
      model.dispose();
    });

    test('moves as PyTorch’s Adam moves it', () => {
      const { model, batch, image } = prepare(runtime, reference);
      const { tf } = runtime;
      const moments = initialMoments(model);
      tf.tidy(() => {
        const pixels = tf.tensor(batch.pixels, [reference.batch, ...image]);
        const { learningRate, beta1Power, beta2Power, epsilon } = adamStep(1, 1e-3);
        trainingStep(
          model,
          moments,
          { pixels, labels: tf.tensor1d(batch.labels, 'int32') },
          {
            learningRate: tf.scalar(learningRate),
            beta1Power: tf.scalar(beta1Power),
            beta2Power: tf.scalar(beta2Power),
            epsilon: tf.scalar(epsilon),
          },
        );
      });
      const { values } = model.state();
      for (const { name } of model.trainable().map(({ parameter }) => parameter)) {
        const gradient = reference.gradients[name];
        if (!gradient) continue;
        const largest = Math.max(...gradient.head.map(Math.abs));
        for (const [index, expected] of (reference.afterAdam[name] ?? []).entries()) {
          // the first step is the learning rate times the gradient's sign: told only where that is sure
          if (Math.abs(gradient.head[index] ?? 0) < 1e-2 * largest) continue;
          expect(Math.abs((values.get(name)?.[index] ?? 0) - expected)).toBeLessThan(1e-3 * 1e-3 + 1e-7);
        }
      }
      disposeMoments(moments);
      model.dispose();
    });
  });
});
