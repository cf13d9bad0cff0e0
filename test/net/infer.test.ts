import { expect, test } from '@jest/globals';
import { inferArchitecture } from '../../src/net/infer.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';

function shapesOf(channels: number, classes: number): Map<string, readonly number[]> {
  const traced = traceShapes(resNet({ depth: 18, classes }), [channels, 28, 28]);
  return new Map(parametersOf(traced).map(({ name, shape }) => [name, shape]));
}

test('an architecture is read back from names and shapes alone', () => {
  expect(inferArchitecture(shapesOf(3, 7), 'x.safetensors')).toEqual({ depth: 18, channels: 3, classes: 7 });
});

test('what is no ResNet is refused, naming the file and what was looked for', () => {
  const shapes = shapesOf(1, 10);
  shapes.delete('resnet_block4.residual_1.conv1.weight');
  expect(() => inferArchitecture(shapes, 'x.safetensors')).toThrow(/x\.safetensors: no ResNet .* 7 residual blocks/);
  expect(() => inferArchitecture(new Map(), 'x.safetensors')).toThrow('found 0 tensors');
});
