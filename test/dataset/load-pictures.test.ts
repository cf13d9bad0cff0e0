/** Tests of loading data sets that people make themselves: their parts, names, twins and broken pictures. */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { hashTraining, type LoadHooks, loadDataset } from '../../src/dataset/load.ts';
import { imageOf } from '../../src/dataset/pixels.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
process.env.RESNET_CACHE = join(root, 'cache');

/** Writes a picture of one colour. */
async function picture(path: string, colour: readonly [number, number, number], width = 8, height = 8): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const [r, g, b] = colour;
  writeFileSync(
    path,
    await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
      .png()
      .toBuffer(),
  );
}

const hooks = () => {
  const notices: string[] = [];
  const steps: string[] = [];
  const seen: LoadHooks = { notice: (text) => notices.push(text), onProgress: ({ doing }) => steps.push(doing) };
  return { ...seen, notices, steps };
};

describe('a folder for each class', () => {
  const path = join(root, 'pets');
  beforeAll(async () => {
    await picture(join(path, 'cat', '1.png'), [200, 0, 0]);
    await picture(join(path, 'cat', '2.png'), [201, 0, 0]);
    await picture(join(path, 'ant', '1.png'), [0, 0, 100]);
    await picture(join(path, 'ant', '.hidden.png'), [0, 0, 100]);
  });

  test('gives images in colour, labels by the names’ order, and says what was left out', async () => {
    const seen = hooks();
    const { pixels, labels, nameOf, ...facts } = await loadDataset('train', { path }, seen);
    expect(facts).toMatchObject({
      ...{ count: 3, height: 8, width: 8, channels: 3, classes: 2, classNames: ['ant', 'cat'] },
      ...{ format: 'folder', source: path, lacksTest: true, givenValidation: 0, broken: [] },
    });
    expect([...labels]).toEqual([0, 1, 1]);
    expect([0, 1, 2].map((index) => nameOf?.(index))).toEqual(['ant/1.png', 'cat/1.png', 'cat/2.png']);
    expect([...pixels.subarray(0, 3), ...pixels.subarray(8 * 8 * 3, 8 * 8 * 3 + 3)]).toEqual([0, 0, 100, 200, 0, 0]);
    expect(seen.notices[0]).toMatch(/pets: left out: files whose names begin with a dot: 1$/);
    expect(seen.notices[1]).toMatch(
      /^the prepared images are kept for the next start in .+cache\/data, \d+ MB with those of other data$/,
    );
  });

  test('is decoded once: a second start reads the files, and takes the images from the cache', async () => {
    const seen = hooks();
    const again = await loadDataset('train', { path }, seen);
    expect(new Set(seen.steps)).toEqual(new Set(['reading']));
    expect([...(await imageOf(again, 1)).pixels.subarray(0, 3)]).toEqual([200, 0, 0]);
  });

  test('has a hash of pictures and names, whatever the order of the classes', async () => {
    const { sha256 } = await loadDataset('train', { path });
    expect((await hashTraining({ path })).sha256).toBe(sha256);
    expect((await hashTraining({ path, classNames: ['cat', 'ant'] })).sha256).toBe(sha256);
    expect((await loadDataset('train', { path, classNames: ['cat', 'ant'] })).labels).toEqual(Uint8Array.of(1, 0, 0));
    const renamed = join(root, 'renamed');
    renameSync(join(path, 'cat'), renamed);
    renameSync(renamed, join(path, 'kitten'));
    expect((await hashTraining({ path })).sha256).not.toBe(sha256);
    renameSync(join(path, 'kitten'), join(path, 'cat'));
  });

  test('becomes images of the wanted size and channels', async () => {
    const grey = await loadDataset('train', { path, size: { height: 4, width: 6 }, channels: 1 });
    expect(grey).toMatchObject({ height: 4, width: 6, channels: 1 });
    const [left, top, width, height] = grey.contents ?? [];
    expect([left, top, width, height]).toEqual([1, 0, 4, 4]);
    expect(grey.pixels[24 + 1]).toBe(60); // Pillow's grey of (200, 0, 0)
  });

  test('whose pictures are grey, though stored in colour, gives one channel', async () => {
    const plain = join(root, 'plain');
    await picture(join(plain, 'a', '1.png'), [7, 7, 7]);
    await picture(join(plain, 'b', '1.png'), [9, 9, 9]);
    expect(await loadDataset('train', { path: plain })).toMatchObject({ channels: 1, pixels: { 0: 7 } });
  });
});

