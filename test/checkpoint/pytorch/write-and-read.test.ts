/** Files of PyTorch's form that this tool writes, and reads again. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pytorchPieces } from '../../../src/checkpoint/pytorch/write-pytorch.ts';
import { bytesOfTensor, type Tensor } from '../../../src/checkpoint/tensor.ts';
import { scannedBytes } from './scanned.ts';

/** A tensor of any type that is written, of up to four dimensions, with any bits. */
const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.constantFrom('F32' as const, 'F16' as const, 'I64' as const),
    fc.array(fc.nat({ max: 4 }), { maxLength: 4 }),
    fc.uint8Array({ minLength: 64, maxLength: 64 }),
  )
  .map(([dtype, shape, seed]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const bytes = Uint8Array.from({ length: 8 * count }, (_, index) => seed[index % seed.length]! ^ (index >> 6));
    if (dtype === 'F32') return { dtype, shape, data: new Float32Array(bytes.buffer, 0, count) };
    if (dtype === 'F16') return { dtype, shape, data: new Uint16Array(bytes.buffer, 0, count) };
    return { dtype, shape, data: new BigInt64Array(bytes.buffer, 0, count) };
  });

const anyName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

test('any tensors come back in order, with their types, shapes and bits', async () => {
  const anyTensors = fc.uniqueArray(fc.tuple(anyName, anyTensor), { minLength: 1, selector: ([name]) => name });
  await fc.assert(
    fc.asyncProperty(anyTensors, async (entries) => {
      const { tensors } = await scannedBytes(Buffer.concat([...pytorchPieces('model.pth', new Map(entries))]));
      const plain = ([name, tensor]: (typeof entries)[number]) => {
        return [name, tensor.dtype, tensor.shape, Buffer.from(bytesOfTensor(name, tensor)).toString('hex')];
      };
      const read = [...tensors].map(([name, { dtype, shape, bytes }]) => [name, dtype, shape, bytes.toString('hex')]);
      expect(read).toEqual(entries.map(plain));
    }),
    { numRuns: 100 },
  );
});

test('the bytes do not depend on the name of the file, so that every name will do', () => {
  const tensors = new Map<string, Tensor>([['w', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]);
  const bytesAt = (path: string) => Buffer.concat([...pytorchPieces(path, tensors)]);
  expect(bytesAt('/tmp/C:x.pth')).toEqual(bytesAt('model.pth'));
});
