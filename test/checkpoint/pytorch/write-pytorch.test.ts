/** The .pth files that are written, as Python's own zipfile and pickle read them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { pickledStateDict } from '../../../src/checkpoint/pytorch/write-pickle.ts';
import { pytorchPieces } from '../../../src/checkpoint/pytorch/write-pytorch.ts';
import type { Tensor } from '../../../src/checkpoint/tensor.ts';
import { ExitCode } from '../../../src/errors.ts';
import { command } from '../../support/resnet.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { METADATA } from '../example.ts';

const folder = temporaryFolder();
const path = join(folder, 'größe.best.v1.pth');

const VALUES = Float32Array.of(1, -0, 3.5, 2 ** -149, 1e38, -1);

const TENSORS = new Map<string, Tensor>([
  ['conv.weight', { dtype: 'F32', shape: [2, 1, 1, 3], data: VALUES }],
  ['schrumpf.größe', { dtype: 'F16', shape: [300], data: new Uint16Array(300).fill(0x3c00) }],
  ['bn.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(2n ** 40n) }],
  ['many', { dtype: 'F32', shape: [70_000, 1], data: new Float32Array(70_000) }],
]);

interface ReadFile {
  readonly entries: readonly { name: string; stored: boolean; remainder: number; hex: string }[];
  readonly tensors: readonly (readonly [string, unknown])[];
}

/** What Python finds in a file of these tensors. */
async function readByPython(metadata?: typeof METADATA): Promise<ReadFile> {
  writeFileSync(path, Buffer.concat([...pytorchPieces(path, TENSORS, metadata)]));
  const { code, stdout, stderr } = await command(['python3', 'test/support/read_pth.py', path]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('a .pth file', () => {
  let file: ReadFile;
  beforeAll(async () => {
    file = await readByPython();
  });

  test('holds stored entries in the folder archive, each at a multiple of 64 bytes', () => {
    const names = ['data.pkl', 'byteorder', 'data/0', 'data/1', 'data/2', 'data/3', 'version'];
    expect(file.entries.map(({ hex, ...entry }) => entry)).toEqual(
      names.map((name) => ({ name: `archive/${name}`, stored: true, remainder: 0 })),
    );
  });

  test('says its order of bytes and the version of the form, and holds the values little-endian', () => {
    const [, order, first, , counter, , version] = file.entries.map(({ hex }) => Buffer.from(hex, 'hex'));
    expect([String(order), String(version)]).toEqual(['little', '3\n']);
    expect(first).toEqual(Buffer.from(VALUES.buffer));
    expect(counter?.readBigInt64LE()).toBe(2n ** 40n);
  });

  test('rebuilds each tensor from a storage of its own, contiguous, without a gradient', () => {
    const rebuilt = (storage: string, key: string, size: number[], stride: number[]) => {
      const count = size.reduce((product, each) => product * each, 1);
      const stored = ['storage', `torch ${storage}`, key, 'cpu', count];
      return ['torch._utils _rebuild_tensor_v2', stored, 0, size, stride, false, {}];
    };
    expect(file.tensors).toEqual([
      ['conv.weight', rebuilt('FloatStorage', '0', [2, 1, 1, 3], [3, 3, 3, 1])],
      ['schrumpf.größe', rebuilt('HalfStorage', '1', [300], [1])],
      ['bn.num_batches_tracked', rebuilt('LongStorage', '2', [], [])],
      ['many', rebuilt('FloatStorage', '3', [70_000, 1], [1, 1])],
    ]);
  });
});

test('facts about the run are JSON in an entry beside the tensors, without checksum', async () => {
  const { entries } = await readByPython(METADATA);
  expect(entries.at(-1)).toMatchObject({ name: 'archive/.data/resnet.json', stored: true, remainder: 0 });
  const texts = JSON.parse(String(Buffer.from(entries.at(-1)?.hex ?? '', 'hex')));
  expect(texts).toMatchObject({ format: 'pt', 'resnet.format_version': '3', 'resnet.epoch': '2' });
  expect(texts).not.toHaveProperty(['resnet.sha256']);
});

test('more than 4 GiB are refused before a value is read, and safetensors is named', () => {
  const huge = { dtype: 'F32', shape: [2 ** 30], data: undefined } as unknown as Tensor;
  expect(() => pytorchPieces('big.pth', new Map([['weight', huge]]))).toThrow(
    expect.objectContaining({
      code: ExitCode.usage,
      message:
        'big.pth: 4294968320 bytes are more than a .pth file of this tool holds (4294967295); give --format safetensors, or --half',
    }),
  );
});

test('a size beyond 31 bits is pickled as a long', async () => {
  const pickled = pickledStateDict(new Map([['weight', { dtype: 'F32', shape: [2 ** 31] }]]));
  const script = `import pickletools; pickletools.dis(bytes.fromhex('${pickled.toString('hex')}'))`;
  const { code, stdout } = await command(['python3', '-c', script]);
  expect(code).toBe(0);
  expect(stdout.match(/LONG1 +2147483648\b/g)).toHaveLength(2); // values of the storage, and the size
});
