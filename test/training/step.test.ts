import { beforeAll, describe, expect, test } from '@jest/globals';
import { initialValues, parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { Model, type ModelState } from '../../src/training/model.ts';
import { gradientsOf } from '../../src/training/step.ts';
import { type Batch, EagerSteps } from '../../src/training/steps.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { relativeError } from '../support/tensors.ts';

/** Two stages of one block: both kinds of block, a hundredth of the work. */
const network = residualNetwork({ stageBlocks: [1, 1], width: 8, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 12, 12]));
const image = [12, 12, 1] as const;

function initialState(seed = 1): ModelState {
  return { values: initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation')), batchesTracked: 0 };
}

/** Ten classes of noise, each with a bright column of its own: easy to learn. */
function batchOf(images: number, seed: number): Batch {
  const pixels = new Float32Array(images * 144);
  RandomGenerator.seeded(seed, 'augmentation').fillUniform(pixels, 0.5);
  const labels = Int32Array.from({ length: images }, (_, index) => index % 10);
  for (const [index, label] of labels.entries()) {
    for (let row = 0; row < 12; row++) pixels[index * 144 + row * 12 + label] = 1;
  }
  return { pixels, labels };
}

describe.each(['tensorflow', 'wasm'] as const)('training on %s', (backend) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite('a small network', () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ backend });
    });

    test('learns, and keeps the number of live tensors constant over 20 steps', async () => {
      const model = new Model(runtime, network, parameters, initialState());
      const trainer = new EagerSteps(model, image);
      const { tf } = runtime;
      let before = 0;
      const losses: number[] = [];
      for (let step = 0; step < 20; step++) {
        losses.push((await trainer.train(batchOf(40, step), 0.01)).lossSum / 40);
        if (step === 0) before = tf.memory().numTensors; // Adam's moments are made by the first step
        expect(tf.memory().numTensors).toBe(before);
      }
      expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
      expect(model.batchesTracked).toBe(20);
      const { hits, images } = await trainer.evaluate(batchOf(40, 99));
      expect(images).toBe(40);
      expect(hits).toBeGreaterThan(20);
      expect(tf.memory().numTensors).toBe(before);
      trainer.dispose();
      model.dispose();
    });

    test('gives its state back as it got it', () => {
      const state = initialState();
      const model = new Model(runtime, network, parameters, state);
      expect(model.state()).toEqual(state);
      model.dispose();
    });

    test('keeps the taps that meet no pixel as they were, and trains the others', async () => {
      const tiny = parametersOf(traceShapes(network, [1, 8, 8])); // the second stage's maps are one pixel
      const initial = initialValues(tiny, RandomGenerator.seeded(1, 'initialisation'));
      const model = new Model(runtime, network, tiny, { values: initial, batchesTracked: 0 });
      expect(model.state().values).toEqual(initial);
      const trainer = new EagerSteps(model, [8, 8, 1]);
      const pixels = new Float32Array(8 * 64);
      RandomGenerator.seeded(2, 'augmentation').fillUniform(pixels, 1);
      await trainer.train({ pixels, labels: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7) }, 0.01);
      const name = 'resnet_block2.residual_0.conv2.weight'; // [16, 16, 3, 3], of which only the centre is live
      const [before, after] = [initial.get(name), model.state().values.get(name)];
      const moved = [...(after ?? [])].map((value, index) => value !== before?.[index]);
      const movedTaps = moved.flatMap((hasMoved, index) => (hasMoved ? [index % 9] : []));
      expect(new Set(movedTaps)).toEqual(new Set([4]));
      expect(movedTaps.length).toBeGreaterThan(100); // of 256; a channel that is 0 for all images moves nothing
      trainer.dispose();
      model.dispose();
    });

    test('leaves a bias before a batch norm where it is, and moves every other parameter', async () => {
      const model = new Model(runtime, network, parameters, initialState());
      const trainer = new EagerSteps(model, image);
      const before = model.state().values;
      await trainer.train(batchOf(10, 1), 0.01);
      const after = model.state().values;
      const unmoved = parameters
        .filter(
          ({ name, kind }) =>
            kind !== 'batchCount' && relativeError(after.get(name) ?? [], before.get(name) ?? []) === 0,
        )
        .map(({ name }) => name);
      expect(unmoved).toEqual([
        'conv.bias',
        'resnet_block1.residual_0.conv1.bias',
        'resnet_block1.residual_0.conv2.bias',
        'resnet_block2.residual_0.conv1.bias',
        'resnet_block2.residual_0.conv2.bias',
      ]);
      trainer.dispose();
      model.dispose();
    });
  });
});

describeWithTensorFlow('both backends', () => {
  test('compute the same loss, gradients and running statistics', async () => {
    const seen = [];
    for (const backend of ['tensorflow', 'wasm'] as const) {
      const runtime = await openRuntime({ backend });
      const model = new Model(runtime, network, parameters, initialState());
      const { tf } = runtime;
      const gradients = new Map<string, number[]>();
      let loss = Number.NaN;
      tf.tidy(() => {
        const { pixels, labels } = batchOf(20, 3);
        const batch = { pixels: tf.tensor(pixels, [20, ...image]), labels: tf.tensor1d(labels, 'int32') };
        const result = gradientsOf(model, batch);
        loss = result.sums.lossSum.dataSync()[0] as number;
        for (const [name, tensor] of result.gradients) gradients.set(name, [...tensor.dataSync()]);
      });
      seen.push({ loss, gradients, state: model.state().values });
      model.dispose();
    }
    const [native, wasm] = seen;
    if (!native || !wasm) throw new Error('two runs are expected');
    expect(relativeError([wasm.loss], [native.loss])).toBeLessThan(1e-5);
    expect([...wasm.gradients.keys()]).toEqual([...native.gradients.keys()]);
    for (const [name, gradient] of native.gradients) {
      expect(relativeError(wasm.gradients.get(name) ?? [], gradient)).toBeLessThan(1e-4);
    }
    for (const [name, value] of native.state) {
      expect(relativeError(wasm.state.get(name) ?? [], value)).toBeLessThan(1e-5);
    }
  });
});
