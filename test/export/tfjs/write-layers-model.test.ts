/** The files of a layers model: its topology, its manifest, and its shards. */
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type GraphOptions, inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import { layersModelFiles } from '../../../src/export/tfjs/write-layers-model.ts';
import { type NetworkChoice, randomNetwork } from '../../support/random-network.ts';

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: object;
}

interface LayerEntry {
  readonly name: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly (readonly (readonly [name: string, ...rest: unknown[]])[])[];
}

/** What is written for a network. */
function written(choice: NetworkChoice = {}, options: GraphOptions = {}) {
  const files = layersModelFiles(inferenceGraph(randomNetwork(choice), options), { 'resnet.mean': '[0.3]' });
  const [model, ...shards] = files.map(({ name, pieces }) => ({ name, bytes: Buffer.concat(pieces) }));
  const json = JSON.parse(model?.bytes.toString() ?? '');
  const [{ paths, weights }] = json.weightsManifest as [{ paths: string[]; weights: Entry[] }];
  const { layers, ...config } = json.modelTopology.config as { layers: LayerEntry[] };
  return { json, paths, weights, layers, config, shards };
}

const inputsOf = (layers: readonly LayerEntry[], name: string) =>
  layers.find((layer) => layer.name === name)?.inbound_nodes.map((call) => call.map(([input]) => input));

const bytesOf = ({ shape, quantization }: Entry) => shape.reduce((size, side) => size * side, quantization ? 2 : 4);

test('the layers of a network have the names of its definition, and are what its operations are', () => {
  const { layers, config } = written();
  expect(layers.slice(0, 7).map(({ name, class_name }) => [name, class_name])).toEqual([
    ['image', 'InputLayer'],
    ['normalise', 'DepthwiseConv2D'],
    ['conv.padding', 'ZeroPadding2D'],
    ['conv', 'Conv2D'],
    ['Relu', 'ReLU'],
    ['maxpool.padding', 'ZeroPadding2D'],
    ['maxpool', 'MaxPooling2D'],
  ]);
  expect(layers.slice(-3).map(({ name, class_name }) => [name, class_name])).toEqual([
    ['resnet_block4.residual_1.relu', 'ReLU'],
    ['GlobalAvr', 'GlobalAveragePooling2D'],
    ['logits', 'Dense'],
  ]);
  expect(inputsOf(layers, 'resnet_block2.residual_0.sum')).toEqual([
    ['resnet_block2.residual_0.conv2', 'resnet_block2.residual_0.conv3'],
  ]);
  expect(inputsOf(layers, 'logits')).toEqual([['GlobalAvr']]); // the pool has flattened its result
  expect(config).toEqual({ name: 'ResNet-18', input_layers: [['image', 0, 0]], output_layers: [['logits', 0, 0]] });
});

test('an input has a free batch, and a fixed height, width and number of channels', () => {
  const { layers } = written({ sides: [27, 31], channels: 3 });
  expect(layers[0]?.config).toMatchObject({ batch_input_shape: [null, 27, 31, 3], dtype: 'float32' });
});

test('a window is padded by SAME where that is its padding, otherwise by a layer of zeros', () => {
  const { layers } = written();
  const configOf = (name: string) => layers.find((layer) => layer.name === name)?.config;
  expect(configOf('resnet_block1.residual_0.conv1')).toMatchObject({ padding: 'same', strides: [1, 1] });
  expect(configOf('conv.padding')).toMatchObject({
    padding: [
      [3, 2],
      [3, 2],
    ],
  });
  expect(configOf('conv')).toMatchObject({ padding: 'valid', kernel_size: [7, 7], strides: [2, 2], filters: 4 });
  expect(configOf('maxpool.padding')).toMatchObject({
    padding: [
      [1, 0],
      [1, 0],
    ],
  });
});

