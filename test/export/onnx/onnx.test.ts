/** The bytes of exported ONNX files. */
import { expect, test } from '@jest/globals';
import { halfOf } from '../../../src/checkpoint/half.ts';
import { type GraphOptions, inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import { ONNX } from '../../../src/export/onnx/onnx.ts';
import {
  decode,
  type Field,
  int64,
  message,
  messages,
  packedEnum,
  string,
  strings,
} from '../../../src/runtime/graph/protocol-buffers.ts';
import { toolVersion } from '../../../src/version.ts';
import { randomNetwork } from '../../support/random-network.ts';

/** A field of bytes. */
const bytes = (number: number): Field<Buffer> => ({
  number,
  absent: () => Buffer.alloc(0),
  read: (reader) => Buffer.from((reader as unknown as { readBytes(): Uint8Array }).readBytes()),
});

/** A field of a number in single precision. */
const float = (number: number): Field<number> => ({
  number,
  absent: () => 0,
  read: (reader) => (reader as unknown as { readFloat(): number }).readFloat(),
});

// The parts of onnx.proto that a network uses.
const DIMENSION = { value: int64(1), parameter: string(2) };
const TYPE = { tensor: message(1, { element: int64(1), shape: message(2, { sizes: messages(1, DIMENSION) }) }) };
const VALUE = { name: string(1), type: message(2, TYPE) };
const ATTRIBUTE = { name: string(1), float: float(2), int: int64(3), ints: packedEnum(8), type: int64(20) };
const NODE = {
  ...{ inputs: strings(1), outputs: strings(2), name: string(3), operation: string(4) },
  attributes: messages(5, ATTRIBUTE),
};
const TENSOR = { shape: packedEnum(1), type: int64(2), name: string(8), data: bytes(9) };
const GRAPH = {
  ...{ nodes: messages(1, NODE), name: string(2), initializers: messages(5, TENSOR) },
  ...{ inputs: messages(11, VALUE), outputs: messages(12, VALUE) },
};
const MODEL = {
  ...{ irVersion: int64(1), producer: string(2), producerVersion: string(3), graph: message(7, GRAPH) },
  opsets: messages(8, { domain: string(1), version: int64(2) }),
  metadata: messages(14, { key: string(1), value: string(2) }),
};

const source = randomNetwork({ channels: 3, classes: 7, sides: [28, 20] });

function fileOf(options: GraphOptions = {}, facts: Record<string, string> = {}): Buffer {
  const files = ONNX.write(inferenceGraph(source, options), facts);
  expect(files.map(({ name }) => name)).toEqual(['']);
  return Buffer.concat(files.flatMap(({ pieces }) => pieces));
}

const modelOf = (options: GraphOptions = {}) => decode(fileOf(options), MODEL);

/** The nodes of a kind. */
function nodesOf(options: GraphOptions, operation: string) {
  return modelOf(options).graph.nodes.filter((node) => node.operation === operation);
}

/** An attribute with its type's number, as ONNX has them: 1 float, 2 integer, 7 integers. */
const attribute = (name: string, value: object) => ({ name, float: 0, int: 0, ints: [], ...value });

test('is stamped with IR 8 and opset 17, which runtimes of years know, and with the tool', () => {
  const { irVersion, opsets, producer, producerVersion } = modelOf();
  expect({ irVersion, opsets }).toEqual({ irVersion: 8, opsets: [{ domain: '', version: 17 }] });
  expect([producer, producerVersion]).toEqual(['resnet', toolVersion()]);
});

test('names graph, input and output, with types and with shapes whose batch is free', () => {
  const value = (name: string, element: number, ...sizes: number[]) => {
    const dimensions = [{ value: 0, parameter: 'batch' }, ...sizes.map((size) => ({ value: size, parameter: '' }))];
    return [{ name, type: { tensor: { element, shape: { sizes: dimensions } } } }];
  };
  const ofBytes = modelOf().graph;
  expect(ofBytes.name).toBe('ResNet-18');
  expect(ofBytes.inputs).toEqual(value('image', 2, 3, 28, 20)); // 2 is uint8
  expect(ofBytes.outputs).toEqual(value('logits', 1, 7)); // 1 is float32
  const raw = modelOf({ raw: true, probabilities: true }).graph;
  expect(raw.inputs).toEqual(value('image', 1, 3, 28, 20));
  expect(raw.outputs).toEqual(value('probabilities', 1, 7));
});

test('normalises bytes first, in float32, by a factor and a shift of each channel', () => {
  const { nodes, initializers } = modelOf({ half: true }).graph;
  expect(nodes.slice(0, 3).map(({ operation, inputs, outputs }) => [operation, ...inputs, ...outputs])).toEqual([
    ['Cast', 'image', 'normalise.singles'],
    ['Mul', 'normalise.singles', 'normalise.scale', 'normalise.scaled'],
    ['Add', 'normalise.scaled', 'normalise.shift', 'normalise'],
  ]);
  expect(initializers.slice(0, 2).map(({ shape, type, data }) => [shape, type, data.length])).toEqual([
    [[3, 1, 1], 1, 12],
    [[3, 1, 1], 1, 12],
  ]);
});

test('writes all of a window, and never leaves padding to the runtime', () => {
  const window = (kernel: number, padding: number, stride: number) => [
    attribute('kernel_shape', { ints: [kernel, kernel], type: 7 }),
    attribute('pads', { ints: [padding, padding, padding, padding], type: 7 }),
    attribute('strides', { ints: [stride, stride], type: 7 }),
  ];
  expect(nodesOf({}, 'Conv')[0]?.attributes).toEqual(window(7, 3, 2));
  expect(nodesOf({}, 'MaxPool').map(({ attributes }) => attributes)).toEqual([window(3, 1, 2)]);
});

test('writes the numbers of the other operations, even if they are the usual ones', () => {
  const [batchNorm] = nodesOf({ keepBatchNorm: true }, 'BatchNormalization');
  expect(batchNorm?.attributes).toEqual([attribute('epsilon', { float: Math.fround(1e-5), type: 1 })]);
  expect(batchNorm?.inputs.slice(1)).toEqual(
    ['weight', 'bias', 'running_mean', 'running_var'].map((each) => `batchnorm.${each}`),
  );
  expect(nodesOf({}, 'Gemm')[0]?.attributes).toEqual([attribute('transB', { int: 1, type: 2 })]);
  expect(nodesOf({}, 'Flatten')[0]?.attributes).toEqual([attribute('axis', { int: 1, type: 2 })]);
  expect(nodesOf({ probabilities: true }, 'Softmax')[0]?.attributes).toEqual([attribute('axis', { int: 1, type: 2 })]);
});

test("holds the weights under PyTorch's names, in PyTorch's layouts, as raw bytes", () => {
  const weight = (options: GraphOptions) => {
    return modelOf(options).graph.initializers.find(({ name }) => name === 'conv.weight');
  };
  const values = source.values.get('conv.weight')!;
  const expected = { name: 'conv.weight', shape: [4, 3, 7, 7], type: 1, data: Buffer.from(values.buffer) };
  expect(weight({ keepBatchNorm: true })).toEqual(expected);
  const halves = Buffer.from(halfOf(values)!.buffer);
  expect(weight({ keepBatchNorm: true, half: true })).toEqual({ ...expected, type: 10, data: halves });
});

test('casts each weight of float16 to float32, in which all is computed', () => {
  const { nodes, initializers } = modelOf({ half: true, keepBatchNorm: true }).graph;
  const halves = initializers.filter(({ type }) => type === 10).map(({ name }) => name);
  const casts = nodes.filter(({ operation, inputs }) => operation === 'Cast' && inputs[0] !== 'image');
  expect(casts.map(({ inputs }) => inputs)).toEqual(halves.map((name) => [name]));
  expect(new Set(casts.map(({ attributes }) => JSON.stringify(attributes)))).toEqual(
    new Set([JSON.stringify([{ ...attribute('to', { int: 1 }), type: 2 }])]),
  );
  const others = nodes.filter(({ operation }) => operation !== 'Cast').flatMap(({ inputs }) => inputs);
  expect(others.filter((name) => halves.includes(name))).toEqual([]);
});

test('names each result once, before it is used', () => {
  const { nodes, initializers } = modelOf({ half: true, keepBatchNorm: true, probabilities: true }).graph;
  const known = new Set(['image', ...initializers.map(({ name }) => name)]);
  expect(known.size).toBe(initializers.length + 1);
  for (const { name, inputs, outputs } of nodes) {
    expect(inputs.filter((each) => !known.has(each))).toEqual([]);
    expect(outputs).toEqual([name]);
    expect(known.has(name)).toBe(false);
    known.add(name);
  }
  expect(nodes.at(-1)?.name).toBe('probabilities');
});

test('holds the facts about the model as metadata', () => {
  const facts = { 'resnet.numbers': 'bytes', 'resnet.class_names': '["zéro","один"]' };
  const metadata = Object.entries(facts).map(([key, value]) => ({ key, value }));
  expect(decode(fileOf({}, facts), MODEL).metadata).toEqual(metadata);
});

test('is the same bytes each time', () => {
  for (const options of [{}, { half: true, keepBatchNorm: true, probabilities: true, raw: true }]) {
    expect(fileOf(options, { fact: 'one' }).equals(fileOf(options, { fact: 'one' }))).toBe(true);
  }
});
