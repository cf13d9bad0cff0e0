/** Tests of reading data sets in IDX files under the names that MNIST, EMNIST, QMNIST and others give them. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../../scripts/draw-data/idx-bytes.ts';
import type { FoundPart, OpenPart, PixelImages } from '../../../src/dataset/formats/found.ts';
import { looksLikeIdx, readIdx } from '../../../src/dataset/formats/idx-set.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let folders = 0;

/** Three images of 1 × 2 pixels. */
const IMAGES = idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 6]);

function folderOf(files: Record<string, Uint8Array | string>): string {
  const path = join(folder, `set ${folders++}`);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** The files of one part. */
function part(prefix: string, labels: readonly number[], images: Uint8Array = IMAGES): Record<string, Uint8Array> {
  return {
    [`${prefix}-images-idx3-ubyte`]: images,
    [`${prefix}-labels-idx1-ubyte`]: idxBytes([labels.length], labels),
  };
}

async function opened(open: OpenPart | undefined): Promise<FoundPart & { images: PixelImages }> {
  const found = await open!();
  if (found.images.kind !== 'pixels') throw new Error('IDX files hold pixels');
  return { ...found, images: found.images };
}

function refusal(message: unknown) {
  return expect.objectContaining({ name: 'UserError', code: 3, message });
}

describe('files with MNIST’s names', () => {
  test.each([
    ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', false],
    ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', true],
    ['train-images.idx3-ubyte', 'train-labels.idx1-ubyte', false],
    ['train-images.idx3-ubyte.gz', 'train-labels.idx1-ubyte.gz', true],
  ])('may be called %s and %s', async (imagesName, labelsName, zipped) => {
    const pack = (bytes: Buffer) => (zipped ? gzipSync(bytes) : bytes);
    const labels = idxBytes([3], [7, 0, 9]);
    const path = folderOf({ [imagesName]: pack(IMAGES), [labelsName]: pack(labels) });
    const { parts, classes, source } = await readIdx(path);
    expect([classes, source, Object.keys(parts)]).toEqual([10, path, ['train']]);
    const train = await opened(parts.train);
    expect([...train.images.pixels]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...train.labels]).toEqual([7, 0, 9]);
    expect(train.sha256).toBe(createHash('sha256').update(IMAGES).update(labels).digest('hex'));
    expect(train.nameOf(2)).toBe(`${imagesName}[2]`);
  });

  test('may be digits without a 0: their labels stay, as they were for older runs', async () => {
    const path = folderOf({ ...part('train', [1, 3, 2]), ...part('t10k', [3, 1, 1]) });
    const { parts, notices } = await readIdx(path);
    expect(notices).toEqual([]);
    expect([...(await opened(parts.train)).labels]).toEqual([1, 3, 2]);
    expect([...(await opened(parts.test)).labels]).toEqual([3, 1, 1]);
  });

  test('may have labels from 1 of more than ten classes, which are mapped, with a notice', async () => {
    const path = folderOf({ ...part('train', [1, 26, 2]), ...part('t10k', [26, 1, 1]) });
    const { parts, classes, notices } = await readIdx(path);
    expect(classes).toBe(26);
    expect(notices).toEqual(['train-labels-idx1-ubyte: the labels run from 1 to 26 and are taken as 0 to 25']);
    expect([...(await opened(parts.train)).labels]).toEqual([0, 25, 1]);
    expect([...(await opened(parts.test)).labels]).toEqual([25, 0, 0]);
  });

  test('are mapped for a model whose classes the labels from 1 number, and for no older one', async () => {
    const path = folderOf({ ...part('train', [1, 26, 2]) });
    const labelsFor = async (modelClasses: number) => {
      const { parts } = await readIdx(path, { classes: 65_535, modelClasses });
      return [...(await opened(parts.train)).labels];
    };
    expect(await labelsFor(26)).toEqual([0, 25, 1]);
    expect(await labelsFor(27)).toEqual([1, 26, 2]);
  });

  test('are refused with a label beyond the classes, or another number of labels than images (exit 3)', async () => {
    const path = folderOf({ ...part('train', [0, 26, 2]), ...part('test', [1, 2]) });
    const { parts } = await readIdx(path);
    const problem = 'label 1: found 26, expected 0 to 9; the labels run from 0 to 26: give --classes 27';
    await expect(parts.train()).rejects.toEqual(refusal(`${path}/train-labels-idx1-ubyte: ${problem}`));
    await expect(parts.test!()).rejects.toEqual(
      refusal(`${path}/test-labels-idx1-ubyte: dimension 0: found 2 labels, expected 3, one for each image`),
    );
    expect([...(await opened((await readIdx(path, { classes: 27 })).parts.train)).labels]).toEqual([0, 26, 2]);
  });

  test('of which one is missing are refused by its name (exit 3)', async () => {
    const path = folderOf({ 'train-images-idx3-ubyte': IMAGES, 'test-images-idx3-ubyte': IMAGES });
    const { parts } = await readIdx(path);
    const expected = 'expected the four IDX files of MNIST or a similar data set, plain or .gz, in this folder';
    for (const name of ['train', 'test'] as const) {
      await expect(parts[name]!()).rejects.toEqual(
        refusal(`${path}/${name}-labels-idx1-ubyte: no such file; ${expected}`),
      );
    }
  });

  test('are taken before others in their folder, and a notice says so', async () => {
    const path = folderOf({ ...part('train', [0, 1, 2]), ...part('emnist-mnist-train', [2, 2, 2]) });
    const { parts, notices } = await readIdx(path);
    expect([...(await opened(parts.train)).labels]).toEqual([0, 1, 2]);
    expect(notices).toEqual([`${path}: the files with MNIST's names are read; beside them lie emnist-mnist`]);
  });
});

