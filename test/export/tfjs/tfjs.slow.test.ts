/** Layers models that are written, and run by TensorFlow.js: they answer as the network that they were made from. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type GraphOptions, inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import { ownNetwork } from '../../../src/export/proof/expected.ts';
import { normalisedImages, randomImages, slicedImages } from '../../../src/export/proof/images.ts';
import { type Proof, prove } from '../../../src/export/proof/prove.ts';
import { openLayersModel } from '../../../src/export/tfjs/open-layers-model.ts';
import { TFJS } from '../../../src/export/tfjs/tfjs.ts';
import { layersModelFiles } from '../../../src/export/tfjs/write-layers-model.ts';
import { DEPTHS, STEMS, VARIANTS } from '../../../src/net/resnet.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import type { Tensor, TensorFlowJs } from '../../../src/runtime/tensor.ts';
import { type NetworkChoice, randomNetwork } from '../../support/random-network.ts';
import { testWithTensorFlow } from '../../support/runtimes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { relativeError } from '../../support/tensors.ts';

const folder = temporaryFolder();
let runtime: Runtime;

beforeAll(async () => {
  runtime = await openRuntime();
});

afterEach(() => {
  expect(runtime.tf.getBackend()).toBe(runtime.backend);
});

/** An export in a folder of its own, images, and the answers of the network itself. */
async function exported(choice: NetworkChoice, options: GraphOptions = {}, count = 3) {
  const source = randomNetwork(choice);
  const graph = inferenceGraph(source, options);
  const path = join(folder, `${graph.name} ${JSON.stringify({ ...choice, ...options })}`.replaceAll(/\W+/g, '-'));
  mkdirSync(path, { recursive: true });
  for (const { name, pieces } of layersModelFiles(graph, {})) writeFileSync(join(path, name), Buffer.concat(pieces));
  const images = slicedImages(randomImages(source.input, 'of random bytes'), 0, count);
  const own = ownNetwork(runtime, source, graph.output);
  const expected = await own.answers(images);
  own.dispose();
  return { path, graph, normalisation: source.normalisation, images, expected };
}

const structures = DEPTHS.flatMap((depth) => {
  return VARIANTS.flatMap((variant, odd) => {
    return STEMS.map((stem, index) => ({ depth, variant, stem, channels: [1, 3][(odd + index) % 2] as number }));
  });
});

test.each(structures)(
  'ResNet-$depth of $variant for $stem, of $channels channels, answers as the network',
  async (structure) => {
    const made = await exported({ ...structure, sides: [27, 31] });
    expect(await prove(made, TFJS, runtime)).toMatchObject({
      runtime: 'TensorFlow.js 4.22.0 (wasm)',
      images: 3,
      same: 3,
    });
  },
);

describe('of a network', () => {
  test.each<[string, NetworkChoice, GraphOptions, bound: number]>([
    ['that takes bytes', { channels: 3 }, {}, 1e-5],
    ['that takes normalised numbers', { channels: 3 }, { raw: true }, 1e-5],
    ['with its batch norms', { channels: 3, variant: 'torchvision' }, { keepBatchNorm: true }, 1e-5],
    ['with its batch norms and biases', {}, { keepBatchNorm: true }, 1e-5],
    ['with probabilities at a temperature', { temperature: 0.05 }, { probabilities: true }, 1e-5],
    ['of float16 weights', { width: 8 }, { half: true }, 1e-3],
    ['of float16 weights, with its batch norms', { channels: 3 }, { half: true, keepBatchNorm: true }, 1e-2],
  ])('%s the export has the same answers', async (_, choice, options, bound) => {
    const made = await exported(choice, options, 10);
    const proof = (await prove(made, TFJS, runtime)) as Proof;
    expect(proof.largestDifference).toBeLessThan(bound * Math.max(1, ...made.expected.map(Math.abs)));
  });
});

