/** Names of other tools' tensors, made plain. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { plainNames } from '../../src/checkpoint/foreign-names.ts';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';

/** Plain names of tensors with these names, and what was told. */
function plain(names: readonly string[], metadata: Record<string, string> = {}) {
  const told: string[] = [];
  const tensors = new Map(names.map((name) => [name, { dtype: 'F32', shape: [1] } as const]));
  const found = plainNames({ tensors, metadata: new Map(Object.entries(metadata)) }, 'x.pth', (text) =>
    told.push(text),
  );
  return { names: [...found.values()].flat(), told };
}

describe('prefixes', () => {
  test.each(['module.', '_orig_mod.', 'model.', 'net.', '_orig_mod.module.'])('%s is taken off all names', (prefix) => {
    expect(plain([`${prefix}conv1.weight`, `${prefix}fc.bias`])).toEqual({
      names: ['conv1.weight', 'fc.bias'],
      told: [`x.pth: all names begin with "${prefix}", which is taken off`],
    });
  });

  test('stay where one name lacks them', () => {
    const names = ['module.conv1.weight', 'fc.bias'];
    expect(plain(names)).toEqual({ names, told: [] });
  });

  test('stay if no wrapper makes them', () => {
    const names = ['backbone.conv1.weight', 'backbone.fc.bias'];
    expect(plain(names)).toEqual({ names, told: [] });
  });
});

test('the counter of an AveragedModel is dropped', () => {
  expect(plain(['n_averaged', 'module.fc.weight', 'module.fc.bias']).names).toEqual(['fc.weight', 'fc.bias']);
});

test('Hugging Face’s names become torchvision’s, if all names are its', () => {
  const names = [
    'resnet.embedder.embedder.convolution.weight',
    'resnet.embedder.embedder.normalization.running_mean',
    'resnet.encoder.stages.1.layers.0.shortcut.convolution.weight',
    'resnet.encoder.stages.1.layers.0.shortcut.normalization.bias',
    'resnet.encoder.stages.3.layers.2.layer.1.convolution.weight',
    'resnet.encoder.stages.0.layers.1.layer.2.normalization.num_batches_tracked',
    'classifier.1.bias',
  ];
  expect(plain(names)).toEqual({
    names: [
      ...['conv1.weight', 'bn1.running_mean', 'layer2.0.downsample.0.weight', 'layer2.0.downsample.1.bias'],
      ...['layer4.2.conv2.weight', 'layer1.1.bn3.num_batches_tracked', 'fc.bias'],
    ],
    told: ["x.pth: its names are those of Hugging Face's ResNet; they are read as torchvision's"],
  });
  expect(plain([...names, 'pooler.weight']).names).toEqual([...names, 'pooler.weight']);
});

test('a name that save_model dropped, because its tensor has another, is found again', async () => {
  const { tensors } = await loadCheckpoint(join(import.meta.dirname, 'files', 'tied.safetensors'));
  expect([...tensors.keys()]).toEqual(['a.weight', 'b.weight']);
  expect(tensors.get('b.weight')?.data).toEqual(Float32Array.of(1, 2, 3, 4));
});