test('a batch norm that is kept has four numbers for each channel, and its epsilon', () => {
  const { layers, weights } = written({ variant: 'torchvision' }, { keepBatchNorm: true });
  expect(layers.find(({ name }) => name === 'layer1.0.bn1')).toMatchObject({
    class_name: 'BatchNormalization',
    config: { axis: 3, epsilon: 1e-5 },
  });
  expect(weights.filter(({ name }) => name.startsWith('layer1.0.bn1/'))).toEqual(
    ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((each) => {
      return { name: `layer1.0.bn1/${each}`, shape: [4], dtype: 'float32' };
    }),
  );
  expect(layers.find(({ name }) => name === 'conv1')?.config).toMatchObject({ use_bias: false });
});

test('normalised images and probabilities change the ends of the network', () => {
  const { layers, config } = written({}, { raw: true, probabilities: true });
  expect(inputsOf(layers, 'conv.padding')).toEqual([['image']]);
  expect(layers.at(-1)).toMatchObject({ name: 'probabilities', class_name: 'Softmax', config: { axis: -1 } });
  expect(inputsOf(layers, 'probabilities')).toEqual([['FC']]);
  expect(config).toMatchObject({ output_layers: [['probabilities', 0, 0]] });
});

test('every name is a new one, of characters that TensorFlow.js takes', () => {
  for (const choice of [{ variant: 'lesson' }, { variant: 'torchvision', depth: 50 }] as const) {
    const { layers, weights } = written(choice, { keepBatchNorm: true });
    const names = [...layers.map(({ name }) => name), ...weights.map(({ name }) => name)];
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[A-Za-z0-9][-A-Za-z0-9._/]*$/.test(name))).toEqual([]);
  }
});

test('the shards hold as many bytes as the manifest names, at most 4 MiB each', () => {
  const { paths, weights, shards } = written({ width: 20 });
  const total = weights.reduce((sum, entry) => sum + bytesOf(entry), 0);
  expect(shards.map(({ name, bytes }) => [name, bytes.length])).toEqual([
    ['group1-shard1of2.bin', 4 * 2 ** 20],
    ['group1-shard2of2.bin', total - 4 * 2 ** 20],
  ]);
  expect(paths).toEqual(shards.map(({ name }) => name));
});

test('a kernel is [height, width, in, out] in the file', () => {
  const network = randomNetwork({ channels: 3 });
  const [model, shard] = layersModelFiles(inferenceGraph(network, { raw: true, keepBatchNorm: true }), {});
  const [{ weights }] = JSON.parse(Buffer.concat(model?.pieces ?? []).toString()).weightsManifest;
  expect(weights[0]).toEqual({ name: 'conv/kernel', shape: [7, 7, 3, 4], dtype: 'float32' });
  const values = new Float32Array(Uint8Array.from(Buffer.concat(shard?.pieces ?? [])).buffer);
  const [row, column, input, out] = [5, 2, 1, 3];
  const [hwio, oihw] = [((row * 7 + column) * 3 + input) * 4 + out, ((out * 3 + input) * 7 + row) * 7 + column];
  expect(values[hwio]).toBe(network.values.get('conv.weight')?.[oihw]);
});

test('of float16 weights each is half as long, and the numbers of the normalisation stay float32', () => {
  const { weights, shards } = written({}, { half: true });
  const quantization = { dtype: 'float16', original_dtype: 'float32' };
  expect(weights.filter((entry) => !entry.quantization).map(({ name }) => name)).toEqual([
    'normalise/depthwise_kernel',
    'normalise/bias',
  ]);
  expect(weights.at(-1)).toEqual({ name: 'logits/bias', shape: [5], dtype: 'float32', quantization });
  const total = weights.reduce((sum, entry) => sum + bytesOf(entry), 0);
  expect(shards.map(({ bytes }) => bytes.length)).toEqual([total]);
});

test('the facts are the metadata of the model', () => {
  expect(written().json).toMatchObject({ format: 'layers-model', userDefinedMetadata: { 'resnet.mean': '[0.3]' } });
});

test('the same network gives the same bytes', () => {
  const bytes = () => {
    return layersModelFiles(inferenceGraph(randomNetwork(), { half: true }), {}).map(({ name, pieces }) => {
      return [name, createHash('sha256').update(Buffer.concat(pieces)).digest('hex')];
    });
  };
  expect(bytes()).toEqual(bytes());
});
