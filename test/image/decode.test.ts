/** Tests of decoding picture files into grey pixels. */
import { describe, expect, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { decodeImage } from '../../src/image/decode.ts';
import { barPicture } from '../support/pictures.ts';

const SIDE = 40;
const raw = { width: SIDE, height: SIDE, channels: 4 } as const;
const bar = () => sharp(barPicture(SIDE, 255, 0), { raw }).removeAlpha();
const MIDDLE = 20 * SIDE + 20;

async function decode(picture: Sharp) {
  return decodeImage(await picture.toBuffer(), 'a picture');
}

describe('decodeImage', () => {
  test.each<[string, () => Sharp, number]>([
    ['a PNG', () => bar().png(), 0],
    ['a PNG of 16 bits', () => bar().toColourspace('rgb16').png(), 0],
    ['a grey PNG of 16 bits', () => bar().toColourspace('grey16').png(), 0],
    ['a PNG with a palette', () => bar().png({ palette: true, colours: 2 }), 0],
    ['an interlaced PNG', () => bar().png({ progressive: true }), 0],
    ['a JPEG', () => bar().jpeg({ quality: 95 }), 12],
    ['a CMYK JPEG', () => bar().toColourspace('cmyk').jpeg({ quality: 95 }), 40],
    ['a WebP', () => bar().webp({ lossless: true }), 0],
    ['a TIFF', () => bar().tiff(), 0],
    ['an AVIF', () => bar().avif({ quality: 90 }), 12],
    ['a GIF', () => bar().gif(), 0],
  ])('reads the grey levels of %s', async (_, picture, tolerance) => {
    const { pixels, height, width } = await decode(picture());
    expect([height, width]).toEqual([SIDE, SIDE]);
    expect(pixels[0]).toBeGreaterThanOrEqual(255 - tolerance);
    expect(pixels[MIDDLE]).toBeLessThanOrEqual(tolerance);
  });
});

test('a picture is rotated as its EXIF orientation says', async () => {
  const lying = await bar().resize(30, SIDE, { fit: 'fill' }).rotate(90).withMetadata({ orientation: 8 }).jpeg();
  const { height, width } = await decode(lying);
  expect([height, width]).toEqual([SIDE, 30]);
});

test('an animation is read as its first frame', async () => {
  const frames = Buffer.concat([barPicture(SIDE, 255, 0), barPicture(SIDE, 0, 255)]);
  const both = sharp(frames, { raw: { ...raw, height: 2 * SIDE, pageHeight: SIDE } });
  const { pixels, height } = await decode(both.gif({ delay: [100, 100] }));
  expect([height, pixels[0], pixels[MIDDLE]]).toEqual([SIDE, 255, 0]);
});

test('a large picture is reduced to 256 pixels, its aspect ratio kept', async () => {
  const { height, width } = await decode(bar().resize(3000, 2000, { fit: 'fill' }).jpeg());
  expect([height, width]).toEqual([171, 256]);
});