describe('parts of the data’s own', () => {
  const path = join(root, 'parts');
  beforeAll(async () => {
    await picture(join(path, 'train', 'ant', '1.png'), [1, 0, 0], 20, 10);
    await picture(join(path, 'train', 'bee', '1.png'), [2, 0, 0]);
    await picture(join(path, 'train', 'bee', '2.png'), [2, 0, 0]);
    await picture(join(path, 'valid', 'bee', '1.png'), [3, 0, 0]);
    await picture(join(path, 'valid', 'bee', '2.png'), [2, 0, 0]);
    await picture(join(path, 'test', 'ant', '1.png'), [1, 0, 0], 20, 10);
  });

  test('are one data set: training images first, then those for validation, matched by name', async () => {
    const seen = hooks();
    const dataset = await loadDataset('train', { path }, seen);
    expect(seen.notices).toEqual([expect.stringMatching(/^the prepared images are kept/)]); // of both parts at once
    expect(dataset).toMatchObject({ count: 5, givenValidation: 2, lacksTest: false, height: 64, width: 64 });
    expect([...dataset.labels]).toEqual([0, 1, 1, 1, 1]);
    expect(dataset.nameOf?.(3)).toBe('valid/bee/1.png');
    expect([...(dataset.twins ?? [])]).toEqual([0, 1, 1, 3, 1]);
  });

  test('that share pictures are told', async () => {
    expect((await loadDataset('train', { path })).shared).toEqual([
      { parts: 'train and val', images: 2 },
      { parts: 'train and test', images: 1 },
    ]);
  });

  test('are opened alone: a test part has the size that the model reads', async () => {
    const usual = { size: { height: 32, width: 32 }, channels: 1 as const };
    const dataset = await loadDataset('test', { path, usual, isOwn: true });
    expect(dataset).toMatchObject({ isTestPart: true, count: 1, height: 32, width: 32, channels: 1 });
    expect([...dataset.labels]).toEqual([0]);
  });
});

describe('a picture that cannot be read', () => {
  const path = join(root, 'broken');
  beforeAll(async () => {
    for (const name of ['1', '2', '3']) await picture(join(path, 'a', `${name}.png`), [Number(name), 0, 0]);
    await picture(join(path, 'b', '1.png'), [9, 0, 0]);
    writeFileSync(join(path, 'a', '2.png'), 'no picture at all');
  });

  test('is named (exit 3)', async () => {
    await expect(loadDataset('train', { path })).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(/^a\/2\.png: /),
    });
  });

  test('is left out on demand, and told', async () => {
    const { labels, broken, nameOf, twins } = await loadDataset('train', { path, skipBroken: true });
    expect([...labels]).toEqual([0, 0, 1]);
    expect([0, 1, 2].map((index) => nameOf?.(index))).toEqual(['a/1.png', 'a/3.png', 'b/1.png']);
    expect([...(twins ?? [])]).toEqual([0, 1, 2]);
    expect(broken).toEqual([{ name: 'a/2.png', problem: expect.stringMatching(/^a\/2\.png: /) }]);
  });

  test('whose link leads nowhere is named, or left out on demand (exit 3)', async () => {
    const gone = join(root, 'gone');
    await picture(join(gone, 'a', '1.png'), [1, 0, 0]);
    await picture(join(gone, 'b', '1.png'), [2, 0, 0]);
    symlinkSync(join(root, 'nowhere.png'), join(gone, 'b', '2.png'));
    await expect(loadDataset('train', { path: gone })).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(/b\/2\.png: is a link to .+nowhere\.png, which does not exist/),
    });
    const { count, broken } = await loadDataset('train', { path: gone, skipBroken: true });
    expect([count, broken?.map(({ name }) => name)]).toEqual([2, ['b/2.png']]);
  });
});

test('more than 256 classes are read, each by its name', async () => {
  const path = join(root, 'many');
  for (let index = 0; index < 300; index++) {
    await picture(join(path, `class ${String(index).padStart(3, '0')}`, '1.png'), [index % 256, index >> 8, 0], 2, 2);
  }
  const { labels, classes } = await loadDataset('train', { path });
  expect(classes).toBe(300);
  expect(labels).toEqual(Uint16Array.from({ length: 300 }, (_, index) => index));
});

test('bare labels of the test part count for the number of classes, so that the model can be tested', async () => {
  const path = fileURLToPath(new URL('formats/files/keras.npz', import.meta.url)); // 1 to 5 to train on, 2 and 9 to test
  const { labels, classes } = await loadDataset('train', { path });
  expect([Math.max(...labels), classes]).toEqual([5, 10]);
});
