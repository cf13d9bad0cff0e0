/** Exported ONNX files, run by onnxruntime-web, beside our own network. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { type GraphOptions, type GraphSource, inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import type { InferenceGraph, Weight } from '../../../src/export/inference/graph.ts';
import type { Missing } from '../../../src/export/network-format.ts';
import { ONNX } from '../../../src/export/onnx/onnx.ts';
import { ownNetwork } from '../../../src/export/proof/expected.ts';
import { inLayout, slicedImages } from '../../../src/export/proof/images.ts';
import { type Proof, prove } from '../../../src/export/proof/prove.ts';
import { DEPTHS, STEMS, VARIANTS } from '../../../src/net/resnet.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import { randomImagesFor, randomNetwork } from '../../support/random-network.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The name and version that a proof tells. */
const RUNTIME = `onnxruntime-web ${JSON.parse(readFileSync('package.json', 'utf8')).devDependencies['onnxruntime-web']}`;

const path = join(temporaryFolder(), 'network.onnx');
let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime({ backend: 'wasm' }); // for such small networks the quicker one
});

/** Writes a network's file. */
function write(graph: InferenceGraph): void {
  writeFileSync(path, Buffer.concat(ONNX.write(graph, {}).flatMap(({ pieces }) => pieces)));
}

/** Compares the file of a graph with our own network. */
async function proofOf(graph: InferenceGraph, source: GraphSource, count: number): Promise<Proof | Missing> {
  write(graph);
  const images = randomImagesFor(source, count);
  const own = ownNetwork(runtime, source, graph.output);
  const expected = await own.answers(images);
  own.dispose();
  return prove({ path, graph, normalisation: source.normalisation, images, expected }, ONNX, runtime);
}

test.each(DEPTHS.flatMap((depth) => VARIANTS.map((variant) => ({ depth, variant }))))(
  'ResNet-$depth ($variant) answers as our own network, with both stems, grey and coloured',
  async (structure) => {
    for (const stem of STEMS) {
      for (const channels of [1, 3]) {
        const source = randomNetwork({ ...structure, stem, channels, sides: [28, 21] });
        const proof = await proofOf(inferenceGraph(source, {}), source, 3);
        expect(proof).toMatchObject({ runtime: RUNTIME, images: 3, same: 3 });
      }
    }
  },
);

const BOTH = [false, true];

test.each(
  BOTH.flatMap((raw) =>
    BOTH.flatMap((keepBatchNorm) => BOTH.map((probabilities) => ({ raw, keepBatchNorm, probabilities }))),
  ),
)('answers as our own network with %j, in float32 and float16', async (options: GraphOptions) => {
  const source = randomNetwork({ channels: 3, temperature: 1.7 });
  for (const half of BOTH) {
    const proof = await proofOf(inferenceGraph(source, { ...options, half }), source, 20);
    expect(proof).toMatchObject({ images: 20, same: 20 });
  }
});

test('float16 rounds the weights and nothing else: our own network with these weights answers the same', async () => {
  const source = randomNetwork({ channels: 3 });
  const graph = inferenceGraph(source, { keepBatchNorm: true, half: true });
  const weights: Weight[] = graph.nodes.flatMap(({ operation }) =>
    Object.values(operation).filter((each) => each?.name),
  );
  const values = new Map(weights.map((weight) => [weight.name, weight.values]));
  const proof = (await proofOf(graph, { ...source, values }, 20)) as Proof;
  expect(proof.largestDifference).toBeLessThan(1e-5); // of logits up to 5
});

test('takes 1, 3 or 100 images, and answers one alone as in a batch, bit for bit', async () => {
  const source = randomNetwork({ channels: 3 });
  const graph = inferenceGraph(source, {});
  write(graph);
  const network = await ONNX.open(path, graph, runtime);
  if ('missing' in network) throw new Error(network.missing);
  const images = randomImagesFor(source, 100);
  const answersFor = async (begin: number, end: number) => {
    const part = slicedImages(images, begin, end);
    return [...(await network.run(inLayout(part.pixels, part, ONNX.layout), part.count))];
  };
  const all = await answersFor(0, 100);
  expect(all).toHaveLength(500);
  expect(await answersFor(41, 42)).toEqual(all.slice(205, 210));
  expect(await answersFor(97, 100)).toEqual(all.slice(485));
  await network.close();
});

test('the file of a network with one other weight is not proved', async () => {
  const source = randomNetwork();
  const values = new Map([...(source.values as ReadonlyMap<string, Float32Array>)]);
  values.set('conv.bias', values.get('conv.bias')!.with(0, 1));
  const other = inferenceGraph({ ...source, values }, {});
  await expect(proofOf(other, source, 3)).rejects.toThrow(`its proof failed: ${RUNTIME} answers image 0`);
});
