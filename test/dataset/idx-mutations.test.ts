/** Property tests with randomly damaged IDX files, plain and gzipped: only files that are still valid are read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { bytesOfRank, parseIdx } from '../../src/dataset/idx.ts';
import { readIdxFile } from '../../src/dataset/idx-file.ts';
import { bigEndian32, bufferBytes, mutated, resized } from '../support/mutations.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const path = join(temporaryFolder(), 'images');
const IMAGES = idxBytes([6, 2, 3], Buffer.alloc(36, 'a grey, but not an even one'));
const HEADER_BYTES = 16;
const FIELDS = [0, 4, 8, 12].map(bigEndian32);
const RUNS = { numRuns: 500 };

/**
 * Most memory that a file may take. A kilobyte of deflate unpacks to a megabyte; a header may announce two gigabytes.
 */
const MOST_BUFFER_BYTES = 4 * 2 ** 20;

/** Whether an IDX file is valid, decided by the format without the reader under test. */
function isValid(bytes: Buffer): boolean {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== 0x0803) return false;
  const pixels = [4, 8, 12].reduce((product, at) => product * bytes.readUInt32BE(at), 1);
  return pixels > 0 && bytes.length === HEADER_BYTES + pixels;
}

/** @returns the pixels; undefined if the file is refused with a proper error */
function pixelsOf(file: Uint8Array): Uint8Array | undefined {
  writeFileSync(path, file);
  try {
    return parseIdx(readIdxFile(path, 3), bytesOfRank(3), path).values;
  } catch (error) {
    const message = expect.stringMatching(/^[^\n]+\/images: [^\n]+: found [^\n]+$/);
    expect(error).toMatchObject({ name: 'UserError', code: 3, message });
    return undefined;
  }
}

describe.each([
  ['a plain file', (bytes: Uint8Array) => bytes],
  ['a gzipped file', (bytes: Uint8Array) => gzipSync(bytes)],
])('%s', (_, pack) => {
  test('a damaged file is read if it is still valid, otherwise refused, and takes little memory', async () => {
    const property = fc.asyncProperty(mutated(IMAGES, FIELDS), async (bytes) => {
      let pixels: Uint8Array | undefined;
      const memory = await bufferBytes(() => {
        pixels = pixelsOf(pack(bytes));
      });
      expect(pixels && Buffer.from(pixels)).toEqual(isValid(bytes) ? bytes.subarray(HEADER_BYTES) : undefined);
      expect(memory).toBeLessThan(MOST_BUFFER_BYTES);
    });
    await fc.assert(property, RUNS);
  });

  test('a file is refused if it has too few or too many bytes', () => {
    // Twelve bytes inserted into the header may be sizes that fit the new length.
    const invalid = resized(IMAGES).filter((bytes) => !isValid(bytes));
    const property = fc.property(invalid, (bytes) => expect(pixelsOf(pack(bytes))).toBeUndefined());
    fc.assert(property, RUNS);
  });
});

test('a gzip file with changed compressed bytes gives the same pixels or is refused', () => {
  const gzipped = gzipSync(IMAGES);
  const ends = [gzipped.length - 8, gzipped.length - 4].map(bigEndian32); // gzip's checksum and length
  const property = fc.property(mutated(gzipped, ends), (bytes) => {
    const pixels = pixelsOf(bytes);
    if (pixels !== undefined) expect(Buffer.from(pixels)).toEqual(IMAGES.subarray(HEADER_BYTES));
  });
  fc.assert(property, RUNS);
});

test('random bytes, also after a valid header, are refused', () => {
  const beginnings = fc.constantFrom(Buffer.of(), gzipSync('').subarray(0, 10), IMAGES.subarray(0, HEADER_BYTES));
  const property = fc.property(beginnings, fc.uint8Array({ maxLength: 30 }), (beginning, bytes) => {
    expect(pixelsOf(Buffer.concat([beginning, bytes]))).toBeUndefined();
  });
  fc.assert(property, RUNS);
});
