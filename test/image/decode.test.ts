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

describe('the pixels are the same', () => {
  test.each<[string, () => Sharp, number]>([
    ['in a PNG', () => bar().png(), 0],
    ['in one of 16 bits', () => bar().toColourspace('rgb16').png(), 0],
    ['in a grey one of 16 bits', () => bar().toColourspace('grey16').png(), 0],
    ['in one with a palette', () => bar().png({ palette: true, colours: 2 }), 0],
    ['in an interlaced one', () => bar().png({ progressive: true }), 0],
    ['in a JPEG', () => bar().jpeg({ quality: 95 }), 12],
    ['in a JPEG for printers', () => bar().toColourspace('cmyk').jpeg({ quality: 95 }), 40],
    ['in WebP', () => bar().webp({ lossless: true }), 0],
    ['in TIFF', () => bar().tiff(), 0],
    ['in AVIF', () => bar().avif({ quality: 90 }), 12],
    ['in GIF', () => bar().gif(), 0],
  ])('%s', async (_, picture, tolerance) => {
    const { pixels, height, width } = await decode(picture());
    expect([height, width]).toEqual([SIDE, SIDE]);
    expect(pixels[0]).toBeGreaterThanOrEqual(255 - tolerance);
    expect(pixels[MIDDLE]).toBeLessThanOrEqual(tolerance);
  });
});

test('a picture is turned as EXIF says', async () => {
  const lying = await bar().resize(30, SIDE, { fit: 'fill' }).rotate(90).withMetadata({ orientation: 8 }).jpeg();
  const { height, width } = await decode(lying);
  expect([height, width]).toEqual([SIDE, 30]);
});

test('of a moving picture the first frame counts', async () => {
  const frames = Buffer.concat([barPicture(SIDE, 255, 0), barPicture(SIDE, 0, 255)]);
  const both = sharp(frames, { raw: { ...raw, height: 2 * SIDE, pageHeight: SIDE } });
  const { pixels, height } = await decode(both.gif({ delay: [100, 100] }));
  expect([height, pixels[0], pixels[MIDDLE]]).toEqual([SIDE, 255, 0]);
});

test('a large picture is reduced, its aspect kept', async () => {
  const { height, width } = await decode(bar().resize(3000, 2000, { fit: 'fill' }).jpeg());
  expect([height, width]).toEqual([171, 256]);
});
