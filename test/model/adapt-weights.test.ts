/** Trained weights in a network with another head or other channels. */
import { expect, test } from '@jest/globals';
import { adaptWeights } from '../../src/model/adapt-weights.ts';
import { type Parameter, parametersOf, sizeOf } from '../../src/net/parameters.ts';
import { LESSON, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';

const parametersFor = (channels: number, classes: number) =>
  parametersOf(
    traceShapes(resNet({ ...LESSON, variant: 'torchvision', width: 2, channels, classes }), [channels, 8, 8]),
  );

/** Values that count up, each parameter from its own start. */
function counted(parameters: readonly Parameter[], start: number): Map<string, Float32Array> {
  return new Map(
    parameters.map(({ name, shape }, index) => {
      return [name, Float32Array.from({ length: sizeOf(shape) }, (_, each) => start + index + each)];
    }),
  );
}

/** Adapts weights of a network of these channels and 5 classes. */
function adapted(from: number, to: number, { classes = 5, newHead = false } = {}) {
  const found = counted(parametersFor(from, 5), 1);
  const parameters = parametersFor(to, classes);
  const drawn = counted(parameters, 1000);
  const adaptation = { found, from: { channels: from, classes: 5 }, parameters, drawn: newHead ? drawn : undefined };
  return { found, drawn, ...adaptWeights(adaptation) };
}

test('all weights are taken as they are where nothing differs', () => {
  const { found, values, changes, taken } = adapted(3, 3);
  expect(values.get('conv1.weight')).toBe(found.get('conv1.weight'));
  expect(values.get('fc.weight')).toBe(found.get('fc.weight'));
  expect({ changes, taken }).toEqual({ changes: [], taken: 122 });
});

test('a new head has drawn values, all others the trained ones', () => {
  const { found, drawn, values, changes, taken } = adapted(3, 3, { classes: 7, newHead: true });
  expect(values.get('fc.weight')).toBe(drawn.get('fc.weight'));
  expect(values.get('fc.bias')).toBe(drawn.get('fc.bias'));
  expect(values.get('layer4.1.bn2.running_var')).toBe(found.get('layer4.1.bn2.running_var'));
  expect({ changes, taken }).toEqual({ changes: ['fc: 5 → 7 classes, drawn anew'], taken: 120 });
});

test('from colour to grey, the kernels of the three channels are summed', () => {
  const { found, values, changes } = adapted(3, 1);
  const [three, one] = [found.get('conv1.weight')!, values.get('conv1.weight')!];
  expect(one).toHaveLength(2 * 49);
  expect(one[0]).toBe(three[0]! + three[49]! + three[98]!);
  expect(one[49 + 48]).toBe(three[147 + 48]! + three[147 + 97]! + three[147 + 146]!);
  expect(changes).toEqual(['conv1: 3 → 1 channels, kernels summed']);
});

test('from grey to colour, the kernel is repeated and divided, so that a grey picture gives the same', () => {
  const { found, values, changes } = adapted(1, 3);
  const [one, three] = [found.get('conv1.weight')!, values.get('conv1.weight')!];
  for (const channel of [0, 1, 2]) expect(three[channel * 49 + 5]).toBe(Math.fround(one[5]! / 3));
  expect(changes).toEqual(['conv1: 1 → 3 channels, kernels repeated and divided by 3']);
});
