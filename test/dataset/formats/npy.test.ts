/** Reads arrays of NumPy: of every type, order and version, damaged ones, and folders of them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../src/dataset/formats/limits.ts';
import { looksLikeNpyPairs, readNpyPairs } from '../../../src/dataset/formats/npy-pair.ts';
import { parseNpy } from '../../../src/dataset/formats/numpy/npy.ts';
import { npyNumbers, npyBytes as npyPixels } from '../../../src/dataset/formats/numpy/npy-values.ts';
import { bufferBytes, mutated } from '../../support/mutations.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { npyBytes, TYPES } from './npy-bytes.ts';
import { expectRefused, file, part, pixelsOf, readOrRefused } from './support.ts';

const folder = temporaryFolder();
let folders = 0;

/** A folder of `.npy` files. */
function folderOf(arrays: Readonly<Record<string, Buffer>>): string {
  const path = join(folder, `${folders++}`);
  mkdirSync(path);
  for (const [name, bytes] of Object.entries(arrays)) writeFileSync(join(path, `${name}.npy`), bytes);
  return path;
}

const owned = (bytes: Buffer) => Buffer.from(new Uint8Array(bytes).buffer);

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });

test('an array of any type, shape, order and version keeps its numbers', () => {
  const cases = fc.record({
    shape: shapes,
    type: fc.constantFrom(...TYPES),
    order: fc.constantFrom('<', '>'),
    fortran: fc.boolean(),
    version: fc.constantFrom(1, 2, 3),
    seed: fc.nat(100),
  });
  const property = fc.property(cases, ({ shape, type, order, fortran, version, seed }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Array.from({ length: count }, (_, i) => (type === 'b1' ? i % 2 : (i * 7 + seed) % 128));
    const array = parseNpy(owned(npyBytes(shape, values, { descr: order + type, fortran, version })), 'x');
    expect([...npyNumbers(array)]).toEqual(values);
    if (type === 'u1') expect([...npyPixels(array)]).toEqual(values);
  });
  fc.assert(property);
});

test.each([1, 2, 3])("NumPy's own file of version %d is read", (version) => {
  const array = parseNpy(owned(readFileSync(file(`version${version}.npy`))), 'x');
  expect(array).toMatchObject({ shape: [3, 2], descr: '>i2', fortranOrder: false });
  expect([...npyNumbers(array)]).toEqual([0, 1, 2, 3, 4, 5]);
});

