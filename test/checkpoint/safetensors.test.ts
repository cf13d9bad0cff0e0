/** Tests of the safetensors format: encoding, reading, and refusing wrong files. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_FILE_BYTES, withFile } from '../../src/checkpoint/file-reading.ts';
import { encodeSafetensors, scanSafetensors } from '../../src/checkpoint/safetensors.ts';
import type { ScanVisitor } from '../../src/checkpoint/scan.ts';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import { bytesOf, readSafetensors, writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function written(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The bytes of a file with any header, right or wrong. */
function fileOf(header: unknown, payload: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, payload]);
}

/** A file that Python's safetensors 0.8.0 wrote, with the metadata {'format': 'pt'}. */
const PYTHONS = Buffer.from(
  '6AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJibi5udW1fYmF0Y2hlc190cmFja2VkIjp7ImR0eXBlIjoiSTY0Iiwic2hh' +
    'cGUiOltdLCJkYXRhX29mZnNldHMiOlswLDhdfSwiRkMuYmlhcyI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6Wzgs' +
    'MTJdfSwiRkMud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxLDNdLCJkYXRhX29mZnNldHMiOlsxMiwyNF19fSAgBwAAAAAAAAAAAIC/' +
    'AADAPwAAAMAAAIA+',
  'base64',
);
const PYTHONS_TENSORS = new Map<string, Tensor>([
  ['FC.bias', { dtype: 'F32', shape: [1], data: Float32Array.of(-1) }],
  ['FC.weight', { dtype: 'F32', shape: [1, 3], data: Float32Array.of(1.5, -2, 0.25) }],
  ['bn.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
]);

describe('a safetensors file', () => {
  test('is byte for byte the file that Python writes', () => {
    expect(bytesOf(PYTHONS_TENSORS, { format: 'pt' }).equals(PYTHONS)).toBe(true);
  });

  test('can be read if Python wrote it', async () => {
    const { tensors, metadata } = await readSafetensors(written('python.safetensors', PYTHONS));
    expect(new Map([...tensors].sort())).toEqual(PYTHONS_TENSORS);
    expect([...metadata]).toEqual([['format', 'pt']]);
  });

  test('is encoded without copying the tensors', () => {
    const data = Float32Array.of(1, 2, 3);
    const [, bytes] = encodeSafetensors(new Map([['w', { dtype: 'F32', shape: [3], data }]]), {});
    expect(bytes!.buffer).toBe(data.buffer);
  });

  test('is not encoded if a tensor does not fill its shape', () => {
    const data = Float32Array.of(1, 2, 3);
    expect(() => bytesOf(new Map([['w', { dtype: 'F32', shape: [2, 2], data }]]), {})).toThrow(
      'w: 3 values do not fill the shape [2,2]',
    );
  });

  test('can be read if its tensors are not aligned', async () => {
    const payload = Buffer.concat([
      Buffer.from(Float32Array.of(2.5).buffer),
      Buffer.from(BigInt64Array.of(-3n).buffer),
    ]);
    const header = {
      w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      n: { dtype: 'I64', shape: [1], data_offsets: [4, 12] },
    };
    const { tensors } = await readSafetensors(written('unaligned.safetensors', fileOf(header, payload)));
    expect(tensors.get('w')!.data).toEqual(Float32Array.of(2.5));
    expect(tensors.get('n')!.data).toEqual(BigInt64Array.of(-3n));
  });
});

test('tensors that are read equal the encoded ones bit for bit, with any names and metadata', async () => {
  const shapes = fc.array(fc.nat(3), { maxLength: 3 });
  const tensor = shapes.chain((shape): fc.Arbitrary<Tensor> => {
    const length = shape.reduce((product, size) => product * size, 1);
    return fc.oneof(
      fc.float32Array({ minLength: length, maxLength: length }).map((data): Tensor => ({ dtype: 'F32', shape, data })),
      fc.bigInt64Array({ minLength: length, maxLength: length }).map((data): Tensor => ({ dtype: 'I64', shape, data })),
    );
  });
  const names = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__');
  const path = join(folder, 'any.safetensors');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(names, tensor), { maxLength: 5 }),
      fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })),
      async (entries, metadata) => {
        const tensors = new Map(entries);
        writeSafetensors(path, tensors, metadata);
        const found = await readSafetensors(path);
        expect(new Map([...found.tensors].sort())).toEqual(new Map([...tensors].sort()));
        expect(Object.fromEntries(found.metadata)).toEqual(Object.fromEntries(Object.entries(metadata)));
      },
    ),
  );
});