describe('files with a prefix', () => {
  test('have as many classes as their labels show, and a test part', async () => {
    const path = folderOf({ ...part('mine-train', [0, 4, 2]), ...part('mine-test', [4, 0, 1]) });
    const { classes, parts, notices } = await readIdx(path);
    expect([classes, notices]).toEqual([5, []]);
    const test = await opened(parts.test);
    expect([...test.labels]).toEqual([4, 0, 1]);
    expect(test.imagesFile).toBe(join(path, 'mine-test-images-idx3-ubyte'));
  });

  test('may have labels that start at 1, which are mapped, with a notice', async () => {
    const path = folderOf({ ...part('mine-train', [1, 3, 2]), ...part('mine-test', [3, 1, 1]) });
    const { classes, parts, notices } = await readIdx(path);
    expect(classes).toBe(3);
    expect(notices).toEqual(['mine-train-labels-idx1-ubyte: the labels run from 1 to 3 and are taken as 0 to 2']);
    expect([...(await opened(parts.train)).labels]).toEqual([0, 2, 1]);
    expect([...(await opened(parts.test)).labels]).toEqual([2, 0, 0]);
  });

  test('are refused with a test label that no training label has (exit 3)', async () => {
    for (const [label, problem] of [
      [0, 'label 1: found 0, expected 1 to 3; the labels run from 0 to 2'],
      [5, 'label 1: found 5, expected 1 to 3; the labels run from 1 to 5: give --classes 5'],
    ] as const) {
      const path = folderOf({ ...part('mine-train', [1, 3, 2]), ...part('mine-test', [2, label, 1]) });
      const { parts } = await readIdx(path);
      await expect(parts.test!()).rejects.toEqual(refusal(`${path}/mine-test-labels-idx1-ubyte: ${problem}`));
    }
  });

  test('of several data sets are chosen by FOLDER/PREFIX or by one of them, else refused (exit 3)', async () => {
    const files = { ...part('b-train', [0, 1, 1]), ...part('a-train', [0, 1, 2]), ...part('a-test', [2, 2, 2]) };
    const path = folderOf(files);
    await expect(readIdx(path)).rejects.toEqual(
      refusal(`${path}: holds the data sets a, b; give one of them, such as ${path}/a`),
    );
    for (const chosen of ['a', 'a-train-images-idx3-ubyte', 'a-test-labels-idx1-ubyte']) {
      const { source, parts } = await readIdx(join(path, chosen));
      expect(source).toBe(join(path, chosen));
      expect([...(await opened(parts.train)).labels]).toEqual([0, 1, 2]);
      expect(await looksLikeIdx(join(path, chosen))).toBe(true);
    }
    const advice = 'give the folder of IDX files, FOLDER/PREFIX, or one of them, such as train-images-idx3-ubyte';
    await expect(readIdx(join(path, 'c'))).rejects.toEqual(refusal(`${path}/c: no such file or folder; ${advice}`));
    expect(await looksLikeIdx(join(path, 'c'))).toBe(false);
  });

  test('may have names for their labels, of which there must be as many as --classes (exit 3)', async () => {
    const path = folderOf(part('mine-train', [0, 1, 1]));
    const named = await readIdx(path, { classNames: ['cat', 'dog', 'bird'] });
    expect(named).toMatchObject({ classes: 3, classNames: ['cat', 'dog', 'bird'] });
    await expect(readIdx(path, { classNames: ['cat', 'dog'], classes: 3 })).rejects.toEqual(
      refusal('--class-names has 2 names, and --classes is 3; give the names alone'),
    );
  });
});

