/** Tests of preparing the images of a part. */
import { describe, expect, test } from '@jest/globals';
import { prepareImages } from '../../../src/dataset/prepare/prepare-images.ts';
import { arrays, pictures, plain } from './parts.ts';

const strict = { skipBroken: false };
const lenient = { skipBroken: true };
const pad = { fit: 'pad' } as const;

const [red, grey, wide, large] = await Promise.all([
  plain('#ff0000'),
  plain('#808080'),
  plain('#ff0000', 3, 6),
  plain('#ff0000', 97, 97),
]);
const broken = red.subarray(0, 60);

describe('the size of pictures is', () => {
  test.each([
    ['their own if it is the same of all and at most 96 × 96', [red, red], [6, 6]],
    ['64 × 64 if they differ', [red, wide], [64, 64]],
    ['64 × 64 if they are larger', [large, large], [64, 64]],
  ] as const)('%s', async (_, files, size) => {
    const { height, width, pixels, channels } = await prepareImages(pictures(files), pad, strict);
    expect([height, width]).toEqual(size);
    expect(pixels).toHaveLength(files.length * height * width * channels);
  });

  test('the one that is wanted', async () => {
    const wanted = { ...pad, size: { height: 4, width: 5 } };
    expect(await prepareImages(pictures([red]), wanted, strict)).toMatchObject({ height: 4, width: 5 });
  });
});

describe('the channels of pictures are', () => {
  test.each([
    ['3 if one picture has colour', [grey, red], undefined, 3, true],
    ['1 if none has colour', [grey, grey], undefined, 1, false],
    ['1 if that is wanted', [grey, red], 1, 1, true],
    ['3 if that is wanted', [grey], 3, 3, false],
  ] as const)('%s', async (_, files, wanted, channels, hasColour) => {
    const images = await prepareImages(pictures(files), { ...pad, channels: wanted }, strict);
    expect(images).toMatchObject({ channels, hasColour });
    expect([...images.pixels.subarray(0, channels)]).toEqual(Array(channels).fill(128));
    expect(images.pixels).toHaveLength(files.length * 36 * channels);
  });
});

test('where each picture lies is told if one has padding', async () => {
  const wanted = { ...pad, size: { height: 6, width: 6 } };
  const { contents } = await prepareImages(pictures([red, wide]), wanted, strict);
  expect([...contents!]).toEqual([0, 0, 6, 6, 0, 2, 6, 3]);
  expect((await prepareImages(pictures([red, red]), wanted, strict)).contents).toBeUndefined();
});

describe('a picture that cannot be decoded', () => {
  test('is refused by its name, the first of several (exit 3)', async () => {
    const files = [...Array(20).fill(red), broken, broken, ...Array(20).fill(red)];
    const message = expect.stringMatching(/^cat\/20\.png: is damaged or cut off/);
    await expect(prepareImages(pictures(files), pad, strict)).rejects.toMatchObject({ code: 3, message });
  });

  test('is left out and named where broken ones are skipped, and so is one that cannot be read', async () => {
    const files = [broken, grey, undefined, red, wide];
    const wanted = { ...pad, size: { height: 6, width: 6 }, channels: 1 } as const;
    const images = await prepareImages(pictures(files), wanted, lenient);
    expect([...images.kept]).toEqual([1, 3, 4]);
    expect(images.broken).toEqual([
      { name: 'cat/0.png', problem: expect.stringMatching(/^cat\/0\.png: is damaged/) },
      { name: 'cat/2.png', problem: 'cat/2.png: cannot be read (EACCES)' },
    ]);
    expect([0, 36, 72 + 12].map((at) => images.pixels[at])).toEqual([128, 76, 76]);
    expect([images.pixels.length, ...images.contents!.subarray(8)]).toEqual([108, 0, 2, 6, 3]);
  });

  test('does not count for the size', async () => {
    expect(await prepareImages(pictures([broken, red, undefined]), pad, lenient)).toMatchObject({
      height: 6,
      width: 6,
    });
  });

  test('is refused where all are skipped (exit 3)', async () => {
    const message = expect.stringMatching(/^none of the 2 pictures can be read; the first: cat\/0\.png: is damaged/);
    await expect(prepareImages(pictures([broken, broken]), pad, lenient)).rejects.toMatchObject({ code: 3, message });
  });
});

describe('arrays', () => {
  const pixels = Uint8Array.from({ length: 2 * 6 * 5 }, (_, at) => at);

  test('that are as wanted are returned without a copy', async () => {
    const images = await prepareImages(arrays(pixels, { height: 6, width: 5, channels: 1 }), pad, strict);
    expect(images.pixels).toBe(pixels);
    expect(images).toMatchObject({ height: 6, width: 5, channels: 1, contents: undefined, hasColour: false });
  });

  test('are resized and get channels as is wanted', async () => {
    const wanted = { ...pad, size: { height: 12, width: 12 }, channels: 3 } as const;
    const images = await prepareImages(arrays(pixels, { height: 6, width: 5, channels: 1 }), wanted, strict);
    expect(images.pixels).toHaveLength(2 * 12 * 12 * 3);
    expect([...images.contents!]).toEqual([1, 0, 10, 12, 1, 0, 10, 12]);
    expect(images.pixels[3]).toBe(0);
    expect(images.pixels.at(-4)).toBe(59);
  });
});

test('progress is told after each image', async () => {
  const seen: string[] = [];
  const onProgress = (done: number, total: number) => seen.push(`${done}/${total}`);
  await prepareImages(pictures([red, red, red]), pad, { skipBroken: false, onProgress });
  expect(seen).toEqual(['1/3', '2/3', '3/3']);
});

test('a signal ends it with its reason', async () => {
  const controller = new AbortController();
  const stopping = { skipBroken: false, signal: controller.signal, onProgress: () => controller.abort('enough') };
  await expect(prepareImages(pictures(Array(50).fill(red)), pad, stopping)).rejects.toBe('enough');
});

test('more bytes than the limit are refused before they are allocated (exit 3)', async () => {
  const wanted = { ...pad, size: { height: 10, width: 10 } };
  await expect(prepareImages(pictures([red, red]), wanted, { ...strict, maxBytes: 599 })).rejects.toMatchObject({
    code: 3,
    message: '2 images of 10x10 pixels with 3 channels are 600 bytes, more than 599; choose a smaller size',
  });
  const beyondAllMachines = { ...pad, size: { height: 60_000, width: 60_000 } };
  await expect(prepareImages(pictures(Array(9999).fill(red)), beyondAllMachines, strict)).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(/^9999 images of 60000x60000 pixels with 3 channels are \d+ bytes, more than \d+;/),
  });
});
