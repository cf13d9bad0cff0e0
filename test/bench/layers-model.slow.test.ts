/** The layers model of `resnet bench` is the same network as the one that this tool trains. */
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { layersModel } from '../../src/bench/layers-model.ts';
import { forward } from '../../src/net/forward.ts';
import type { Sequential } from '../../src/net/layers.ts';
import { countTrainable, parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork, resNet } from '../../src/net/resnet.ts';
import { leaves, traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { Variable } from '../../src/runtime/tensor.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { expectClose, randomTensor } from '../support/tensors.ts';

const small = residualNetwork({ stageBlocks: [1, 2], width: 4, classes: 3 });

describeWithTensorFlow('the layers model', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });
  afterEach(() => runtime.tf.disposeVariables());

  const sizes = [
    { input: [1, 28, 28] },
    { input: [3, 33, 40] },
    { input: [1, 1, 1] }, // every kernel is larger than its map
  ];

  test.each(sizes)('of ResNet-18 has the parameters and shapes of the network’s definition at $input', ({ input }) => {
    const network = resNet({ depth: 18, width: 8, classes: 10 });
    const traced = traceShapes(network, input);
    const model = layersModel(runtime.tf, network, input);
    const trainable = model.trainableWeights.reduce((sum, weight) => sum + weight.read().size, 0);
    expect(trainable).toBe(countTrainable(parametersOf(traced)));
    for (const { path, layer, output } of leaves(traced)) {
      if (layer.kind === 'globalAveragePool' || layer.kind === 'flatten') continue; // one layer in TensorFlow.js
      const [channels, ...sides] = output;
      expect([path, model.getLayer(path).outputShape]).toEqual([path, [null, ...sides, channels]]);
    }
  });

  test.each([[[1, 33, 40]], [[2, 40, 35]]])('computes the logits of the forward pass at %j', async (input) => {
    const { tf, ops } = runtime;
    const [channels = 0, height = 0, width = 0] = input;
    const model = layersModel(tf, small, input);
    const images = randomTensor(tf, [4, height, width, channels], 1);
    await model.trainOnBatch(images, tf.oneHot([0, 1, 2, 0], 3)); // moves every running statistic
    const weight = (name: string) => {
      const [, path = '', key = ''] = /^(.*)\.(\w+)$/.exec(name) ?? [];
      const layer = model.getLayer(path);
      const names = layer.getClassName() === 'BatchNormalization' ? BATCH_NORM_WEIGHTS : WEIGHTS;
      return layer.getWeights()[names.indexOf(key)] ?? tf.scalar(Number.NaN);
    };
    const logits = forward(small, images, {
      tf,
      ops,
      training: () => false,
      constant: (_, compute) => compute(),
      parameter: weight,
      statistic: (name) => ({ read: () => weight(name) }) as Variable,
    });
    expectClose(model.predictOnBatch(images) as typeof logits, logits);
  });

  test('reduces the loss of a batch that it is trained on', async () => {
    const { tf } = runtime;
    const model = layersModel(tf, small, [1, 28, 28]);
    const images = randomTensor(tf, [6, 28, 28, 1], 1);
    const labels = tf.oneHot([0, 1, 2, 0, 1, 2], 3);
    const losses = [];
    for (let step = 0; step < 30; step++) losses.push(Number(await model.trainOnBatch(images, labels)));
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? 0));
  });

  test('refuses a shape with the error of the shape trace', () => {
    const dense: Sequential = { kind: 'sequential', name: '', layers: [{ kind: 'dense', name: 'FC', outFeatures: 3 }] };
    expect(() => layersModel(runtime.tf, dense, [1, 28, 28])).toThrow('layer FC needs one dimension of features');
  });
});

/** Last parts of PyTorch's parameter names, in the order of a layer's weights. */
const WEIGHTS = ['weight', 'bias'];
const BATCH_NORM_WEIGHTS = ['weight', 'bias', 'running_mean', 'running_var'];
