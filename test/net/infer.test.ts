/** Architectures inferred from the tensors of a checkpoint. */
import { expect, test } from '@jest/globals';
import { inferArchitecture } from '../../src/net/infer.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { type Architecture, DEPTHS, LESSON, resNet, STEMS, VARIANTS } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';

function shapesOf(architecture: Architecture): Map<string, readonly number[]> {
  const traced = traceShapes(resNet(architecture), [architecture.channels, 28, 28]);
  return new Map(parametersOf(traced).map(({ name, shape }) => [name, shape]));
}

const lesson = { ...LESSON, channels: 1, classes: 10 };

test.each(VARIANTS.flatMap((variant) => STEMS.flatMap((stem) => DEPTHS.map((depth) => ({ depth, variant, stem })))))(
  'inferArchitecture recognises depth $depth, variant $variant, stem $stem by names and shapes',
  (kind) => {
    const architecture = { ...kind, width: 12, channels: 3, classes: 7 };
    expect(inferArchitecture(shapesOf(architecture), 'x.safetensors')).toEqual(architecture);
  },
);

test('inferArchitecture needs no batch counts, which torchvision’s older files lack', () => {
  const architecture = { ...lesson, variant: 'torchvision' } as const;
  const shapes = [...shapesOf(architecture)].filter(([name]) => !name.endsWith('num_batches_tracked'));
  expect(inferArchitecture(new Map(shapes), 'x.safetensors')).toEqual(architecture);
});

test('inferArchitecture refuses any other network, naming file, nearest network and first difference', () => {
  const refusal = (changes: Record<string, readonly number[] | undefined>) => {
    const shapes = Object.entries({ ...Object.fromEntries(shapesOf({ ...lesson, depth: 34 })), ...changes });
    const present = shapes.filter((entry): entry is [string, number[]] => entry[1] !== undefined);
    return () => inferArchitecture(new Map(present), 'x.safetensors');
  };
  const nearest = 'x.safetensors: no network that is known here; nearest is ResNet-34 of variant lesson, but tensor';
  expect(refusal({ 'conv.bias': undefined })).toThrow(`${nearest} conv.bias is missing`);
  expect(refusal({ 'a.bias': [3], 'b.bias': [3] })).toThrow(`${nearest} a.bias is unknown to it (and 1 more)`);
  expect(refusal({ 'conv.weight': [64, 1, 5, 5] })).toThrow(`${nearest} conv.weight is of shape [64,1,5,5]`);
  expect(refusal({ 'conv.weight': [64] })).toThrow(`${nearest} conv.weight is of shape [64]`);
  expect(refusal({ 'conv.weight': [64, 0, 7, 7] })).toThrow(`${nearest} conv.weight is of shape [64,0,7,7]`);
  expect(() => inferArchitecture(new Map(), 'x.safetensors')).toThrow('conv1.weight is missing (and 101 more)');
});