describe('reading', () => {
  const huge = Buffer.alloc(16);
  huge.writeBigUInt64LE(2n ** 64n - 1n);
  const longHeader = Buffer.alloc(2 ** 20 + 100, ' ');
  longHeader.writeBigUInt64LE(2n ** 20n + 1n);
  test.each([
    ['an empty file', Buffer.alloc(0), 'file length: 0 bytes is too short for a checkpoint'],
    ['a file cut in its length', Buffer.alloc(7), 'file length: 7 bytes is too short for a checkpoint'],
    [
      'a file of text',
      Buffer.from('PK\u0003\u0004, as torch.save writes'),
      'header length: 8313961760520620880, expected at most 18; was it cut, or is it no file of safetensors or PyTorch?',
    ],
    [
      'a file with an endless header',
      huge,
      'header length: 18446744073709551615, expected at most 8; was it cut, or is it no file of safetensors or PyTorch?',
    ],
    [
      'a file with a very long header',
      longHeader,
      'header length: 1048577, expected at most 1048576; was it cut, or is it no file of safetensors or PyTorch?',
    ],
    [
      'a file cut in its header',
      PYTHONS.subarray(0, 100),
      'header length: 232, expected at most 92; was it cut, or is it no file of safetensors or PyTorch?',
    ],
    [
      'a file cut in its tensors',
      PYTHONS.subarray(0, -1),
      'file length: 23 bytes follow the header, but its tensors have 24',
    ],
    [
      'a file with trailing bytes',
      Buffer.concat([PYTHONS, Buffer.of(0)]),
      'file length: 25 bytes follow the header, but its tensors have 24',
    ],
  ])('refuses %s (exit 4)', async (name, content, problem) => {
    const path = written(name, content);
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: 4, message: `${path}: ${problem}` });
  });

  test('refuses a missing file, a folder and a device (exit 4)', async () => {
    const subfolder = join(folder, 'subfolder');
    mkdirSync(subfolder);
    for (const [path, problem] of [
      [join(folder, 'none'), 'no such checkpoint; make one with `resnet train`'],
      [join(written('plain', PYTHONS), 'below'), 'no such checkpoint; make one with `resnet train`'],
      [subfolder, 'is a folder, not a checkpoint'],
      ['/dev/zero', 'is a device, not a checkpoint'],
    ] as const) {
      await expect(readSafetensors(path)).rejects.toMatchObject({ code: 4, message: `${path}: ${problem}` });
    }
  });

  test('refuses a file larger than any checkpoint (exit 4) before it allocates memory', async () => {
    const path = written('sparse', Buffer.alloc(8));
    truncateSync(path, 2 ** 40);
    await expect(readSafetensors(path)).rejects.toMatchObject({
      code: 4,
      message: `${path}: file length: 1099511627776 bytes is more than any checkpoint has (${MAX_FILE_BYTES})`,
    });
  });

  test('lets the caller refuse a file by its header before it allocates memory for the tensors', async () => {
    const bytes = 2 ** 31 - 1000;
    const length = fileOf({ w: { dtype: 'F32', shape: [bytes / 4], data_offsets: [0, bytes] } }, Buffer.alloc(0));
    const path = written('large', length);
    truncateSync(path, length.length + bytes);
    const refusal = new Error('too large for me');
    const before = process.memoryUsage().arrayBuffers;
    const outline: ScanVisitor['outline'] = ({ tensors }) => {
      expect(tensors.get('w')).toMatchObject({ dtype: 'F32', shape: [bytes / 4] });
      throw refusal;
    };
    const reading = withFile(path, (file) => scanSafetensors(file, { outline }));
    await expect(reading).rejects.toBe(refusal);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 27);
  });
});

test('a valid file with changed bytes is read or refused (exit 4)', async () => {
  const path = join(folder, 'mutated.safetensors');
  const changes = fc.array(fc.tuple(fc.nat(PYTHONS.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(changes, async (bytes) => {
      const mutated = Buffer.from(PYTHONS);
      for (const [at, byte] of bytes) mutated[at] = byte;
      writeFileSync(path, mutated);
      try {
        const { tensors } = await readSafetensors(path);
        for (const { data, shape } of tensors.values()) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
      } catch (error) {
        expect(error).toMatchObject({ name: 'UserError', code: 4, message: expect.stringContaining(path) });
      }
    }),
    { numRuns: 500 },
  );
});
