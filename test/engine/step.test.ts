/** Training steps op by op: what they learn, keep and leave. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { gatherLabels, gatherPixels } from '../../src/dataset/batches.ts';
import { EagerEngine } from '../../src/engine/eager-engine.ts';
import { gradientsOf } from '../../src/engine/step.ts';
import { predictionsOf, sumOf } from '../../src/evaluation/predictions.ts';
import { Model } from '../../src/model/model.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState, laidOut, stateOfModel, valuesOf } from '../support/states.ts';
import { relativeError } from '../support/tensors.ts';

/** Two stages of one block: both kinds of block, and a hundredth of the work of ResNet-18. */
const network = residualNetwork({ stageBlocks: [1, 1], width: 8, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 12, 12]));
const dataset = columnsDataset(1000, 12);

describe.each(['tensorflow', 'wasm'] as const)('training on %s', (backend) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite('a small network', () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ backend });
    });

    test('reduces the loss over 20 steps, sums it up, and keeps the number of tensors constant', async () => {
      const engine = new EagerEngine(runtime, { network, parameters, state: initialState(parameters), dataset });
      const { tf } = runtime;
      let before = 0;
      const losses: number[] = [];
      for (let step = 0; step < 20; step++) {
        await engine.train(range(40 * step, 40), 0.01);
        losses.push((await engine.report()).loss);
        if (step === 0) before = tf.memory().numTensors; // Adam's moments are made by the first step
        expect(tf.memory().numTensors).toBe(before);
      }
      expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
      const { sums, firstNonFinite } = await engine.report();
      expect(sums.count).toBe(800);
      expect(sums.lossSum / 800).toBeCloseTo(losses.reduce((sum, loss) => sum + loss) / 20, 5);
      expect(firstNonFinite).toBeUndefined();
      expect((await engine.state()).batchesTracked).toBe(20);
      const { correct, count } = await engine.evaluate(range(900, 40));
      expect(count).toBe(40);
      expect(correct).toBeGreaterThan(20);
      const logits = await engine.logits(range(900, 40));
      expect(sumOf(predictionsOf(dataset, range(900, 40), logits)).correct).toBe(correct);
      expect(tf.memory().numTensors).toBe(before);
      await engine.startEpoch();
      expect((await engine.report()).sums).toEqual({ count: 0, lossSum: 0, correct: 0 });
      engine.dispose();
    });

    test('returns the state that the model was made from', () => {
      const state = initialState(parameters);
      const model = new Model(runtime, network, parameters, state);
      expect(laidOut(parameters, stateOfModel(model))).toEqual(state);
      model.dispose();
    });

    test('trains the live taps of a kernel, and keeps the values of the dead ones', async () => {
      const tiny = parametersOf(traceShapes(network, [1, 8, 8])); // the second stage's maps are one pixel
      const state = initialState(tiny);
      const engine = new EagerEngine(runtime, { network, parameters: tiny, state, dataset: columnsDataset(10, 8) });
      expect(laidOut(tiny, await engine.state())).toEqual(state);
      await engine.train(range(0, 8), 0.01);
      const name = 'resnet_block2.residual_0.conv2.weight'; // [16, 16, 3, 3], of which only the centre is live
      const [before, after] = [state.values.get(name), (await engine.state()).values.get(name)];
      const moved = [...(after ?? [])].map((value, index) => value !== before?.[index]);
      const movedTaps = moved.flatMap((hasMoved, index) => (hasMoved ? [index % 9] : []));
      expect(new Set(movedTaps)).toEqual(new Set([4]));
      expect(movedTaps.length).toBeGreaterThan(100); // of 256: a channel that is 0 in all images moves nothing
      engine.dispose();
    });

    test('moves every parameter except a bias in front of a batch norm', async () => {
      const engine = new EagerEngine(runtime, { network, parameters, state: initialState(parameters), dataset });
      const before = (await engine.state()).values;
      await engine.train(range(0, 10), 0.01);
      const after = (await engine.state()).values;
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
      engine.dispose();
    });
  });
});

describeWithTensorFlow('both backends', () => {
  test('compute the same loss, gradients and running statistics within rounding', async () => {
    const seen = [];
    for (const backend of ['tensorflow', 'wasm'] as const) {
      const runtime = await openRuntime({ backend });
      const model = new Model(runtime, network, parameters, initialState(parameters));
      const { tf } = runtime;
      const gradients = new Map<string, number[]>();
      let loss = Number.NaN;
      tf.tidy(() => {
        const pixels = tf.tensor(
          gatherPixels({ pixels: dataset.pixels, rows: range(0, 20) }, 12 * 12),
          [20, 12, 12, 1],
        );
        const batch = { pixels, labels: tf.tensor1d(gatherLabels(dataset, range(0, 20)), 'int32') };
        const result = gradientsOf(model, batch);
        loss = result.sums.lossSum.dataSync()[0] as number;
        for (const [name, tensor] of result.gradients) gradients.set(name, [...tensor.dataSync()]);
      });
      seen.push({ loss, gradients, state: valuesOf(parameters, stateOfModel(model).values) });
      model.dispose();
    }
    const [tensorflow, wasm] = seen;
    if (!tensorflow || !wasm) throw new Error('two runs are expected');
    expect(relativeError([wasm.loss], [tensorflow.loss])).toBeLessThan(1e-5);
    expect([...wasm.gradients.keys()]).toEqual([...tensorflow.gradients.keys()]);
    for (const [name, gradient] of tensorflow.gradients) {
      expect(relativeError(wasm.gradients.get(name) ?? [], gradient)).toBeLessThan(1e-4);
    }
    for (const [name, value] of tensorflow.state) {
      expect(relativeError(wasm.state.get(name) ?? [], value)).toBeLessThan(1e-5);
    }
  });
});