describe('a folder of pairs', () => {
  const labels = npyBytes([2], [1, 0], { descr: '<i8' });
  const images = npyBytes([2, 2, 3], [...Array(12).keys()]);

  test('is known by its names, and its parts are opened one by one', async () => {
    const path = folderOf({
      train_images: images,
      train_labels: labels,
      x_test: images,
      Y_test: labels,
      other: labels,
    });
    expect(await looksLikeNpyPairs(path)).toBe(true);
    expect(await looksLikeNpyPairs(folderOf({ train_images: images, other: labels }))).toBe(false);
    const data = await readNpyPairs(path);
    expect(data).toMatchObject({ format: 'npy', source: path, classNames: undefined, notices: [] });
    expect(data.leftOut).toEqual([{ what: 'arrays of other names', count: 1 }]);
    expect(Object.keys(data.parts)).toEqual(['train', 'test']);
    const train = await part(data);
    expect([...train.labels]).toEqual([1, 0]);
    expect(train.nameOf(1)).toBe('train_images[1]');
    expect(pixelsOf(train)).toMatchObject({ height: 2, width: 3, channels: 1 });
  });

  test('with a damaged test part is read, and its test part refused', async () => {
    const path = folderOf({ x_train: images, y_train: labels, x_test: images.subarray(0, 50), y_test: labels });
    const data = await readNpyPairs(path);
    expect([...(await part(data)).labels]).toEqual([1, 0]);
    await expectRefused(part(data, 'test'), /x_test\.npy: ends within its header, after 50 bytes/);
  });

  test.each<[string, Record<string, Buffer>, RegExp]>([
    ['no labels to train on', { train_images: images }, /holds no labels to train on, but train_images; name/],
    [
      'two arrays for one thing',
      { train_images: images, x_train: images, y_train: labels },
      /both train_images and x_train/,
    ],
    [
      'two labels an image',
      { x_train: images, y_train: npyBytes([2, 2], [0, 1, 1, 0]) },
      /y_train\.npy: holds 2 labels for/,
    ],
    ['too few labels', { x_train: images, y_train: npyBytes([1], [0]) }, /holds 1 labels, but .* has 2 images/],
    ['flat images', { x_train: npyBytes([2, 4], Array(8).fill(0)), y_train: labels }, /x\.reshape\(-1, 2, 2\)/],
    ['transparent images', { x_train: npyBytes([2, 2, 2, 4], Array(32).fill(0)), y_train: labels }, /x\[\.\.\., :3\]/],
    [
      'channels first and last',
      { x_train: npyBytes([2, 3, 2, 3], Array(36).fill(0)), y_train: labels },
      /first or last/,
    ],
    ['no images', { x_train: npyBytes([0, 2, 2], []), y_train: labels }, /has no values: its shape is 0×2×2/],
    [
      'images that are true or false',
      { x_train: npyBytes([2, 1, 1], [0, 1], { descr: '|b1' }), y_train: labels },
      /\(x \* 255\)/,
    ],
    [
      'images of 64 bits',
      { x_train: npyBytes([2, 1, 1], [0, 1], { descr: '<i8' }), y_train: labels },
      /x\.astype\('uint8'\)/,
    ],
  ])('with %s is refused', async (_, arrays, message) => {
    await expectRefused(readNpyPairs(folderOf(arrays)), message);
  });

  test.each([
    ['a negative label', npyBytes([2], [0, -1], { descr: '<i4' }), {}, /y_train\.npy\[1\]: label -1; labels are/],
    ['a fraction', npyBytes([2], [0.5, 1], { descr: '<f8' }), {}, /y_train\.npy\[0\]: label 0\.5; labels are whole/],
    [
      'a label beyond --classes',
      npyBytes([2], [0, 3]),
      { classes: 3 },
      /\[1\]: label 3, but there are 3 classes: give/,
    ],
    [
      'a label without a name',
      npyBytes([2], [0, 2]),
      { classNames: ['a', 'b'] },
      /label 2, but only 2 classes have names/,
    ],
    ['a label beyond 16 bits', npyBytes([2], [0, 65535], { descr: '<u2' }), {}, /label 65535, but labels run to 65534/],
  ])('refuses %s by its place', async (_, y_train, options, message) => {
    const data = await readNpyPairs(folderOf({ x_train: images, y_train }), options);
    await expectRefused(part(data), message);
  });

  test('with more than 256 classes has labels of 16 bits', async () => {
    const path = folderOf({ x_train: images, y_train: npyBytes([2, 1], [65534, 0], { descr: '>u2' }) });
    expect((await part(await readNpyPairs(path))).labels).toEqual(Uint16Array.of(65534, 0));
  });
});

test('a size that is only declared takes no memory', async () => {
  const huge = owned(npyBytes([99_999_999_999, 9_999], []));
  const memory = await bufferBytes(() =>
    expect(() => parseNpy(huge, 'x')).toThrow(/needs \d+ bytes, at most 4294967296 are/),
  );
  expect(memory).toBeLessThan(2 ** 20);
  expect(() => parseNpy(owned(npyBytes([9], Array(9).fill(0))), 'x', { ...LIMITS, arrayBytes: 130 })).toThrow(
    'x: its shape 9 of |u1 needs 137 bytes, at most 130 are read; store fewer images',
  );
});

test('a damaged file is refused, or has as many numbers as its header says', async () => {
  const valid = npyBytes([2, 3], [1, 2, 3, 4, 5, 6], { descr: '<i4' });
  const property = fc.asyncProperty(
    mutated(valid, [{ at: 8, encode: (value) => Buffer.of(Number(value & 0xffn)) }]),
    async (bytes) => {
      const array = await readOrRefused(async () => parseNpy(owned(bytes), 'x'));
      if (array === undefined) return;
      expect(npyNumbers(array)).toHaveLength(array.shape.reduce((product, size) => product * size, 1));
      expect(array.stored.length).toBe(bytes.length - array.begin);
    },
  );
  await fc.assert(property, { numRuns: 300 });
});
