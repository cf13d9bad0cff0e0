/** Reads `.npz` files that NumPy wrote, and damaged ones. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../src/dataset/formats/limits.ts';
import { looksLikeNpz, readNpz } from '../../../src/dataset/formats/npz.ts';
import { parseNpy } from '../../../src/dataset/formats/numpy/npy.ts';
import { npyNumbers } from '../../../src/dataset/formats/numpy/npy-values.ts';
import { readEntry, zipEntries } from '../../../src/dataset/formats/numpy/zip.ts';
import { mutated } from '../../support/mutations.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { EXPECTED, expectRefused, file, part, pixelsOf, readOrRefused, sha256 } from './support.ts';

const folder = temporaryFolder();

test("MedMNIST's keys are read: colour, labels N×1, three parts", async () => {
  const expected = EXPECTED['medmnist.npz']!;
  const data = await readNpz(file('medmnist.npz'));
  expect(data).toMatchObject({ format: 'npz', classNames: undefined, notices: [], leftOut: [] });
  for (const name of ['train', 'val', 'test'] as const) {
    const found = await part(data, name);
    expect([...found.labels].map((label) => [label])).toEqual(expected[`${name}_labels`]);
    const images = pixelsOf(found);
    expect(images).toMatchObject({ height: 6, width: 6, channels: 3 });
    expect(sha256(images.pixels)).toBe(expected[`${name}_images`]);
    expect(found.nameOf(2)).toBe(`${name}_images[2]`);
  }
});

test("Keras's keys are read: grey, labels of 64 bits", async () => {
  const data = await readNpz(file('keras.npz'), { classNames: [...'abcdefghij'] });
  expect(data.classNames).toHaveLength(10);
  expect(Object.keys(data.parts)).toEqual(['train', 'test']);
  const test = await part(data, 'test');
  expect([...test.labels]).toEqual([9, 2]);
  expect(sha256(pixelsOf(test).pixels)).toBe(EXPECTED['keras.npz']!.x_test);
});

test('channels first, Fortran order, labels as floats: the numbers are those that Python has', async () => {
  const data = await readNpz(file('channels_first.npz'));
  expect(data.notices).toEqual(['X_train has its channels first (4×3×5×6): they are put last']);
  const train = await part(data);
  expect(train.labels).toEqual(Uint16Array.of(2, 0, 1, 300));
  expect(pixelsOf(train)).toMatchObject({ height: 5, width: 6, channels: 3 });
  expect(sha256(pixelsOf(train).pixels)).toBe(EXPECTED['channels_first.npz']!.images);
});

test('all types that NumPy writes are read, of both byte orders and both orders of dimensions', async () => {
  const path = file('types.npz');
  const entries = await zipEntries(path);
  expect(entries).toHaveLength(48);
  for (const entry of entries) {
    const { shape, ...array } = parseNpy(await readEntry(path, entry, entry.fileName, LIMITS), entry.fileName);
    const values = [...npyNumbers({ shape, ...array })];
    const least = /-(i|f)\d/.test(entry.fileName) ? -60 : 0;
    const expected = values.map((_, i) => (entry.fileName.includes('b1') ? i % 2 : i * 5 + least));
    expect({ name: entry.fileName, shape, values }).toEqual({
      name: entry.fileName,
      shape: [2, 3, 4],
      values: expected,
    });
  }
});

describe('refused is', () => {
  test.each([
    ['multilabel.npz', /: train_labels: holds 14 labels for each image \(3×14\), one can be learned; choose one/],
    ['objects.npz', /: train_labels: holds values of type \|O: Python objects \(a pickle, which is never executed\)/],
    ['floats.npz', /: train_images: holds images of type <f4, expected uint8; .*\(x \* 255\)\.astype\('uint8'\)/],
    ['unnamed.npz', /holds no images to train on, but arr_0, arr_1; name the arrays train_images and train_labels/],
    ['pandas.parquet', /cannot be read as a zip file/],
    ['missing.npz', /no such file/],
  ])('%s', async (name, message) => {
    await expectRefused(readNpz(file(name)), message);
  });

  test('an entry that claims more than allowed, before it is inflated', async () => {
    await expectRefused(
      readNpz(file('keras.npz'), {}, { ...LIMITS, arrayBytes: 300 }),
      /x_train: holds 448 bytes, at most 300 are read/,
    );
  });
});

test('a list of entries that lies beyond the end of the file is told', async () => {
  const bytes = Buffer.from(readFileSync(file('keras.npz')));
  bytes.writeUInt32LE(bytes.length, bytes.length - 6); // where the list begins, in the 22 bytes at the end
  const path = join(folder, 'beyond.npz');
  writeFileSync(path, bytes);
  const expected =
    /beyond\.npz: cannot be read as a zip file \(it tells a place beyond the end of the file\); fetch it/;
  await expectRefused(readNpz(path), expected);
});

test('is known by its name alone', async () => {
  expect(await looksLikeNpz('no/such/OrganAMNIST.NPZ')).toBe(true);
  expect(await looksLikeNpz('x.npy')).toBe(false);
});

test('a damaged file gives the same numbers or is refused: the checksum tells', async () => {
  const valid = readFileSync(file('keras.npz'));
  const path = join(folder, 'damaged.npz');
  const [images, labels] = [EXPECTED['keras.npz']!.x_train, EXPECTED['keras.npz']!.y_train];
  const property = fc.asyncProperty(
    mutated(valid, [{ at: valid.length - 60, encode: (value) => Buffer.of(Number(value & 0xffn)) }]),
    async (bytes) => {
      writeFileSync(path, bytes);
      const found = await readOrRefused(async () => part(await readNpz(path)));
      if (found === undefined) return;
      expect([...found.labels]).toEqual(labels);
      expect(sha256(pixelsOf(found).pixels)).toBe(images);
    },
  );
  await fc.assert(property, { numRuns: 150 });
});
