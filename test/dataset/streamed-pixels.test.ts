/** Images that memory does not hold: they are the same as those in memory, and a changed file is seen. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import type { Dataset } from '../../src/dataset/dataset.ts';
import { type DataChoice, loadDataset } from '../../src/dataset/load.ts';
import { imageOf, isInMemory, pieceOf, pixelBytesInMemory } from '../../src/dataset/pixels.ts';
import { backgroundOf, datasetWarnings } from '../../src/dataset/sense.ts';
import { fillAll, meanColour, measuredNormalisation } from '../../src/dataset/statistics.ts';
import { StreamedPixels } from '../../src/dataset/streamed-pixels.ts';
import { ExitCode } from '../../src/errors.ts';
import { RandomGenerator } from '../../src/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const cache = join(root, 'cache');
process.env.RESNET_CACHE = cache;
const generator = RandomGenerator.seeded(5, 'subset');

/** Writes a picture of noise. */
async function picture(path: string, channels: 1 | 3, width = 8, height = 8): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const pixels = Uint8Array.from({ length: width * height * channels }, () => generator.below(256));
  const image = sharp(pixels, { raw: { width, height, channels } });
  writeFileSync(path, await (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer());
}

/** Loads data in memory, and again with room for so many bytes of pixels, both decoded anew. */
async function both(choice: DataChoice & { readonly memoryBytes?: undefined }, memoryBytes: number) {
  rmSync(cache, { recursive: true, force: true });
  const notices: string[] = [];
  const streamed = await loadDataset('train', { ...choice, memoryBytes }, { notice: (text) => notices.push(text) });
  const fromCache = await loadDataset('train', { ...choice, memoryBytes });
  rmSync(cache, { recursive: true, force: true }); // what is open stays readable
  return { inMemory: await loadDataset('train', choice), streamed, fromCache, notices };
}

/** All pixels of a data set. */
async function pixelsOf(dataset: Dataset): Promise<Uint8Array> {
  return (await pieceOf(dataset, Int32Array.from(dataset.labels.keys()))).pixels;
}

/** A data set without its pixels and functions. */
function factsOf({ pixels: _, nameOf, digestOf, ...facts }: Dataset): object {
  const each = Array.from({ length: facts.count }, (__, index) => [nameOf?.(index), digestOf?.(index)]);
  return { ...facts, each };
}

