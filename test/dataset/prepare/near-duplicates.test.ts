/** Tests of finding images that are nearly the same. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { joinHashes, nearDuplicates } from '../../../src/dataset/prepare/near-duplicates.ts';
import { pictureHashes } from '../../../src/dataset/prepare/picture-hash.ts';
import { prepareImages } from '../../../src/dataset/prepare/prepare-images.ts';
import { unblockDecoders } from '../../support/decoders.ts';
import { DIGITS } from '../../support/pictures.ts';
import { pictures, plain } from './parts.ts';

unblockDecoders();

/** Hashes of pictures that are prepared for 64 × 64. */
async function hashesOf(files: readonly Buffer[]) {
  const wanted = { size: { height: 64, width: 64 }, fit: 'pad' } as const;
  return pictureHashes(await prepareImages(pictures(files), wanted, { skipBroken: false }));
}

const digits = await Promise.all(
  Array.from({ length: 60 }, (_, index) => {
    const pixels = DIGITS.pixels.subarray(index * 784, (index + 1) * 784);
    return sharp(Buffer.from(pixels), { raw: { height: 28, width: 28, channels: 1 } })
      .png()
      .toBuffer();
  }),
);

describe('nearly all digits are found again', () => {
  test.each<[string, (picture: Sharp) => Sharp]>([
    ['as JPEG', (picture) => picture.jpeg({ quality: 75 })],
    ['as WebP', (picture) => picture.webp({ quality: 80 })],
    ['enlarged to 200 × 200', (picture) => picture.resize(200, 200)],
  ])('%s', async (_, change) => {
    const copies = await Promise.all(digits.map((digit) => change(sharp(digit)).toBuffer()));
    const { pairs } = nearDuplicates(joinHashes([await hashesOf(digits), await hashesOf(copies)]));
    const found = pairs.filter(([one, other]) => other === one + digits.length);
    expect(found.length).toBeGreaterThanOrEqual(0.9 * digits.length);
  });
});

test('different digits are no near duplicates', async () => {
  expect(nearDuplicates(await hashesOf(digits)).pairs).toEqual([]);
});

test('pictures of one colour are no near duplicates, of the same colour or of others', async () => {
  const files = await Promise.all(['black', '#010101', 'white', 'red', 'red'].map((colour) => plain(colour)));
  expect(nearDuplicates(await hashesOf(files)).pairs).toEqual([]);
});

test('padding does not count', async () => {
  const [digit] = digits;
  const { data, info } = await sharp(digit).resize(64, 40, { fit: 'fill' }).png().toBuffer({ resolveWithObject: true });
  const padded = await hashesOf([data]);
  const wanted = { size: { height: 64, width: 64 }, fit: 'stretch' } as const;
  const stretched = pictureHashes(await prepareImages(pictures([data]), wanted, { skipBroken: false }));
  expect(info.height).toBe(40);
  expect(nearDuplicates(joinHashes([padded, stretched])).pairs).toEqual([[0, 1]]);
});

test('images with the very same hash are paired with the first of them', async () => {
  const [one, other] = digits as [Buffer, Buffer];
  expect(nearDuplicates(await hashesOf([one, other, one, one])).pairs).toEqual([
    [0, 2],
    [0, 3],
  ]);
});

/** Images of random bits, with contrast and otherwise equal levels. */
function randomHashes(words: readonly number[]) {
  const count = words.length >> 1;
  const levels = new Uint8Array(72 * count).fill(100);
  for (let index = 0; index < count; index++) levels.set([0, 1 + (index % 4), 200, index & 255], 72 * index);
  return { bits: Uint32Array.from(words.slice(0, 2 * count)), levels };
}

test('every pair within three bits is found, whatever the bits, and none twice', () => {
  const few = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((bits) => bits & 0x01010103); // often near one another
  fc.assert(
    fc.property(fc.array(few, { minLength: 4, maxLength: 40 }), (words) => {
      const hashes = randomHashes(words);
      const ones = (bits: number) => [...(bits >>> 0).toString(2)].filter((bit) => bit === '1').length;
      const isNear = (one: number, other: number) =>
        ones(hashes.bits[2 * one]! ^ hashes.bits[2 * other]!) +
          ones(hashes.bits[2 * one + 1]! ^ hashes.bits[2 * other + 1]!) <=
        3;
      const all = Array.from({ length: hashes.bits.length / 2 }, (_, index) => index);
      const expected = all.flatMap((other) =>
        all
          .slice(0, other)
          .filter((one) => isNear(one, other))
          .map((one) => `${one} ${other}`),
      );
      const { pairs } = nearDuplicates(hashes, { maxDistance: 3 });
      expect(pairs.map((pair) => pair.join(' ')).toSorted()).toEqual(expected.toSorted());
    }),
  );
});

test('a search that reaches a limit says so', () => {
  const hashes = randomHashes(Array(40).fill(7));
  expect(nearDuplicates(hashes, { mostPairs: 10 })).toMatchObject({ pairs: { length: 10 }, isComplete: false });
  expect(nearDuplicates(hashes, { mostComparisons: 10 }).isComplete).toBe(false);
  expect(nearDuplicates(hashes)).toMatchObject({ pairs: { length: 190 }, isComplete: true });
});
