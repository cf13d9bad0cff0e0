/** Model files: read back as they were saved, or refused with the difference. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { encodeSafetensors } from '../../src/checkpoint/safetensors.ts';
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint.ts';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import type { ModelState } from '../../src/model/model.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import { tensorsOf } from '../../src/model/model-tensors.ts';
import { wholeWeights } from '../../src/model/whole-weights.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { type Architecture, LESSON, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { METADATA } from '../checkpoint/example.ts';
import { writeSafetensors } from '../support/safetensors.ts';
import { initialState } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const path = join(folder, 'model.safetensors');

function makeModel(architecture: Architecture): { state: ModelState; tensors: Map<string, Tensor> } {
  const parameters = parametersOf(traceShapes(resNet(architecture), [architecture.channels, 28, 28]));
  const state = { ...initialState(parameters), batchesTracked: 3 };
  return { state, tensors: tensorsOf(parameters, state) };
}

const kinds = [
  { depth: 18, variant: 'lesson', stem: 'cifar' },
  { depth: 34, variant: 'torchvision', stem: 'imagenet' },
  { depth: 50, variant: 'lesson', stem: 'imagenet' },
  { depth: 101, variant: 'torchvision', stem: 'cifar' },
] as const;

test.each(kinds)(
  'readModelFile returns the saved state of depth $depth, variant $variant, stem $stem, with metadata or without',
  async (kind) => {
    const architecture = { ...kind, width: 2, channels: 1, classes: 5 };
    const { state, tensors } = makeModel(architecture);
    const metadata = { ...METADATA, architecture };
    await saveCheckpoint(path, tensors, metadata);
    const file = { architecture, state, metadata, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(await readModelFile(path)).toEqual(file);
    writeSafetensors(path, tensors);
    expect(await readModelFile(path)).toEqual({ architecture, state, metadata: undefined, checksum: undefined });
  },
);

describe('readModelFile', () => {
  const architecture: Architecture = { ...LESSON, width: 2, channels: 1, classes: 10 };
  const { state, tensors } = makeModel(architecture);
  const tensorBytes = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  // Format 1, because a file that other tools write again has no checksum.
  const { 'resnet.sha256': _, ...others } = encodeMetadata({ ...METADATA, architecture });
  const encoded = { ...others, 'resnet.format_version': '1' };

  /** Writes a file whose metadata has this architecture. */
  function write(written: Record<string, unknown>): void {
    const text = { ...encoded, 'resnet.architecture': JSON.stringify(written) };
    writeSafetensors(path, tensors, text);
  }

  test('refuses a tensor of a kind whose shape is not known by what it is, not by a network that does not fit', async () => {
    const sparse = 'test/checkpoint/pytorch/files/refused-sparse.stream.pth';
    await expect(readModelFile(sparse)).rejects.toThrow(`${sparse}: tensor "w" is sparse; save its to_dense()`);
  });

  test('reads a file without batch counts, as PyTorch before 0.4.1 wrote them, as of no batch', async () => {
    const counted = [...tensors].filter(([name]) => !name.endsWith('num_batches_tracked'));
    writeSafetensors(path, new Map(counted));
    expect((await readModelFile(path)).state).toEqual({ ...state, batchesTracked: 0 });
  });

  test('keeps the batch counts of a file in which they differ, and gives them back', async () => {
    const counted = new Map(tensors).set('batchnorm.num_batches_tracked', {
      ...{ dtype: 'I64', shape: [] },
      data: BigInt64Array.of(2n),
    });
    writeSafetensors(path, counted);
    const file = await readModelFile(path);
    const { batchesTracked, batchCounts } = file.state;
    expect([batchesTracked, batchCounts?.get('batchnorm.num_batches_tracked')]).toEqual([3, 2]);
    const { parameters, values } = wholeWeights(file);
    expect(tensorsOf(parameters, { ...file.state, values }).get('batchnorm.num_batches_tracked')?.data).toEqual(
      BigInt64Array.of(2n),
    );
  });

  test('takes a count that float16 could not hold as unknown', async () => {
    const infinite = { dtype: 'F32', shape: [], data: Float32Array.of(Number.POSITIVE_INFINITY) } as const;
    writeSafetensors(path, new Map(tensors).set('batchnorm.num_batches_tracked', infinite));
    expect((await readModelFile(path)).state.batchesTracked).toBe(state.batchesTracked);
  });

  test.each([
    [{ depth: 20 }, 'depth 20 is not one of 18, 34, 50, 101, 152; use another checkpoint'],
    [{ variant: 'timm' }, 'variant "timm" is not one of lesson, torchvision; use another checkpoint'],
    [{ stem: '\u001b' }, 'stem "\\u001b" is not one of imagenet, cifar; use another checkpoint'],
    [{ variant: 3 }, 'metadata resnet.architecture.variant: expected text, got 3'],
    [{ width: 0 }, 'metadata resnet.architecture.width: expected an integer of at least 1, got 0'],
    [{ width: 2 ** 52 }, /tensor conv\.weight is F32 \[2,1,7,7\], expected F32 \[4503599627370496,1,7,7\]/],
    [{ variant: 'torchvision' }, /tensor conv1\.weight is missing/],
  ])('refuses a file whose metadata says %j (exit 4)', async (changes, problem) => {
    write({ ...architecture, ...changes });
    const message = typeof problem === 'string' ? `${path}: ${problem}` : expect.stringMatching(problem);
    await expect(readModelFile(path)).rejects.toMatchObject({ code: 4, message });
  });

  test('asks before any tensor is read whether the architecture is wanted', async () => {
    for (const metadata of [encoded, {}]) {
      const [first = Buffer.alloc(0)] = encodeSafetensors(tensors, metadata);
      writeFileSync(path, Buffer.concat([first, Buffer.alloc(tensorBytes, 0xff)])); // not one value is a number
      const refuse = (found: Architecture) => {
        expect(found).toEqual(architecture);
        throw new Error('another is wanted');
      };
      await expect(readModelFile(path, { check: refuse })).rejects.toThrow('another is wanted');
    }
  });
});
