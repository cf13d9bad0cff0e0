/** Tests of bringing pictures into the shape that a network takes, against Pillow and torchvision. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { differences } from '../../../scripts/check-data/differences.ts';
import { UserError } from '../../../src/errors.ts';
import { preparePicture } from '../../../src/image/prepare/prepare-picture.ts';
import { unblockDecoders } from '../../support/decoders.ts';
import { tiff } from '../../support/tiff.ts';
import { contentPixels, expectedPixels, GOLDEN, type GoldenPicture, golden } from './golden.ts';

unblockDecoders();

const EQUAL = { mean: 0, most: 0 };
/** AVIF stores luma and two colours; the two libraries turn them into red, green and blue with other roundings. */
const AVIF = { mean: 0.5, most: 1 };

const picture = (name: string) => readFileSync(join(GOLDEN, name));
const labelOf = ({ picture: name, height, width, channels, fit }: GoldenPicture) =>
  `${name} as ${height} × ${width} × ${channels} by ${fit}`;

test.each(golden.pictures.map((each) => [labelOf(each), each] as const))('%s is as in Python', async (_, each) => {
  const { content, pixels } = await preparePicture(picture(each.picture), each.picture, each);
  const [left, top, width, height] = each.content;
  expect(content).toEqual({ left, top, width, height });
  const bounds = each.picture.endsWith('.avif') ? AVIF : EQUAL;
  const { mean, most } = differences(contentPixels(pixels, each, content), expectedPixels(each));
  expect(mean).toBeLessThanOrEqual(bounds.mean);
  expect(most).toBeLessThanOrEqual(bounds.most);
});

test('padding is 0 until it is filled', async () => {
  const white = await sharp({ create: { width: 6, height: 3, channels: 3, background: 'white' } })
    .png()
    .toBuffer();
  const { pixels, content } = await preparePicture(white, 'a', { height: 8, width: 6, channels: 1, fit: 'pad' });
  expect(content).toEqual({ left: 0, top: 2, width: 6, height: 3 });
  expect([...pixels]).toEqual([...Array(12).fill(0), ...Array(18).fill(255), ...Array(18).fill(0)]);
});

describe('a picture has colour', () => {
  const has = async (bytes: Buffer, side: number) =>
    (await preparePicture(bytes, 'a', { height: side, width: side, channels: 1, fit: 'stretch' })).hasColour;
  const grey = { create: { width: 64, height: 64, channels: 3, background: '#777777' } } as const;
  const dot = { input: { create: { width: 1, height: 1, channels: 3, background: '#787777' } } } as const;

  test.each([64, 8, 100])(
    'if one pixel of it does not look grey, also when it becomes %d pixels wide',
    async (side) => {
      expect(await has(await sharp(grey).composite([dot]).png().toBuffer(), side)).toBe(true);
    },
  );

  test('not if red, green and blue are equal everywhere', async () => {
    expect(await has(await sharp(grey).png().toBuffer(), 8)).toBe(false);
  });
});

test('red ink of a CMYK JPEG is 255, 0, 0, without the colour profile that sharp would take', async () => {
  const { pixels } = await preparePicture(picture('cmyk.tif'), 'a', { height: 22, width: 30, channels: 3, fit: 'pad' });
  expect([...pixels.subarray(0, 3), ...pixels.subarray(36, 39)]).toEqual([255, 0, 0, 0, 0, 255]);
});

test('only the kept part of a long strip is enlarged', async () => {
  const strip = await sharp({ create: { width: 30_000, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  // The whole strip would be 64 × 1,920,000 × 3 bytes.
  const { pixels } = await preparePicture(strip, 'a', { height: 64, width: 64, channels: 3, fit: 'crop' });
  expect([...pixels.subarray(-3)]).toEqual([255, 0, 0]);
});

describe('refuses (exit 3), in one line that names the picture,', () => {
  const to = { height: 8, width: 8, channels: 3, fit: 'pad' } as const;
  test.each<[string, () => Buffer, string]>([
    ['a text', () => Buffer.from('hello'), 'is text, not a picture; give PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM'],
    ['a cut JPEG', () => picture('colour-444.jpg').subarray(0, 900), 'is damaged or cut off; copy it again, or'],
    ['a cut PPM', () => picture('colour.ppm').subarray(0, 900), 'is damaged or cut off; copy it again, or'],
    ['a PPM without numbers', () => Buffer.from('P6\nmany'), 'is damaged or cut off; copy it again, or'],
    ['a PPM that says it is huge', () => Buffer.from('P6 99999 99999 255\n'), 'has more than 64 million pixels'],
    ['a TIFF of five channels', () => tiff({ 277: 5, 279: 80 }), 'is a TIFF of too many channels; save it as PNG'],
    ['a TIFF of fractions', () => tiff({ 258: 32, 279: 64, 339: 3 }), 'is a TIFF of float pixels; save it as PNG'],
  ])('%s', async (_, bytes, problem) => {
    const refused = preparePicture(bytes(), 'cat/1.png', to);
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toMatchObject({ code: 3, message: expect.stringMatching(`^cat/1.png: ${problem}`) });
  });

  test('a TIFF compressed by ZSTD, with its reason, though other pictures are read at the same time', async () => {
    const texts = new Set<string>();
    const zstd = async () => {
      const error: unknown = await preparePicture(tiff({ 259: 50000 }), 'a', to).catch((reason: unknown) => reason);
      texts.add(error instanceof UserError ? error.message : 'decoded');
    };
    const sound = () => preparePicture(picture('colour.png'), 'b', to);
    await Promise.all(Array.from({ length: 100 }, () => [zstd(), sound(), sound()]).flat());
    expect([...texts]).toEqual(['a: is a TIFF of a kind that cannot be read here; save it as PNG or JPEG']);
  });

  test('what a picture becomes when bytes of it change and its end is lost, or reads it', async () => {
    const all = ['colour.ppm', 'few-levels.ppm', 'cmyk.jpg', 'cmyk.tif', 'palette-transparent.png', 'alpha16.png'];
    const changes = fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { maxLength: 3 });
    const kept = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), changes, kept, async (name, places, fraction) => {
        const bytes = Buffer.from(picture(name).subarray(0, Math.ceil(fraction * picture(name).length)));
        for (const [at, value] of places) bytes[at % bytes.length] = value;
        const result = await preparePicture(bytes, 'a', to).catch((error: unknown) => error);
        if (!(result instanceof UserError)) return expect(result).toMatchObject({ pixels: expect.any(Uint8Array) });
        expect(result.code).toBe(3);
        expect(result.message).toMatch(/^a: (?:is|has) [^\n]{1,120}$/);
      }),
      { numRuns: 200 },
    );
  });
});