test('a batch may have any number of images, and an image has the same answer in each', async () => {
  const { path, graph, images, expected } = await exported({ width: 4 }, {}, 100);
  const opened = await openLayersModel(path, graph, runtime);
  for (const count of [1, 3, 100]) {
    const answers = await opened.run(slicedImages(images, 0, count).pixels, count);
    expect(relativeError(answers, expected.subarray(0, count * graph.classes))).toBeLessThan(1e-5);
  }
  await opened.close();
});

test('opening, running and closing a model prints nothing, and leaves nothing in memory', async () => {
  const { path, graph, images } = await exported({}, { half: true });
  const before = runtime.tf.memory();
  const writes = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write'));
  const logs = (['log', 'info', 'warn', 'error'] as const).map((name) => jest.spyOn(console, name));
  const opened = await openLayersModel(path, graph, runtime);
  await opened.run(images.pixels, images.count);
  await opened.close();
  expect([...writes, ...logs].map(({ mock }) => mock.calls)).toEqual([[], [], [], [], [], []]);
  jest.restoreAllMocks();
  expect(runtime.tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
});

test('refuses weights of another length than the model names (exit 4), and leaves nothing in memory', async () => {
  const { path, graph } = await exported({ width: 5 });
  truncateSync(join(path, 'group1-shard1of1.bin'), 1000);
  const { numTensors } = runtime.tf.memory();
  await expect(openLayersModel(path, graph, runtime)).rejects.toMatchObject({
    code: 4,
    message: expect.stringContaining('hold 1000 bytes, and model.json names'),
  });
  expect(runtime.tf.memory().numTensors).toBe(numTensors);
});

/** The answers of a model that TensorFlow.js has loaded as its users do. */
async function answersOf(
  tf: TensorFlowJs,
  handler: Parameters<TensorFlowJs['loadLayersModel']>[0],
  input: () => Tensor,
): Promise<Float32Array> {
  const model = await tf.loadLayersModel(handler);
  const output = tf.tidy(() => model.predict(input()) as Tensor);
  const answers = (await output.data()) as Float32Array;
  output.dispose();
  model.dispose();
  return answers;
}

describe('plain TensorFlow.js', () => {
  test('computes the same in JavaScript for images of int32, as `tf.browser.fromPixels` makes them', async () => {
    const { path, images, expected } = await exported({ channels: 3, sides: [20, 17] });
    const tf: TensorFlowJs = createRequire(import.meta.url)('@tensorflow/tfjs');
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'));
    const [{ paths, weights }] = weightsManifest;
    const bytes = Buffer.concat(paths.map((name: string) => readFileSync(join(path, name))));
    const memory = { modelTopology, weightSpecs: weights, weightData: Uint8Array.from(bytes).buffer };
    jest.spyOn(console, 'warn').mockImplementation(() => {}); // it advertises tfjs-node
    await tf.setBackend('cpu');
    const answers = await answersOf(tf, tf.io.fromMemory(memory), () => {
      return tf.tensor4d(Int32Array.from(images.pixels), [images.count, 20, 17, 3], 'int32');
    });
    await tf.setBackend(runtime.backend);
    jest.restoreAllMocks();
    expect(relativeError(answers, expected)).toBeLessThan(1e-5);
  });

  testWithTensorFlow('computes the same in Node, from the files themselves', async () => {
    const { tf } = await openRuntime({ backend: 'tensorflow' });
    for (const options of [
      { raw: true, keepBatchNorm: true },
      { raw: true, half: true },
    ]) {
      const { path, images, normalisation, expected } = await exported(
        { channels: 3, variant: 'torchvision' },
        options,
      );
      const answers = await answersOf(tf, `file://${path}/model.json`, () => {
        return tf.tensor4d(normalisedImages(images, normalisation), [images.count, 28, 28, 3]);
      });
      expect(relativeError(answers, expected)).toBeLessThan(options.half ? 1e-2 : 1e-5);
    }
  });
});
