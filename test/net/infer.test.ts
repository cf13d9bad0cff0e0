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
  const holds = (count: number, first = 'conv.weight') =>
    `x.safetensors: no network that is known here: it holds ${count} tensors ("${first}", `;
  const nearest = (names: number) =>
    `; nearest is ResNet-34 of variant lesson, which has ${names} of these names, but tensor`;
  expect(refusal({ 'conv.bias': undefined })).toThrow(holds(238));
  expect(refusal({ 'conv.bias': undefined })).toThrow(`${nearest(238)} conv.bias is missing`);
  expect(refusal({ 'a.bias': [3], 'b.bias': [3] })).toThrow(`${nearest(239)} "a.bias" is unknown to it (and 1 more)`);
  expect(refusal({ 'conv.weight': [64, 1, 5, 5] })).toThrow(`${nearest(239)} conv.weight is of shape [64,1,5,5]`);
  expect(refusal({ 'conv.weight': [64] })).toThrow('conv.weight is of shape [64]; use another checkpoint');
  expect(refusal({ 'conv.weight': [64, 0, 7, 7] })).toThrow('conv.weight is of shape [64,0,7,7]');
});

test('inferArchitecture chooses the nearest network by the names that fit, not by how many there are', () => {
  const shapes = shapesOf({ ...lesson, depth: 50, variant: 'torchvision' });
  const stem = new Map([...shapes].filter(([name]) => !name.startsWith('layer')));
  expect(() => inferArchitecture(stem, 'x.pth')).toThrow(
    /nearest is ResNet-18 of variant torchvision, which has 8 of these names, but tensor layer1\.0\.conv1\.weight is missing/,
  );
  const deep = new Map([...shapes].filter(([name]) => name !== 'fc.bias'));
  expect(() => inferArchitecture(deep, 'x.pth')).toThrow('nearest is ResNet-50 of variant torchvision');
});

test('inferArchitecture shows what all names begin with, and says if none is known', () => {
  const shapes = new Map(['backbone.conv.weight', 'backbone.conv.bias', 'backbone.other'].map((name) => [name, [1]]));
  expect(() => inferArchitecture(shapes, 'x.pth')).toThrow(
    'x.pth: no network that is known here: it holds 3 tensors ("backbone.conv.weight", "backbone.conv.bias", ' +
      '"backbone.other", all begin with "backbone."); no network here has any of these names; use another checkpoint',
  );
  expect(() => inferArchitecture(new Map(), 'x.pth')).toThrow(
    'it holds no tensor; no network here has any of these names',
  );
});
