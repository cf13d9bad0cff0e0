/** Decompresses Zstandard pages: what they claim is checked before memory is taken. */
import { expect, test } from '@jest/globals';
import { compressors } from '../../../src/dataset/formats/parquet/compressors.ts';
import { bufferBytes } from '../../support/mutations.ts';

/** Frames of RFC 8878 whose one block is stored as it is: magic number, descriptor, size of the content, block. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const BLOCK = [0b11001, 0, 0, 7, 8, 9]; // the last block, stored, three bytes

test.each([
  ['one byte', [0x20, 3]],
  ['four bytes', [0xa0, 3, 0, 0, 0]],
  ['eight bytes', [0xe0, 3, 0, 0, 0, 0, 0, 0, 0]],
  ['none, but a window', [0x00, 0x08]],
])('a size of %s is read', (_, head) => {
  expect(compressors.ZSTD?.(Uint8Array.of(...MAGIC, ...head, ...BLOCK), 3)).toEqual(Uint8Array.of(7, 8, 9));
});

test('a frame that holds less or more than its page is refused, and takes no memory', async () => {
  const claims = (bytes: readonly number[]) => Uint8Array.of(...MAGIC, ...bytes, ...BLOCK);
  expect(() => compressors.ZSTD?.(claims([0x20, 3]), 4)).toThrow('a page of 3 bytes, not 4');
  expect(() => compressors.ZSTD?.(claims([0x60, 3, 0]), 3)).toThrow('a page of 259 bytes, not 3');
  const memory = await bufferBytes(() =>
    expect(() => compressors.ZSTD?.(claims([0xa0, 0xff, 0xff, 0xff, 0x3f]), 10)).toThrow('a page of 1073741823 bytes'),
  );
  expect(memory).toBeLessThan(2 ** 20);
});