describe('pictures of several shapes', () => {
  const path = join(root, 'shapes');
  const choice = { path, size: { height: 6, width: 6 }, skipBroken: true };
  beforeAll(async () => {
    for (let index = 0; index < 12; index++) {
      await picture(join(path, 'train', index % 2 ? 'ant' : 'bee', `${index}.png`), 3, 4 + index, 8);
    }
    for (let index = 0; index < 3; index++) await picture(join(path, 'val', 'ant', `${index}.png`), 3);
    writeFileSync(join(path, 'train', 'ant', '4.png'), 'no picture');
  });

  test.each([1, 12 * 108, 12 * 108 + 3 * 108 - 1])(
    'are the same with %i bytes of memory as without a limit',
    async (memoryBytes) => {
      const { inMemory, streamed, fromCache, notices } = await both(choice, memoryBytes);
      expect([isInMemory(inMemory), isInMemory(streamed), isInMemory(fromCache)]).toEqual([true, false, false]);
      expect(pixelBytesInMemory(streamed)).toBeLessThanOrEqual(memoryBytes);
      expect(notices.at(-1)).toMatch(
        /shapes: [12] KiB of images are read from the disk while they are used, as --data-memory is [12] KiB$/,
      );
      for (const each of [streamed, fromCache]) {
        expect(factsOf(each)).toEqual(factsOf(inMemory));
        expect(await pixelsOf(each)).toEqual(inMemory.pixels);
      }
    },
  );

  test('have the same figures, warnings and filled padding', async () => {
    const { inMemory, streamed } = await both(choice, 1);
    const some = Int32Array.of(0, 3, 7);
    expect(await measuredNormalisation(streamed, some)).toEqual(await measuredNormalisation(inMemory, some));
    const colour = await meanColour(streamed, some);
    expect(colour).toEqual(await meanColour(inMemory, some));
    expect(await backgroundOf(streamed)).toBe(await backgroundOf(inMemory));
    expect(await datasetWarnings(streamed)).toEqual(await datasetWarnings(inMemory));
    for (const each of [streamed, inMemory]) fillAll(each, colour);
    expect(await pixelsOf(streamed)).toEqual(inMemory.pixels);
    expect((await imageOf(streamed, 7)).pixels).toEqual((await imageOf(inMemory, 7)).pixels);
  });

  test('are gathered in any order, and again', async () => {
    const { inMemory, streamed } = await both(choice, 1);
    const indices = fc.array(fc.nat({ max: inMemory.count - 1 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(indices, async (wanted) => {
        const { pixels } = await pieceOf(streamed, Int32Array.from(wanted));
        expect(pixels).toEqual(
          Uint8Array.from(wanted.flatMap((index) => [...inMemory.pixels.subarray(108 * index, 108 * (index + 1))])),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('whose file was changed are an error that names it (exit 5), and it is made anew', async () => {
    const { inMemory } = await both(choice, 1);
    rmSync(cache, { recursive: true, force: true });
    const changed = await loadDataset('train', { ...choice, memoryBytes: 1 });
    const files = readdirSync(join(cache, 'data')).map((name) => join(cache, 'data', name));
    const path = files.toSorted((one, other) => statSync(other).size - statSync(one).size)[0]!;
    const bytes = readFileSync(path);
    bytes[60]! ^= 1;
    writeFileSync(path, bytes); // in place: the open file is the same
    await expect(pixelsOf(changed)).rejects.toMatchObject({
      code: ExitCode.io,
      message: expect.stringMatching(
        /\.images: image \d+ in it was changed since it was written; it is removed: start or resume again, which makes it anew$/,
      ),
    });
    expect(existsSync(path)).toBe(false);
    expect(await pixelsOf(await loadDataset('train', { ...choice, memoryBytes: 1 }))).toEqual(inMemory.pixels);
  });

  test('end in memory if they are few enough once their colours are known', async () => {
    const grey = join(root, 'grey');
    for (const index of [0, 1, 2, 3]) await picture(join(grey, 'a', `${index}.png`), 1);
    const { inMemory, streamed, fromCache } = await both({ path: grey }, 4 * 64);
    expect(inMemory.channels).toBe(1);
    expect([streamed, fromCache].map(isInMemory)).toEqual([true, true]);
    expect(streamed.pixels).toEqual(inMemory.pixels);
    const less = await both({ path: grey }, 4 * 64 - 1);
    expect([less.streamed, less.fromCache].map(isInMemory)).toEqual([false, false]);
    expect(await pixelsOf(less.streamed)).toEqual(inMemory.pixels);
  });
});

test('arrays are written to the cache as they are, those of IDX files too', async () => {
  const path = join(root, 'idx');
  mkdirSync(path);
  const pixels = Uint8Array.from({ length: 5 * 4 * 4 }, () => generator.below(256));
  writeFileSync(join(path, 'train-images-idx3-ubyte'), idxBytes([5, 4, 4], pixels));
  writeFileSync(join(path, 'train-labels-idx1-ubyte'), idxBytes([5], Uint8Array.of(0, 1, 2, 0, 1)));
  writeFileSync(join(path, 't10k-images-idx3-ubyte'), idxBytes([5, 4, 4], pixels));
  writeFileSync(join(path, 't10k-labels-idx1-ubyte'), idxBytes([5], Uint8Array.of(0, 1, 2, 0, 1)));
  const { inMemory, streamed, fromCache } = await both({ path }, 79);
  for (const each of [streamed, fromCache]) {
    expect(each.pixels).toBeInstanceOf(StreamedPixels);
    expect(factsOf(each)).toEqual(factsOf(inMemory));
    expect(await pixelsOf(each)).toEqual(pixels);
  }
});
