/** The operations that a network becomes for other runtimes. */
import { describe, expect, test } from '@jest/globals';
import { ExitCode } from '../../../src/errors.ts';
import { type GraphOptions, inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import type { GraphNode } from '../../../src/export/inference/graph.ts';
import { parametersOf } from '../../../src/net/parameters.ts';
import { type Architecture, DEPTHS, LESSON, resNet, STEMS, VARIANTS } from '../../../src/net/resnet.ts';
import { leaves, traceShapes } from '../../../src/net/trace.ts';
import { initialState } from '../../support/states.ts';

const lesson: Architecture = { ...LESSON, width: 2, channels: 1, classes: 3 };

/** The graph of a network with random weights. */
function graphOf(options: GraphOptions = {}, architecture = lesson, values?: ReadonlyMap<string, Float32Array>) {
  const input = [architecture.channels, 28, 28] as const;
  const parameters = parametersOf(traceShapes(resNet(architecture), input));
  const state = initialState(parameters);
  const normalisation = { mean: 0.5, std: 0.25 };
  const source = { architecture, input, normalisation, temperature: 2 };
  return inferenceGraph({ ...source, values: { get: (name) => values?.get(name) ?? state.values.get(name) } }, options);
}

const kinds = (nodes: readonly GraphNode[]) => nodes.map(({ operation }) => operation.kind);
const nodeOf = (nodes: readonly GraphNode[], name: string) => nodes.find((each) => each.name === name)!;

test('the lesson: normalisation, stem, eight blocks of two convolutions and a sum, and the head', () => {
  const { nodes, name, output, input, weightType } = graphOf();
  expect({ name, output, input, weightType }).toEqual({
    ...{ name: 'ResNet-18', output: 'logits', weightType: 'float32' },
    input: { shape: [1, 28, 28], numbers: 'bytes' },
  });
  const count = (kind: string) => kinds(nodes).filter((each) => each === kind).length;
  expect(kinds(nodes).slice(0, 4)).toEqual(['normalise', 'convolution', 'relu', 'maxPool']);
  expect(kinds(nodes).slice(-3)).toEqual(['globalAveragePool', 'flatten', 'dense']);
  expect([count('convolution'), count('add'), count('batchNorm')]).toEqual([20, 8, 0]);
  expect(nodes.at(-1)).toMatchObject({ name: 'logits', output: [3] });
});

describe.each(DEPTHS)('at depth %i', (depth) => {
  test.each(VARIANTS.flatMap((variant) => STEMS.map((stem) => [variant, stem] as const)))(
    'of variant %s with stem %s every input is an earlier result of that shape, and no layer is lost',
    (variant, stem) => {
      const architecture = { ...lesson, depth, variant, stem };
      const { nodes } = graphOf({ keepBatchNorm: true, raw: true }, architecture);
      const shapes = new Map<string, readonly number[]>([['image', [1, 28, 28]]]);
      for (const { name, inputs, operation, input, output } of nodes) {
        for (const each of inputs) expect(shapes.get(each)).toEqual(operation.kind === 'add' ? output : input);
        expect(shapes.has(name)).toBe(false);
        shapes.set(name, output);
      }
      const layers = leaves(traceShapes(resNet(architecture), [1, 28, 28])).filter(
        ({ layer }) => layer.kind !== 'residual',
      );
      const blocks = nodes.filter(({ operation }) => operation.kind === 'add').length;
      expect(nodes.length).toBe(layers.length + 2 * blocks);
    },
  );
});

test('the first operation turns bytes into what training has made of them', () => {
  const { operation } = graphOf().nodes[0]!;
  expect(operation).toMatchObject({ kind: 'normalise', shift: Float32Array.of(-2) });
  expect(operation.kind === 'normalise' && operation.scale[0]).toBeCloseTo(4 / 255, 8);
  expect(kinds(graphOf({ raw: true }).nodes)[0]).toBe('convolution');
});

test('a batch norm becomes a part of the convolution before it', () => {
  const stem = 'batchnorm';
  const of = (suffix: string, ...values: number[]) => [`${stem}.${suffix}`, Float32Array.from(values)] as const;
  const values = new Map([
    ...[of('weight', 3, 1), of('bias', 0.5, 0), of('running_mean', 2, 0), of('running_var', 4 - 1e-5, 1 - 1e-5)],
    ['conv.bias', Float32Array.of(1, 0)] as const,
  ]);
  const plain = nodeOf(graphOf({ keepBatchNorm: true }, lesson, values).nodes, 'conv').operation;
  const folded = nodeOf(graphOf({}, lesson, values).nodes, 'conv').operation;
  if (plain.kind !== 'convolution' || folded.kind !== 'convolution') throw new Error('no convolutions');
  expect([...folded.bias!.values]).toEqual([(1 - 2) * 1.5 + 0.5, 0]);
  for (const [at, value] of plain.weight.values.entries()) {
    expect(folded.weight.values[at]).toBeCloseTo(at < 49 ? 1.5 * value : value, 6);
  }
});

test('probabilities: a softmax follows the head, whose numbers are divided by the temperature', () => {
  const [logits] = graphOf().nodes.slice(-1);
  const { nodes, output } = graphOf({ probabilities: true });
  const [head, last] = nodes.slice(-2);
  expect([output, head?.name, last?.name, last?.inputs]).toEqual(['probabilities', 'FC', 'probabilities', ['FC']]);
  if (logits?.operation.kind !== 'dense' || head?.operation.kind !== 'dense') throw new Error('no heads');
  expect(head.operation.weight.values).toEqual(logits.operation.weight.values.map((value) => value / 2));
  expect(head.operation.bias.values).toEqual(logits.operation.bias.values.map((value) => value / 2));
});

test('half: weights are numbers that float16 has, and what it cannot hold is named', () => {
  const { nodes, weightType } = graphOf({ half: true });
  expect(weightType).toBe('float16');
  const { operation } = nodeOf(nodes, 'conv');
  if (operation.kind !== 'convolution') throw new Error('no convolution');
  for (const value of operation.weight.values) expect(Number.isInteger(value * 2 ** 24)).toBe(true);
  const large = new Map([['FC.bias', Float32Array.of(0, -70000, 4)]]);
  expect(() => graphOf({ half: true }, lesson, large)).toThrow(
    expect.objectContaining({
      code: ExitCode.usage,
      message: 'not exported: FC.bias would hold -70000, and float16 ends at 65504; leave out --half',
    }),
  );
});
