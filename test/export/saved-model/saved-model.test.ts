/** The bytes of a SavedModel: what its messages say. */
import { describe, expect, test } from '@jest/globals';
import { type GraphOptions, inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import { SAVED_MODEL } from '../../../src/export/saved-model/saved-model.ts';
import { decode, int64, message, messages, string, strings } from '../../../src/runtime/graph/protocol-buffers.ts';
import { type NetworkChoice, randomNetwork } from '../../support/random-network.ts';
import { bytesOf } from './networks.ts';

const shape = { sides: messages(2, { size: int64(1) }) };
const tensorInfo = { name: string(1), type: int64(2), shape: message(3, shape) };
const tensors = (field: number) => messages(field, { key: string(1), value: message(2, tensorInfo) });
const attribute = { text: string(2), type: int64(6), shape: message(7, shape), tensor: message(8, { type: int64(1) }) };
const node = {
  name: string(1),
  op: string(2),
  inputs: strings(3),
  attributes: messages(5, { key: string(1), value: message(2, attribute) }),
};
/** The fields of a SavedModel that the tests read. */
const SCHEMA = {
  version: int64(1),
  graphs: messages(2, {
    information: message(1, { tags: strings(4) }),
    graph: message(2, { nodes: messages(1, node) }),
    collections: messages(4, { key: string(1), value: message(2, { texts: message(2, { values: strings(1) }) }) }),
    signatures: messages(5, {
      key: string(1),
      value: message(2, { inputs: tensors(1), outputs: tensors(2), method: string(3) }),
    }),
  }),
};

/** The only graph of a written network, read back. */
function readBack(choice: NetworkChoice = {}, options: GraphOptions = {}) {
  const { version, graphs } = decode(bytesOf(inferenceGraph(randomNetwork(choice), options), { fact: 'ä' }), SCHEMA);
  const [read] = graphs;
  if (version !== 1 || graphs.length !== 1 || !read) throw new Error(`${graphs.length} graphs of version ${version}`);
  return { ...read, nodes: read.graph.nodes };
}

/** A text attribute of each node of an op. */
function textsOf(nodes: ReturnType<typeof readBack>['nodes'], op: string, name: string): (string | undefined)[] {
  const found = nodes.filter((each) => each.op === op);
  return found.map(({ attributes }) => attributes.find(({ key }) => key === name)?.value.text);
}

test('is one file, and the same network gives the same bytes', () => {
  const graph = () => inferenceGraph(randomNetwork({ width: 2 }), {});
  expect(SAVED_MODEL.write(graph(), {}).map(({ name }) => name)).toEqual(['saved_model.pb']);
  expect(Buffer.from(bytesOf(graph(), { a: 'b' })).equals(bytesOf(graph(), { a: 'b' }))).toBe(true);
});

describe('says how it is called', () => {
  const { information, signatures, collections } = readBack(
    { width: 1, channels: 3, sides: [27, 31], temperature: 2 },
    { probabilities: true },
  );
  const float = 1;

  test('by the tag serve and the only signature serving_default, from any number of images to their probabilities', () => {
    const sides = (...sizes: number[]) => ({ sides: sizes.map((size) => ({ size })) });
    const tensor = (key: string, ...sizes: number[]) => [
      { key, value: { name: `${key}:0`, type: float, shape: sides(...sizes) } },
    ];
    const inputs = tensor('image', -1, 27, 31, 3);
    const outputs = tensor('probabilities', -1, 5);
    expect(information.tags).toEqual(['serve']);
    expect(signatures).toEqual([
      { key: 'serving_default', value: { inputs, outputs, method: 'tensorflow/serving/predict' } },
    ]);
  });

  test('with the facts as collections', () => {
    expect(collections).toEqual([{ key: 'fact', value: { texts: { values: ['ä'] } } }]);
  });
});

test.each([
  ['kept', true],
  ['folded', false],
] as const)('every node has a name of its own and follows its inputs, batch norms %s', (_, keepBatchNorm) => {
  const known = new Set<string>();
  for (const { name, inputs } of readBack({ width: 1 }, { keepBatchNorm }).nodes) {
    expect(known.has(name)).toBe(false);
    for (const input of inputs) expect(known).toContain(input);
    known.add(name);
  }
});

describe('pads as PyTorch does', () => {
  test.each([
    ['by an op of its own before a pool of an even side', [28, 28], ['PadV2'], 'VALID'],
    ['by SAME where it is PyTorch’s padding: before a pool of an odd side', [33, 33], [], 'SAME'],
  ] as const)('%s', (_, sides, padding, expected) => {
    const { nodes } = readBack({ sides, width: 1 });
    expect(nodes.filter(({ op }) => op === 'PadV2').map(({ op }) => op)).toEqual(padding);
    expect(textsOf(nodes, 'MaxPool', 'padding')).toEqual([expected]);
  });

  test('by EXPLICIT only where a convolution of an even side strides', () => {
    const even = textsOf(readBack({ sides: [32, 32], width: 1 }).nodes, 'Conv2D', 'padding');
    const odd = textsOf(readBack({ sides: [33, 33], width: 1 }).nodes, 'Conv2D', 'padding');
    expect(new Set(odd)).toEqual(new Set(['SAME']));
    expect(even.filter((each) => each === 'EXPLICIT')).toHaveLength(4); // the stem, and a stage's first, thrice
  });
});

describe('with --half', () => {
  const half = 19;
  const typesOf = (nodes: ReturnType<typeof readBack>['nodes'], isIt: (name: string) => boolean) => {
    const found = nodes.filter(({ op, name }) => op === 'Const' && isIt(name));
    return new Set(found.map(({ attributes }) => attributes.find(({ key }) => key === 'value')?.value.tensor.type));
  };

  test('weights are float16, the numbers of the normalisation are not', () => {
    const { nodes } = readBack({ width: 1 }, { half: true, keepBatchNorm: true });
    expect(typesOf(nodes, (name) => /\.(weight|bias|running_mean|running_var)$/.test(name))).toEqual(new Set([half]));
    expect(typesOf(nodes, (name) => name.startsWith('normalise/'))).toEqual(new Set([1]));
  });

  test('the file is half as large', () => {
    const [whole, halved] = [false, true].map((each) => {
      return bytesOf(inferenceGraph(randomNetwork(), { half: each })).length;
    });
    expect(halved! / whole!).toBeLessThan(0.6);
  });
});
