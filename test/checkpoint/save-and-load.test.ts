/** Tests of saving and loading whole checkpoints. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { expectTensors } from '../../src/checkpoint/expect-tensors.ts';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint.ts';
import type { TensorInfo } from '../../src/checkpoint/scan.ts';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import { writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { METADATA, weights } from './example.ts';

const folder = temporaryFolder();

test('a loaded checkpoint equals the saved one, tensors and metadata', async () => {
  const path = join(folder, 'best.safetensors');
  await saveCheckpoint(path, weights(1, -0, 3e-45), METADATA);
  const { tensors, metadata } = await loadCheckpoint(path);
  expect(new Map([...tensors].sort())).toEqual(new Map([...weights(1, -0, 3e-45)].sort()));
  expect(metadata).toEqual(METADATA);
});

test('saving requests the data of each tensor once, in the order of the file', async () => {
  const asked: string[] = [];
  const watched = [...weights(1, 2)].map(([name, tensor]): [string, Tensor] => {
    const { dtype, shape, data } = tensor;
    const spied = {
      dtype,
      shape,
      get data() {
        asked.push(name);
        return data;
      },
    };
    return [name, spied as Tensor];
  });
  const path = join(folder, 'watched.safetensors');
  await saveCheckpoint(path, new Map(watched), METADATA);
  expect(asked).toEqual(['batchnorm.num_batches_tracked', 'conv.weight']); // the widest type first
  expect(asked).toEqual([...(await loadCheckpoint(path)).tensors.keys()]);
});

test('saving keeps the replaced checkpoint under the given name', async () => {
  const [path, previous] = [join(folder, 'last.safetensors'), join(folder, 'last.previous.safetensors')];
  for (const step of [1, 2, 3]) await saveCheckpoint(path, weights(step), { ...METADATA, step }, previous);
  expect((await loadCheckpoint(path)).metadata?.step).toBe(3);
  expect((await loadCheckpoint(previous)).metadata?.step).toBe(2);
});

test('loading leaves out the tensors that the caller does not want', async () => {
  const path = join(folder, 'partly.safetensors');
  await saveCheckpoint(path, weights(1, 2), METADATA);
  const { tensors, metadata } = await loadCheckpoint(path, { keep: (name) => name === 'conv.weight' });
  expect([...tensors.keys()]).toEqual(['conv.weight']);
  expect(metadata).toEqual(METADATA);
});

test('a file of another tool is loaded without metadata and checksum', async () => {
  const path = join(folder, 'pytorch.safetensors');
  writeSafetensors(path, weights(1), { format: 'pt' });
  expect(await loadCheckpoint(path)).toMatchObject({ metadata: undefined, checksum: undefined });
});

test('the caller can refuse a checkpoint by its metadata and tensor shapes', async () => {
  const path = join(folder, 'refused.safetensors');
  await saveCheckpoint(path, weights(1, 2), METADATA);
  const refusal = new Error('not this one');
  const loading = loadCheckpoint(path, {
    check({ tensors, metadata }) {
      expect(tensors.get('conv.weight')).toMatchObject({ dtype: 'F32', shape: [2, 1] });
      expect(metadata).toEqual(METADATA);
      throw refusal;
    },
  });
  await expect(loading).rejects.toBe(refusal);
});

test('a fault in the metadata is reported with the file’s name (exit 4)', async () => {
  const path = join(folder, 'future.safetensors');
  writeSafetensors(path, weights(1), { 'resnet.format_version': '5' });
  await expect(loadCheckpoint(path)).rejects.toMatchObject({
    code: 4,
    message: `${path}: metadata resnet.format_version: 5 is newer than the 4 known here; upgrade resnet to read it`,
  });
});

describe('saving a value that is not finite', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %d in a tensor (exit 6), and the old file stays',
    async (value) => {
      const path = join(folder, 'diverged.safetensors');
      writeFileSync(path, 'old');
      await expect(saveCheckpoint(path, weights(1, value), METADATA)).rejects.toMatchObject({
        code: 6,
        message: `conv.weight holds a value that is not finite: ${path} is not saved; try a smaller --lr`,
      });
      expect(readFileSync(path, 'utf8')).toBe('old');
      expect(readdirSync(folder).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    },
  );

  test('refuses NaN in the metadata (exit 6), and writes no file', async () => {
    const path = join(folder, 'unscored.safetensors');
    const metadata = { ...METADATA, validationLoss: Number.NaN };
    await expect(saveCheckpoint(path, weights(1), metadata)).rejects.toMatchObject({ code: 6 });
    expect(existsSync(path)).toBe(false);
  });
});

describe('the tensors of a checkpoint', () => {
  const expected = [
    { name: 'conv.weight', dtype: 'F32', shape: [2, 1] },
    { name: 'batchnorm.num_batches_tracked', dtype: 'I64', shape: [] },
  ] as const;

  test('are accepted if they are exactly the network’s', () => {
    expect(() => expectTensors(weights(1, 2), expected, 'file')).not.toThrow();
  });

  test('may be of other types of numbers, which are converted', () => {
    const shape = [2, 1];
    for (const dtype of ['F16', 'BF16', 'F64'] as const) {
      const half = new Map([...weights(1, 2), ['conv.weight', { dtype, shape }]] as [string, TensorInfo][]);
      expect(() => expectTensors(half, expected, 'file')).not.toThrow();
    }
    const count = new Map<string, TensorInfo>(weights(1, 2)).set('batchnorm.num_batches_tracked', {
      dtype: 'F16',
      shape: [],
    });
    expect(() => expectTensors(count, expected, 'file')).not.toThrow();
  });

  test('are refused with the reason why a tensor cannot be read (exit 4)', () => {
    const tensors = new Map<string, TensorInfo>(weights(1, 2));
    tensors.set('conv.weight', { dtype: 'F32', shape: [2, 1], problem: 'is quantised; save its dequantize()' });
    expect(() => expectTensors(tensors, expected, 'file')).toThrow('file: tensor conv.weight is quantised; save its');
  });

  test.each<[string, (tensors: Map<string, Tensor>) => void, string]>([
    [
      'a missing tensor',
      (tensors) => tensors.delete('conv.weight'),
      'tensor conv.weight is missing, expected F32 [2,1]',
    ],
    [
      'a tensor of another shape',
      (tensors) => tensors.set('conv.weight', { dtype: 'F32', shape: [2], data: new Float32Array(2) }),
      'tensor conv.weight is F32 [2], expected F32 [2,1]',
    ],
    [
      'a weight of whole numbers',
      (tensors) => tensors.set('conv.weight', { dtype: 'I64', shape: [2, 1], data: new BigInt64Array(2) }),
      'tensor conv.weight is I64 [2,1], expected F32 [2,1]',
    ],
    [
      'an unknown tensor',
      (tensors) => tensors.set('a\nb', { dtype: 'F32', shape: [], data: new Float32Array(1) }),
      'tensor "a\\nb" is unknown to this network',
    ],
    [
      'several wrong tensors',
      (tensors) => {
        tensors.clear();
        tensors.set('fc', { dtype: 'F32', shape: [], data: new Float32Array(1) });
      },
      'tensor conv.weight is missing, expected F32 [2,1] (and 2 more)',
    ],
  ])('are refused with %s (exit 4)', (_, change, problem) => {
    const tensors = weights(1, 2);
    change(tensors);
    expect(() => expectTensors(tensors, expected, 'file')).toThrow(
      expect.objectContaining({ code: 4, message: `file: ${problem}` }),
    );
  });
});