describe('EMNIST', () => {
  const LYING = idxBytes([2, 2, 3], [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]);
  const UPRIGHT = [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16];

  test.each(['balanced', 'byclass', 'bymerge', 'digits', 'letters', 'mnist'])(
    '%s is turned upright, with a notice',
    async (name) => {
      const prefix = `emnist-${name}`;
      const path = folderOf(part(`${prefix}-train`, [0, 1], LYING));
      const { parts, notices } = await readIdx(path);
      expect(notices).toEqual([
        `the images of ${prefix} lie on their side and are turned upright; --transpose=false leaves them so`,
      ]);
      const train = await opened(parts.train);
      expect([...train.images.pixels]).toEqual(UPRIGHT);
      expect(train).toMatchObject({ images: { height: 3, width: 2 }, transposed: true });
      const labels = idxBytes([2], [0, 1]);
      expect(train.sha256).toBe(createHash('sha256').update(LYING).update(labels).digest('hex'));
    },
  );

  test('is left as it is if the user says so, and others are turned if the user says so', async () => {
    const path = folderOf({ ...part('emnist-digits-train', [0, 1], LYING), ...part('train', [0, 1], LYING) });
    const left = await readIdx(join(path, 'emnist-digits'), { transpose: false });
    expect(left.notices).toEqual([]);
    expect([...(await opened(left.parts.train)).images.pixels]).toEqual([...LYING.subarray(16)]);
    const turned = await readIdx(path, { transpose: true });
    expect([...(await opened(turned.parts.train)).images.pixels]).toEqual(UPRIGHT);
  });

  test('letters are named a to z', async () => {
    const labels = Array.from({ length: 26 }, (_, index) => index + 1);
    const path = folderOf(part('emnist-letters-train', labels, idxBytes([26, 1, 1], labels)));
    const { classes, classNames, parts, notices } = await readIdx(path);
    expect(classes).toBe(26);
    expect(classNames?.join('')).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(notices[0]).toBe(
      'emnist-letters-train-labels-idx1-ubyte: the labels run from 1 to 26 and are taken as 0 to 25',
    );
    expect([...(await opened(parts.train)).labels]).toEqual(labels.map((label) => label - 1));
    expect(await readIdx(path, { classes: 30 })).toMatchObject({ classes: 30, classNames: undefined });
  });

  test('characters are named by the mapping that lies beside', async () => {
    const files = part('emnist-balanced-train', [0, 2, 1]);
    const path = folderOf({ ...files, 'emnist-balanced-mapping.txt': '0 48\n1 65\r\n2 97\n' });
    expect(await readIdx(path)).toMatchObject({ classes: 3, classNames: ['0', 'A', 'a'] });
    expect(await readIdx(folderOf(files))).toMatchObject({ classes: 3, classNames: undefined });
  });

  test.each([
    ['0 48\n2 65', 'line 2: found "2 65", expected the label 1 and the number of a character, such as "1 65"'],
    ['0 99999999', 'line 1: found "0 99999999", expected the label 0 and the number of a character, such as "0 65"'],
    ['', 'line 1: found "", expected the label 0 and the number of a character, such as "0 65"'],
  ])('refuses the mapping %j (exit 3)', async (mapping, problem) => {
    const path = folderOf({ ...part('emnist-byclass-train', [0, 1, 1]), 'emnist-byclass-mapping.txt': mapping });
    await expect(readIdx(path)).rejects.toEqual(refusal(`${path}/emnist-byclass-mapping.txt: ${problem}`));
  });
});

