/** The loss with weights of classes is PyTorch's, which `pytorch_class_weights.py` wrote, and so is its gradient. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { lossOf } from '../../src/engine/loss.ts';
import { GraphProgram } from '../../src/runtime/graph/program.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { Tensor } from '../../src/runtime/tensor.ts';
import { testWithTensorFlow } from '../support/runtimes.ts';

interface LossFixture {
  readonly labels: number[];
  /** [images, classes], row by row */
  readonly logits: number[];
  readonly examples: readonly {
    readonly smoothing: number;
    readonly weights: number[] | null;
    readonly loss: number;
    readonly gradient: number[];
  }[];
}

const path = new URL('./class-weights.json', import.meta.url);
const { labels, logits, examples }: LossFixture = JSON.parse(readFileSync(path, 'utf8'));
const SHAPE = [labels.length, logits.length / labels.length];

/** The loss and its gradient. */
function computed({ tf, ops }: Runtime, input: Tensor, example: (typeof examples)[number]) {
  const { smoothing, weights } = example;
  const ofClasses = weights && Float32Array.from(weights);
  const ofImages = ofClasses && tf.tensor1d(labels.map((label) => ofClasses[label] ?? Number.NaN));
  const options = { smoothing, ...(ofClasses && ofImages ? { weights: { ofClasses, ofImages } } : {}) };
  const { value, grads } = tf
    .engine()
    .gradients(() => lossOf({ tf, ops }, input, tf.tensor1d(labels, 'int32'), options), [input]);
  return { loss: value, gradient: grads[0] as Tensor };
}

function expectFound(example: (typeof examples)[number], loss: number, gradient: ArrayLike<number>): void {
  expect(loss).toBeCloseTo(example.loss, 5);
  expect(gradient).toHaveLength(logits.length);
  const errors = example.gradient.map((value, at) => Math.abs(value - (gradient[at] ?? Number.NaN)));
  expect(Math.max(...errors)).toBeLessThan(1e-6);
}

async function compare(backend: 'tensorflow' | 'wasm'): Promise<void> {
  const runtime = await openRuntime({ backend });
  const { tf } = runtime;
  for (const example of examples) {
    tf.tidy(() => {
      const { loss, gradient } = computed(runtime, tf.tensor(logits, SHAPE), example);
      expectFound(example, loss.dataSync()[0] ?? Number.NaN, gradient.dataSync());
    });
  }
}

test('the examples tell weights, smoothing and both together apart', () => {
  expect(new Set(examples.map(({ loss }) => loss)).size).toBe(6);
});

test('op by op on WebAssembly', () => compare('wasm'));

testWithTensorFlow('op by op on TensorFlow', () => compare('tensorflow'));

testWithTensorFlow('in a graph', async () => {
  const runtime = await openRuntime({ backend: 'tensorflow' });
  const program = new GraphProgram(runtime.tf);
  const type = { dtype: 'float32', shape: SHAPE } as const;
  for (const [index, example] of examples.entries()) {
    const name = `example_${index}`;
    program.add(name, { input: type }, ({ input }) => computed({ ...runtime, ops: program.ops }, input, example));
    const feeds = { input: { ...type, data: Float32Array.from(logits) } };
    const { loss, gradient } = await program.run(name, feeds, ['loss', 'gradient']);
    expectFound(example, Number(loss.data[0]), gradient.data as Float32Array);
  }
  program.close();
});
