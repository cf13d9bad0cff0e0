/** Reads the layout of CIFAR's binary version: planes, coarse and fine labels, names of classes; and damaged files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksLikeCifar, readCifar } from '../../../src/dataset/formats/cifar.ts';
import { LIMITS } from '../../../src/dataset/formats/limits.ts';
import { folderOfFiles, temporaryFolder } from '../../support/temporary-folder.ts';
import { expectRefused, part, pixelsOf, readOrRefused } from './support.ts';

const folder = temporaryFolder();
const PLANE = 1024;
let folders = 0;

/** A folder of files. */
function folderOf(files: Readonly<Record<string, Buffer | string>>): string {
  const path = join(folder, `${folders++}`);
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}

/** A record: labels, then planes in which red is the pixel's place, green its remainder, blue a constant. */
function record(...labels: number[]): Buffer {
  const planes = [(i: number) => i >> 4, (i: number) => i % 256, () => 77];
  return Buffer.concat([
    Buffer.from(labels),
    ...planes.map((value) => Buffer.from(Array.from({ length: PLANE }, (_, i) => value(i)))),
  ]);
}

const NAMES = 'airplane\nautomobile\nbird\n\n';

test('CIFAR-10: any number of batches, in order, planes become pixels, classes have names', async () => {
  const path = folderOf({
    'data_batch_1.bin': Buffer.concat([record(2), record(0)]),
    'data_batch_2.bin': record(1),
    'test_batch.bin': record(1),
    'batches.meta.txt': NAMES,
  });
  expect(await looksLikeCifar(path)).toBe(true);
  const data = await readCifar(path);
  expect(data).toMatchObject({
    format: 'cifar',
    classNames: ['airplane', 'automobile', 'bird'],
    notices: [],
    leftOut: [],
  });
  const train = await part(data);
  expect([...train.labels]).toEqual([2, 0, 1]);
  const { pixels, ...sizes } = pixelsOf(train);
  expect(sizes).toEqual({ kind: 'pixels', height: 32, width: 32, channels: 3 });
  expect([...pixels.subarray(3 * 500, 3 * 501)]).toEqual([500 >> 4, 500 % 256, 77]);
  expect(pixels.subarray(0, 3 * PLANE)).toEqual(pixels.subarray(6 * PLANE));
  expect(train.nameOf(1)).toBe('data_batch_1.bin record 1');
  expect(train.nameOf(2)).toBe('data_batch_2.bin record 0');
  expect([...(await part(data, 'test')).labels]).toEqual([1]);
});

test('CIFAR-100: the fine label counts, also in the folder that the archive unpacks to', async () => {
  const path = folderOf({
    'cifar-100-binary/train.bin': Buffer.concat([record(9, 1), record(8, 0)]),
    'cifar-100-binary/fine_label_names.txt': 'apple\r\naquarium_fish\r\n',
    'cifar-100-binary/coarse_label_names.txt': 'fish\n',
  });
  expect(await looksLikeCifar(path)).toBe(true);
  const data = await readCifar(path, { classNames: ['aquarium_fish', 'apple'] });
  expect(data.classNames).toEqual(['aquarium_fish', 'apple']);
  expect([...(await part(data)).labels]).toEqual([0, 1]);
});

test('without the file of names the classes are numbers, and that is said', async () => {
  const path = folderOf({ 'data_batch_1.bin': record(200) });
  const data = await readCifar(path);
  expect(data.notices).toEqual([`batches.meta.txt is missing in ${path}: the classes are numbers`]);
  expect(data.classNames).toBeUndefined();
  expect([...(await part(data)).labels]).toEqual([200]);
  const classNames = ['ant', 'bee'];
  await expect(readCifar(path, { classNames })).resolves.toMatchObject({ classNames, notices: [] });
});

describe('refused is', () => {
  test('a truncated file, with its size and that of a record', async () => {
    const path = folderOf({ 'data_batch_1.bin': record(0).subarray(0, 3000), 'batches.meta.txt': NAMES });
    const problem = "holds 3000 bytes, not a whole number of CIFAR-10's records of 3073 bytes; fetch it again";
    await expectRefused(part(await readCifar(path)), `^${join(path, 'data_batch_1.bin')}: ${problem}$`);
  });

  test('an empty file', async () => {
    await expectRefused(part(await readCifar(folderOf({ 'train.bin': '' }))), /holds 0 bytes, .* of 3074 bytes/);
  });

  test('a label beyond the names, with its file and record', async () => {
    const path = folderOf({
      'data_batch_1.bin': record(0),
      'data_batch_7.bin': Buffer.concat([record(1), record(3)]),
      'batches.meta.txt': NAMES,
    });
    await expectRefused(
      part(await readCifar(path)),
      /data_batch_7\.bin: record 1: label 3, but batches\.meta\.txt names 3 classes/,
    );
  });

  test('more than allowed, before memory is taken', async () => {
    const data = await readCifar(
      folderOf({ 'data_batch_1.bin': Buffer.concat([record(0), record(0)]) }),
      {},
      { ...LIMITS, arrayBytes: 6000 },
    );
    await expectRefused(part(data), /holds 6144 bytes, at most 6000 are read/);
  });

  test.each([
    ['CIFAR-10', ['data_batch_1', 'data_batch_2', 'test_batch', 'batches.meta'], 'cifar-10-batches-bin'],
    ['CIFAR-100', ['train', 'test', 'meta', 'file.txt~'], 'cifar-100-binary'],
  ])('%s for Python, whose pickles are never executed', async (title, files, unpacked) => {
    const path = folderOfFiles(join(folder, title), files);
    expect(await looksLikeCifar(path)).toBe(true);
    await expectRefused(
      readCifar(path),
      `is ${title} for Python, whose pickles are never executed; fetch .* unpacks to ${unpacked}$`,
    );
  });

  test('a folder of anything else', async () => {
    const path = folderOf({ 'cat/1.png': 'x' });
    expect(await looksLikeCifar(path)).toBe(false);
    await expectRefused(readCifar(path), /holds neither data_batch_1\.bin nor train\.bin/);
  });
});

test('records of any labels and pixels are read back; a cut file is refused', async () => {
  const records = fc.array(fc.tuple(fc.nat(2), fc.nat(255)), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(records, fc.nat(3072), async (expected, cut) => {
    const bytes = Buffer.concat(
      expected.map(([label, value]) => Buffer.concat([Buffer.of(label), Buffer.alloc(3 * PLANE, value)])),
    );
    const path = folderOf({ 'data_batch_1.bin': bytes.subarray(0, bytes.length - cut), 'batches.meta.txt': NAMES });
    const found = await readOrRefused(async () => part(await readCifar(path)));
    if (cut > 0) return expect(found).toBeUndefined();
    expect([...found!.labels]).toEqual(expected.map(([label]) => label));
    expect(expected.every(([, value], i) => pixelsOf(found!).pixels[i * 3 * PLANE + 5] === value)).toBe(true);
  });
  await fc.assert(property, { numRuns: 40 });
});