describe('labels of 32 bits', () => {
  /** The bytes of signed numbers of 32 bits, the first byte the highest. */
  const int32 = (values: readonly number[]) => values.flatMap((value) => [value >> 24, value >> 16, value >> 8, value]);

  test('are QMNIST’s: the first of eight columns is the class', async () => {
    const rows = [5, 0, 9].map((digit) => [digit, 0, 2610, 37, 35, 222_222, 0, 0]);
    const path = folderOf({
      'qmnist-train-images-idx3-ubyte.gz': gzipSync(IMAGES),
      'qmnist-train-labels-idx2-int.gz': gzipSync(idxBytes([3, 8], int32(rows.flat()), 0x0c)),
    });
    const { classes, parts } = await readIdx(path);
    expect(classes).toBe(10);
    const { labels } = await opened(parts.train);
    expect(labels).toEqual(Uint8Array.of(5, 0, 9));
  });

  test('may name more than 256 classes', async () => {
    const path = folderOf({
      'many-train-images-idx3-ubyte': IMAGES,
      'many-train-labels-idx1-int': idxBytes([3], int32([0, 300, 65_534]), 0x0c),
    });
    const { classes, parts } = await readIdx(path);
    expect(classes).toBe(65_535);
    expect((await opened(parts.train)).labels).toEqual(Uint16Array.of(0, 300, 65_534));
  });

  test.each([
    ['below 0', idxBytes([3], int32([0, -1, 2]), 0x0c), 'label 1: found -1, expected 0 to 65534'],
    ['above 65,534', idxBytes([3], int32([0, 65_535, 2]), 0x0c), 'label 1: found 65535, expected 0 to 65534'],
    [
      'of several classes an image',
      idxBytes([3, 14], new Array(42).fill(0)),
      "dimension 1: found 14, expected 1 label for each image, or QMNIST's 8 numbers (int)",
    ],
    [
      'of floats',
      idxBytes([3], new Array(12).fill(0), 0x0d),
      'type: found 0x0d, expected 0x08 (unsigned byte) or 0x0c (int)',
    ],
    ['of three dimensions', IMAGES, 'rank: found 3, expected 1 or 2'],
    ['that are cut off', idxBytes([3], int32([0, 1]), 0x0c), 'length: found 16 bytes, expected 20 for dimensions 3'],
  ])('are refused if they are %s (exit 3)', async (_, labels, problem) => {
    const path = folderOf({ 'a-train-images-idx3-ubyte': IMAGES, 'a-train-labels-idx2-int': labels });
    await expect(readIdx(path)).rejects.toEqual(refusal(`${path}/a-train-labels-idx2-int: ${problem}`));
  });
});

describe('a fourth dimension', () => {
  test('is colour, also in images that are transposed', async () => {
    const pixels = Array.from({ length: 12 }, (_, index) => index);
    const path = folderOf({
      'train-images-idx4-ubyte': idxBytes([1, 2, 2, 3], pixels),
      'train-labels-idx1-ubyte': idxBytes([1], [0]),
    });
    const { images } = await opened((await readIdx(path)).parts.train);
    expect(images).toEqual({ kind: 'pixels', pixels: Uint8Array.from(pixels), height: 2, width: 2, channels: 3 });
    const turned = await opened((await readIdx(path, { transpose: true })).parts.train);
    expect([...turned.images.pixels]).toEqual([0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11]);
  });

  test('may be 1, and nothing else (exit 3)', async () => {
    const files = (channels: number) => ({
      'train-images-idx4-ubyte': idxBytes([1, 1, 2, channels], new Array(2 * channels).fill(7)),
      'train-labels-idx1-ubyte': idxBytes([1], [0]),
    });
    expect((await opened((await readIdx(folderOf(files(1)))).parts.train)).images.channels).toBe(1);
    const path = folderOf(files(4));
    await expect((await readIdx(path)).parts.train()).rejects.toEqual(
      refusal(`${path}/train-images-idx4-ubyte: dimension 3: found 4, expected 1 (grey) or 3 (colour)`),
    );
  });
});
