/** Tests of parsing IDX files. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { classLabels, parseRawLabels } from '../../src/dataset/formats/idx/labels.ts';
import { bytesOfRank, parseIdx } from '../../src/dataset/idx.ts';

const IMAGES = idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 6]);
const LABELS = idxBytes([4], [0, 9, 3, 9]);

/** The images of a file. */
function parseImages(bytes: Uint8Array, file: string) {
  const { dimensions, values: pixels } = parseIdx(bytes, bytesOfRank(3), file);
  const [count, height, width] = dimensions;
  return { count, height, width, pixels };
}

/** The labels of a file, each below the number of classes. */
function parseLabels(bytes: Uint8Array, file: string, classes: number) {
  return classLabels(parseRawLabels(bytes, file), file, { classes, first: 0 });
}

test('parseIdx returns count × height × width bytes', () => {
  const { pixels, ...sizes } = parseImages(IMAGES, 'images');
  expect(sizes).toEqual({ count: 2, height: 1, width: 3 });
  expect([...pixels]).toEqual([1, 2, 3, 4, 5, 6]);
});

test('labels are bytes below the number of classes', () => {
  expect([...parseLabels(LABELS, 'labels', 10)]).toEqual([0, 9, 3, 9]);
});

describe('an error names the file, the field, the value found and the value expected', () => {
  test.each([
    ['an empty file', IMAGES.subarray(0, 0), 'length: found 0 bytes, expected at least 16, the header of an IDX file'],
    ['half a header', IMAGES.subarray(0, 9), 'length: found 9 bytes, expected at least 16, the header of an IDX file'],
    ['a text', Buffer.from('P5 28 28 255 and so on'), 'magic number: found 0x50352032, expected 0x00000803'],
    ['a file of floats', idxBytes([1, 1, 1], [0], 0x0d), 'type: found 0x0d, expected 0x08 (unsigned byte)'],
    ['a file of labels', idxBytes([20], new Array(20).fill(0)), 'rank: found 1, expected 3'],
    ['a file of 0 images', idxBytes([0, 28, 28], []), 'dimension 0: found 0, expected at least 1'],
    ['a file of images of width 0', idxBytes([5, 28, 0], []), 'dimension 2: found 0, expected at least 1'],
    [
      'a header whose sizes overflow',
      idxBytes([0xffffffff, 0xffffffff, 0xffffffff], []),
      'dimensions: found 4294967295×4294967295×4294967295, expected at most 2147483647 bytes in all',
    ],
    ['a file with a byte too few', IMAGES.subarray(0, 21), 'length: found 21 bytes, expected 22 for dimensions 2×1×3'],
    [
      'a file with a byte too many',
      Buffer.concat([IMAGES, Buffer.of(0)]),
      'length: found 23 bytes, expected 22 for dimensions 2×1×3',
    ],
  ])('parseIdx refuses %s (exit 3)', (_, bytes, problem) => {
    expect(() => parseImages(bytes, 'dir/images')).toThrow(
      expect.objectContaining({ code: 3, message: `dir/images: ${problem}` }),
    );
  });

  test('classLabels refuses a label out of range (exit 3)', () => {
    expect(() => parseLabels(LABELS, 'labels', 9)).toThrow(
      expect.objectContaining({
        code: 3,
        message: 'labels: label 1: found 9, expected 0 to 8; the labels run from 0 to 9: give --classes 10',
      }),
    );
  });
});

describe('parsing returns a value or an error with exit code 3', () => {
  const parsesOrRefuses = (bytes: Uint8Array) => {
    for (const parse of [() => parseImages(bytes, 'file').pixels, () => parseLabels(bytes, 'file', 10)]) {
      try {
        expect(parse().length).toBeLessThan(bytes.length);
      } catch (error) {
        expect(error).toMatchObject({ name: 'UserError', code: 3, message: expect.stringMatching(/^file: .+: found/) });
      }
    }
  };

  test('random bytes are parsed or refused (exit 3)', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), parsesOrRefuses));
  });

  test('files with a random header and a few values are parsed or refused (exit 3)', () => {
    const sizes = fc.array(fc.oneof(fc.nat(4), fc.nat(0xffffffff)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.uint8Array({ maxLength: 32 }), (dimensions, values) =>
        parsesOrRefuses(idxBytes(dimensions, values)),
      ),
    );
  });

  test('valid files with one changed byte are parsed or refused (exit 3)', () => {
    fc.assert(
      fc.property(fc.nat(IMAGES.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Uint8Array.from(IMAGES);
        bytes[at] = byte;
        parsesOrRefuses(bytes);
      }),
    );
  });
});

test('parseIdx reads back the values of any valid file', () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
  );
  const files = sizes.chain(([count, height, width]) => {
    const length = count * height * width;
    return fc.record({
      dimensions: fc.constant([count, height, width]),
      values: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });
  fc.assert(
    fc.property(files, ({ dimensions, values }) => {
      const { count, height, width, pixels } = parseImages(idxBytes(dimensions, values), 'file');
      expect([count, height, width]).toEqual(dimensions);
      expect([...pixels]).toEqual([...values]);
    }),
  );
});
